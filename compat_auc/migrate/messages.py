"""Find the section of the guide that is about an error text.

``messages.md`` holds an index of messages and the sections that they lead to. It is a chapter of the guide, too:
docs/make_rules.py copies it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from compat_auc.migrate import codes

CHAPTER = Path(__file__).with_name("messages.md")
# A message, and the link to its section: an anchor of the chapter, or the anchor of a code on the page of rules.
_ENTRY = re.compile(r"^- \[(.+)\]\((?:docs/rules\.md)?#([\w-]+)\)", re.MULTILINE)
_SECTION = re.compile(r"^### ([^\n]+)\n(.*?)(?=^### |\Z)", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"ca\d{3}(?=-)")
_ANY_TEXT = re.compile(r"\.{3}(?!\.)")
_SHORTEST_PART = 6
# Words that messages about anything share.
_COMMON = set("the and for from has not module object attribute cannot import name named argument keyword".split())


class Message(NamedTuple):
    """An entry of the index.

    Attributes:
        text: the message as the index writes it, in Markdown. "..." stands for any text.
        section: what the guide says about it. Its code is empty if it is a section of the chapter.
    """

    text: str
    section: codes.Section

    @property
    def parts(self) -> list[str]:
        """What a text must contain, in this order."""
        return [part for part in _ANY_TEXT.split(_plain(self.text)) if part.strip()]


def section_for(text: str, guess: bool = True) -> codes.Section | None:
    """The section about an error text, or None.

    Args:
        text: an error message, a whole traceback, or words about what is wrong. Of several messages in the text, the
            one with the longest entry in the index counts.
        guess: whether a section whose message only shares words with the text will do. Nobody asked ``run`` for one.

    >>> section_for("AttributeError: module 'tensorflow' has no attribute 'ConfigProto'").code
    'CA405'
    """
    plain = _plain(text)
    contained = [message for message in index() if re.search(_pattern(message), plain)]
    if contained:
        return max(contained, key=lambda message: len("".join(message.parts))).section
    if not guess:
        return None
    if len(plain) >= _SHORTEST_PART:
        sections = {message.section for message in index() if plain in _plain(message.text + message.section.heading)}
        if len(sections) == 1:
            return sections.pop()
    words = _words(plain)
    best = max(index(), key=lambda message: len(words & _words(_plain(message.text))))
    shared = len(words & _words(_plain(best.text)))
    return best.section if shared >= 2 and 2 * shared >= len(words) else None


@lru_cache(maxsize=None)
def index() -> tuple[Message, ...]:
    """All messages, in the order of the guide."""
    chapter = CHAPTER.read_text("utf-8")
    own = {anchor(heading): codes.Section("", heading, body.strip()) for heading, body in _SECTION.findall(chapter)}
    return tuple(Message(text, _section(target, own)) for text, target in _ENTRY.findall(chapter))


def anchor(heading: str) -> str:
    """The anchor that GitHub gives a heading.

    >>> anchor("`acc` and `accuracy`")
    'acc-and-accuracy'
    """
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _section(target: str, own: dict[str, codes.Section]) -> codes.Section:
    code = _CODE.match(target)
    return codes.sections()[code.group().upper()] if code else own[target]


def _plain(text: str) -> str:
    """Lower case, without quotes and the marks of Markdown, with single spaces and none after a colon."""
    return re.sub(r"[ \t]+|(?<=:)\s+", " ", re.sub("[`'\"]", "", text.lower())).replace(": ", ":").strip()


def _pattern(message: Message) -> str:
    # An entry that ends with a word ends there in the text, too: "auc" is not "auc_roc".
    end = "" if _plain(message.text).endswith("...") else r"(?!\w)"
    return r"[^\n]{0,300}?".join(map(re.escape, message.parts)) + end


def _words(plain: str) -> set[str]:
    return set(re.findall(r"\b(?!\w*error\b)[a-z_]{3,}|\d\.\d+", plain)) - _COMMON

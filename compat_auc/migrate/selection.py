"""Choose the findings by ``--select``, by ``--ignore`` and by ``# compat-auc: ignore[CA402]`` on a line.

CA506: an ignore that ignores nothing

```diff
 from keras.callbacks import ModelCheckpoint
 from keras.layers import Dense  # compat-auc: ignore[CA401]

 best = ModelCheckpoint("best.hdf5", save_best_only=True)  # compat-auc: ignore[CA403]
```

**Why.** `# compat-auc: ignore[CA403]` on the line that `check` prints keeps that line as it is. It holds for `migrate`,
`check` and `run`, in scripts and in the cells of notebooks. Write several codes as `ignore[CA402, CA403]`. Here the
first comment has nothing to ignore. Reported only.

**Not rewritten.** The comment. Remove it.
"""

from __future__ import annotations

import io
import re
import tokenize
from dataclasses import dataclass
from typing import Iterator

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import OF_THE_FILE, UNUSED

_COMMENT = re.compile(r"#\s*compat-auc:\s*ignore\b(?:\[(?P<codes>[^\]]*)\])?")


@dataclass(frozen=True)
class Choice:
    """The codes to look for and to leave out. Each is a whole code or the beginning of codes."""

    select: tuple[str, ...] = ("CA",)
    ignore: tuple[str, ...] = ()

    def __contains__(self, code: str) -> bool:
        return code.startswith(self.select) and not code.startswith(self.ignore)


EVERYTHING = Choice()


class Ignored:
    """The comments of one text that keep their line as it is. It remembers which of them were needed."""

    def __init__(self, text: str, choice: Choice) -> None:
        self._choice = choice
        self._codes: dict[int, list[str]] = {}
        self._columns: dict[int, int] = {}
        self._used: set[tuple[int, str]] = set()
        for line, column, codes in _comments(text) if "compat-auc:" in text else ():
            self._codes[line], self._columns[line] = codes, column

    def wants(self, finding: Finding) -> bool:
        """Whether a finding is chosen, and no comment on its line of the original text ignores it."""
        if finding.code not in self._choice:
            return False
        codes = [code for code in self._codes.get(finding.line, ()) if code == finding.code]
        self._used.update((finding.line, code) for code in codes)
        return not codes

    def unused(self) -> Iterator[Finding]:
        """Yield a finding for each comment that ignores nothing."""
        if UNUSED not in self._choice:
            return
        for line, codes in self._codes.items():
            idle = [code for code in codes if (line, code) not in self._used and code in self._choice]
            idle = [code for code in idle if code not in OF_THE_FILE]  # these are ignored before this text is made
            if idle or not codes:
                nothing = f"ignore[{', '.join(idle)}] ignores nothing. Remove the code."
                why = nothing if codes else "the comment names no code. Write ignore[CA402]."
                yield Finding(UNUSED, f"Not changed: {why}", 0).at(line, self._columns[line])


def _comments(text: str) -> Iterator[tuple[int, int, list[str]]]:
    """Yield line, column and codes of each comment that asks to ignore something."""
    for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
        comment = _COMMENT.match(token.string) if token.type == tokenize.COMMENT else None
        if comment:
            codes = [code.strip() for code in (comment["codes"] or "").split(",")]
            yield token.start[0], token.start[1] + 1, [code for code in codes if code]

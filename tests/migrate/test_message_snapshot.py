"""messages.txt is what compat-auc says today, and has every text of a finding."""

import re
import sys

import pytest

from tests.migrate import make_messages

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="it quotes errors of Python 3.11 and newer")


def test_the_snapshot_is_what_compat_auc_says():
    text = make_messages.SNAPSHOT.read_text("utf-8")
    assert make_messages.snapshot() == text, "run PYTHONPATH=. python tests/migrate/make_messages.py, and read the diff"


def test_every_text_of_a_finding_is_in_the_snapshot():
    text = make_messages.SNAPSHOT.read_text("utf-8")
    unseen = {name for name, pattern in make_messages.templates() if not re.search(pattern, text)}
    known = {name for name in unseen if name.startswith(tuple(make_messages.UNREACHED))}
    assert unseen - known == set(), "write an example into message_examples.txt"
    unused = [start for start in make_messages.UNREACHED if not any(name.startswith(start) for name in known)]
    assert unused == []


def test_a_finding_is_a_sentence():
    """It begins with a capital or a name, and ends with a full stop."""
    for _, message in make_messages.findings():
        assert message.endswith(".") and "; " not in message, message
        assert re.match(r"Not changed: |[A-Z`']|\S*[._=(]|\w+ is now ", message), message

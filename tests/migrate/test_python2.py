"""Python 2 goes to Python 3 and to the new Keras in one step, with the lines of the file."""

import pytest

from compat_auc.migrate.documents import pipeline

OLD = b"""\
# the old days
from keras.utils import np_utils
import urllib2

d = {}
for k, v in d.iteritems():
\tprint "%s: %d" % (k, v)
        print >>log, k
for i in xrange(10):
    half = i / 2
    exact = i / 2.0
    half /= n
name = raw_input("name? ")
y = np_utils.to_categorical(map(int, d.keys()))
if n <> 3 or d.has_key(n):
    raise ValueError, u"three"
"""
NEW = b"""\
# the old days
from keras import utils as np_utils
import urllib.request, urllib.error, urllib.parse

d = {}
for k, v in d.items():
        print("%s: %d" % (k, v))
        print(k, file=log)
for i in range(10):
    half = i / 2
    exact = i / 2.0
    half /= n
name = input("name? ")
y = np_utils.to_categorical(list(map(int, list(d.keys()))))
if n != 3 or n in d:
    raise ValueError("three")
"""


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
@pytest.mark.parametrize("end", [b"", b"x = 1"])
def test_both_steps_are_one(newline, end):
    old, new = ((text + end).replace(b"\n", newline) for text in (OLD, NEW))
    outcome = pipeline.process("old.py", old, "keras3")
    assert outcome.error == ""
    assert outcome.new.encode() == new
    found = [(one.line, one.code) for one in outcome.findings]
    assert found == [(2, "CA401"), (3, "CA501"), (10, "CA502"), (12, "CA502")]


def test_true_division_is_not_reported():
    outcome = pipeline.process("old.py", b"from __future__ import division\nimport keras\nprint 1 / n\n", "keras3")
    assert [one.code for one in outcome.findings] == ["CA501"]


def test_lines_stay_those_of_the_file_where_the_number_changes():
    old = b"import keras\nfrom itertools import imap\nprint 1\nx = keras.utils.np_utils.normalize(imap(f, y))\n"
    outcome = pipeline.process("old.py", old, "keras3")
    assert b"utils.normalize(map(f, y))" in outcome.new.encode()
    assert [one.line for one in outcome.findings if one.code == "CA401"] == [4]


def test_a_function_with_a_tuple_among_its_parameters_gets_a_line():
    old = b"import keras\ndef f(a, (b, c)):\n    print a\n    return b / c\nx = keras.utils.np_utils.normalize(y)\n"
    outcome = pipeline.process("old.py", old, "keras3")
    assert [(one.code, one.line) for one in outcome.findings] == [("CA501", 2), ("CA502", 4), ("CA401", 5)]
    assert outcome.new.splitlines()[3:] == ["    print(a)", "    return b / c", "x = keras.utils.normalize(y)"]


def test_a_quotient_of_a_product_with_a_float_is_not_reported():
    old = b"import keras\nprint 1\nx = 1.0 * a / b\ny = -1.0 * a / b\nz = 2 * a / b\n"
    outcome = pipeline.process("old.py", old, "keras3")
    assert [(one.code, one.line) for one in outcome.findings] == [("CA501", 2), ("CA502", 5)]


def test_ipython_in_python_2():
    outcome = pipeline.process("old.py", b"%matplotlib inline\nprint 'x'\n!ls\n", "keras3")
    assert outcome.new == "%matplotlib inline\nprint('x')\n!ls\n"


@pytest.mark.parametrize("line", ["print 'loss = %f' % x", "print a, 'b = !c'", "print 'what?'", "exec 'x = %d' % 1"])
def test_lines_that_only_look_like_ipython_s(line):
    outcome = pipeline.process("old.py", f"{line}\n%matplotlib inline\n".encode(), "keras3")
    assert outcome.new.startswith(f"{line.split()[0]}(") and outcome.new.endswith("\n%matplotlib inline\n")


# The second is Python 2 up to a word that Python 3 keeps for itself.
@pytest.mark.parametrize("last", [b"f(", b"x.cuda(async=True)"])
def test_what_never_becomes_python_3_is_an_error_at_its_line(last):
    outcome = pipeline.process("old.py", b"import keras\nprint 1\n" + last + b"\n", "keras3")
    assert (outcome.error_line, outcome.changed) == (2, False)
    assert outcome.error.startswith("not Python 3")


def test_tabs_that_no_python_reads_come_with_advice():
    outcome = pipeline.process("old.py", b"if x:\n\ty = 1\n        match y:\n            case 1: pass\n", "keras3")
    assert outcome.error_line == 3
    assert "inconsistent use of tabs and spaces in indentation; `expand -i -t 8` writes spaces" in outcome.error


@pytest.mark.parametrize(
    "text", [b"if x:\n\ty = 1\nif z:\n    w = 2\n", b"if x:\n    if y:\n    \tz = 1\n    \tw = 2\n"]
)
def test_tabs_and_spaces_that_python_3_takes(text):
    old = b"import keras\n" + text + b"v = keras.utils.np_utils.normalize(w)\n"
    assert pipeline.process("old.py", old, "keras3").new.encode() == old.replace(b"np_utils.", b"")

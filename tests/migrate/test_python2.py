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
from keras.utils import to_categorical
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
y = to_categorical(list(map(int, list(d.keys()))))
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
    assert outcome.error.startswith("Not Python 3")


def test_tabs_that_no_python_reads_come_with_advice():
    outcome = pipeline.process("old.py", b"if x:\n\ty = 1\n        match y:\n            case 1: pass\n", "keras3")
    assert outcome.error_line == 3
    assert "inconsistent use of tabs and spaces in indentation. `expand -i -t 8` writes spaces" in outcome.error


@pytest.mark.parametrize(
    "text", [b"if x:\n\ty = 1\nif z:\n    w = 2\n", b"if x:\n    if y:\n    \tz = 1\n    \tw = 2\n"]
)
def test_tabs_and_spaces_that_python_3_takes(text):
    old = b"import keras\n" + text + b"v = keras.utils.np_utils.normalize(w)\n"
    assert pipeline.process("old.py", old, "keras3").new.encode() == old.replace(b"np_utils.", b"")


HEAD = "import math\nimport numpy as np\nfrom keras import backend as K\nfrom sklearn.metrics import roc_auc_score\n"
HEAD += "print 'old'\n"


def divisions(code):
    outcome = pipeline.process("old.py", (HEAD + code).encode(), "keras3")
    assert not outcome.error
    return [finding.line - HEAD.count("\n") for finding in outcome.findings if finding.code == "CA502"]


@pytest.mark.parametrize(
    "code",
    [
        "total = 0.0\nfor x in data:\n    total += x\nprint total / n\n",
        "total = 0\nfor x in data:\n    total += 0.5 * x\nprint total / n\n",
        "print np.mean(x) / n, x.mean() / n, n / x.std()\n",
        "w = np.zeros((3, 4))\nv = w.T[1:] / n\nw /= w.sum(axis=0)\n",
        "x = x.astype('float32')\nx /= 255\n",
        "x = np.array([1, 2.0, 3])\ny = x / n\n",
        "x = np.array(data, dtype=np.float32)\ny = x.reshape(3, 1) / n\n",
        "def f(t, p):\n    return K.sum(t * p) / (K.sum(t) + K.epsilon())\n",
        "def f(x, eps=1e-7):\n    return n / (x + eps)\n",
        "def half(n):\n    return 0.5 * n\nprint half(3) / n\n",
        "class M:\n  def __init__(self):\n    self.total = 0.0\n  def mean(self, n):\n    return self.total / n\n",
        "print math.sqrt(n) / m, math.pi / n, roc_auc_score(t, p) / n\n",
        "a, b = 1.0, 2\nprint a / n\n",
        "scores = [0.5, 0.7]\nprint sum(scores) / len(scores)\n",
        "x = 1.0\nfor i in range(3):\n    x = x * 2\n    y = x / 3\n",
        "p = model.predict(x)\nq = p[:, 1] / n\n",
        "x = K.cast(x, 'float32') / n\n",
    ],
)
def test_a_quotient_of_floats_is_not_reported(code):
    assert divisions(code) == []


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("half = n / 2\n", [1]),
        ("total = 0\nfor x in data:\n    total += x\nprint total / n\n", [4]),
        ("total = 0.0\ntotal = len(data)\nprint total / n\n", [3]),
        ("def f(total):\n    return total / 2\ntotal = 0.5\n", [2]),
        ("total = 0.5\ndef f():\n    total = 3\n    return total / 2\n", [4]),
        ("x = np.array([1, 2, 3])\ny = x / n\n", [2]),
        ("x = np.zeros(3, dtype=int)\ny = x / n\n", [2]),
        ("x = np.zeros(3).astype(int)\ny = x / n\n", [2]),
        ("x = np.zeros(3)\ny = x.shape[0] / 2, len(x) / 2, x.argmax() / 2\n", [2, 2, 2]),
        ("n = K.shape(x)[0] / 2\nm = K.int_shape(x)[1] / 2\n", [1, 2]),
        ("for n in (1.0, 2):\n    print n / 2\n", [2]),
        ("a, b = 1.0, 2\nprint b / n\n", [2]),
        ("def third(n):\n    return n\nprint third(3) / 2\n", [3]),
        ("x = 1\nx = x * 2\nprint x / 3\n", [3]),
        ("print K.argmax(p) / 2\n", [1]),
        ("print np.sum([1, 2]) / n\n", [1]),
        ("def mean(n):\n    return 1\nprint mean(3) / 2\n", [3]),
    ],
)
def test_a_quotient_that_may_be_of_integers_is_reported(code, lines):
    assert divisions(code) == lines


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('print ("a" + str(1))', 'print ("a" + str(1))'),
        ('print ("a %s" % 3)', 'print ("a %s" % 3)'),
        ("print (f(1, 2))", "print (f(1, 2))"),
        ("print (1, 2)", "print((1, 2))"),
        ('print ("a"), 3', 'print(("a"), 3)'),
        ('print ("a %s") % 3', 'print(("a %s") % 3)'),
        ("print (x for x in y)", "print((x for x in y))"),
        ("print (a)(b)", "print((a)(b))"),
        ("print", "print()"),
        ("print (a),", "print((a), end=' ')"),
    ],
)
def test_a_print_that_is_a_call_already_stays(old, new):
    outcome = pipeline.process("old.py", f"print 'old'\n{old}\n".encode(), "keras3")
    assert outcome.new == f"print('old')\n{new}\n"

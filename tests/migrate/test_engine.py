"""How edits are put together: in rounds, in a fixed place, among other statements; and errors of the tool itself."""

import re

import pytest

from compat_auc.migrate import Edit, Finding, engine, migrate_source
from compat_auc.migrate.edits import apply_edits, compatible

HEAD = """\
import tensorflow as tf
from keras.models import Sequential
"""


def right(source):
    """A rule that renames y to z, beside rules with a fault."""
    start = source.text.find("y")
    if start >= 0:
        yield Finding("CA001", "y is z now", start, (Edit(start, start + 1, "z", "y"),))


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (Edit(4, 5, "+ +", "1"), "would not be Python"),
        (Edit(4, 5, "f(a=1, a=1)", "1"), "would not compile \\(keyword argument repeated: a\\)"),
        (Edit(4, 5, "name", "1"), "would not define `name`"),
        (Edit(0, 1, "w", "y"), "would lose 'x', which stands where 'y' was expected"),
        (Edit(0, 0, "# "), "would change code outside of the edits: .*"),
    ],
)
def test_a_rewrite_with_a_fault_costs_its_own_finding(edit, reason, monkeypatch):
    def broken(source):
        yield Finding("CA000", "a rule with a fault", 0, (edit,))

    monkeypatch.setattr(engine, "STAGES", ((broken, right),))
    migration = migrate_source("x = 1\ny = 2\n")
    assert migration.code == "x = 1\nz = 2\n"
    assert [(finding.line, finding.fixable) for finding in migration.findings] == [(1, False), (2, True)]
    assert migration.findings[1].column == 1
    message = f"Not changed: the result {reason}.*. Do this by hand: a rule with a fault"
    assert re.fullmatch(message, migration.findings[0].message, re.DOTALL)


@pytest.mark.parametrize("message", ["a rule with a fault", "a rule with a fault and {} characters"])
def test_a_rule_that_does_not_come_to_rest_costs_its_own_finding(message, monkeypatch):
    def restless(source):
        yield Finding("CA000", message.format(len(source.text)), 0, (Edit(0, 0, "x = 1\n"),))

    monkeypatch.setattr(engine, "STAGES", ((right, restless),))
    migration = migrate_source("y = 2\n")
    assert migration.code == "z = 2\n"
    assert migration.findings[0].message.startswith("Not changed: the result would need the same rewrite again")
    assert migration.findings[-1].message == "y is z now"


def test_a_line_break_with_a_fault_is_left_out(monkeypatch):
    monkeypatch.setattr(engine.layout, "breaks", lambda source: [Edit(0, 1, "(", "x")])
    assert migrate_source("x = 1\n").code == "x = 1\n"


def test_of_two_edits_at_a_place_the_first_finding_wins():
    first, second, below = (
        Finding("CA000", text, start, (Edit(start, start, text),)) for text, start in (("a", 0), ("b", 0), ("c", 2))
    )
    assert compatible([first, second, below]) == [first, below]
    with pytest.raises(ValueError, match="edits overlap at character 1"):
        apply_edits("xyz", [Edit(0, 2, ""), Edit(1, 3, "")])


@pytest.mark.parametrize(
    ("first", "left"),
    [("@property\ndef f(self):\n    return 1\n", True), ("\n# The metric.\n", False)],
    ids=["decorators", "comment"],
)
def test_imports_above_the_first_statement(first, left):
    """The file's own imports stand below functions."""
    old = (
        "def auc(y_true, y_pred):\n    return tf.metrics.auc(y_true, y_pred)[1]\n\n"
        "import tensorflow as tf\nfrom keras.models import Sequential\n"
    )
    use = 'Sequential().compile("sgd", "mse", metrics=[{}])\n'
    new = "from keras.models import Sequential\n"
    line = "from compat_auc import auc_roc\n"
    code = migrate_source(first + old + use.format("auc")).code
    assert code == (line + "\n\n" + first + "\n" if left else "\n" + line) + new + use.format('auc_roc(name="auc")')


def test_each_line_of_the_result_comes_from_a_line_of_the_old_text():
    metric = "def auc(t, p):\n    return tf.metrics.auc(t, p)[1]\n"
    migration = migrate_source(f"{HEAD}{metric}print(1)\nSequential().compile('a', 'b', metrics=[auc])\nprint(2)\n")
    old, new = migration.old.split("\n"), migration.code.split("\n")
    assert "print(1)" in new and len(new) == len(migration.origins) < len(old)
    assert [old[origin - 1] for line, origin in zip(new, migration.origins) if line in old] == [
        line for line in new if line in old
    ]


def test_a_name_with_quotes_and_backslashes_is_kept():
    code = (
        HEAD
        + """
def auc(y_true, y_pred):
    return tf.metrics.auc(y_true, y_pred)[1]
auc.__name__ = 'the "best" \\\\ auc'
Sequential().compile("sgd", "mse", metrics=[auc])
"""
    )
    assert 'metrics=[auc_roc(name="the \\"best\\" \\\\ auc")]' in migrate_source(code).code


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("first = 1; auc.__name__ = 'roc'", "first = 1"),
        ("auc.__name__ = 'roc'; last = 2", "last = 2"),
        ("auc.__name__ = 'roc';", "pass;"),
        ("if first: auc.__name__ = 'roc'", "if first: pass"),
    ],
)
def test_a_statement_goes_from_among_others(old, new):
    metric = "def auc(y_true, y_pred):\n    return tf.metrics.auc(y_true, y_pred)[1]\n"
    use = 'Sequential().compile("sgd", "mse", metrics=[{}])\n'
    code = migrate_source(f"{HEAD}{metric}{old}\n{use.format('auc')}").code
    assert code.endswith(f"\n{new}\n" + use.format('auc_roc(name="roc")')) and "def auc" not in code


def test_a_decorated_metric_that_other_files_import_is_replaced_with_its_decorator():
    code = """
from keras.models import Sequential
import functools
import tensorflow as tf

def as_keras_metric(method):
    @functools.wraps(method)
    def wrapper(*args):
        return method(*args)[1]
    return wrapper

@as_keras_metric
def auc(y_true, y_pred):
    return tf.metrics.auc(y_true, y_pred)

Sequential().compile("sgd", "mse", metrics=[auc])
"""
    expected = """
from keras.models import Sequential
from compat_auc import auc_roc

auc = auc_roc(name="auc")


Sequential().compile("sgd", "mse", metrics=[auc_roc(name="auc")])
"""
    assert migrate_source(code, exported=frozenset({"auc"})).code == expected


def test_a_metric_in_a_block_of_its_own_that_other_files_import():
    old = "if tf.__version__:\n    def auc(y_true, y_pred):\n        return tf.metrics.auc(y_true, y_pred)[1]\n"
    code = migrate_source(HEAD + old, exported=frozenset({"auc"})).code
    assert code.endswith('\nif tf.__version__:\n    auc = auc_roc(name="auc")\n')


def test_a_finding_is_silenced_only_by_one_about_the_same_characters():
    findings = migrate_source(
        "from keras.layers import LSTM\n"
        "from keras.models import Sequential\n"
        "from keras.optimizers import Adam\n"
        "model = Sequential([LSTM(4)])\n"
        'model.load_weights("weights.h5")\n'
        "print(Adam().weights)\n"
    ).findings
    assert [finding.line for finding in findings if "Adam has no attribute `weights`" in finding.message] == [6]


IMPORTED = {
    # Below a docstring, but not below another text.
    '"""Doc."""\nx = 10\n': ("import keras", '"""Doc."""\nimport keras\nx = 11\n'),
    "x = 10\n'text'\n": ("import keras", "import keras\nx = 11\n'text'\n"),
    # Beside the imports of the same package, in a block that is not sorted.
    "import sys\nfrom keras.layers import Dense\nimport os\nx = 10\n": (
        "from keras.metrics import AUC",
        "import sys\nfrom keras.layers import Dense\nfrom keras.metrics import AUC\nimport os\nx = 11\n",
    ),
    "import sys\nimport os\nx = 10\n": ("import keras", "import sys\nimport os\nimport keras\nx = 11\n"),
    "import keras\nimport os\nfrom abc import ABC\nx = 10\n": (
        "from math import pi",
        "import keras\nimport os\nfrom abc import ABC\nfrom math import pi\nx = 11\n",
    ),
    "from abc import ABC\nfrom sys import path\nx = 10\n": (
        "from math import pi",
        "from abc import ABC\nfrom math import pi\nfrom sys import path\nx = 11\n",
    ),
    # In the first block of imports: above what may not run, also if that stands above all imports.
    "import os\nif os:\n    y = 1\nimport sys\nx = 10\n": (
        "import keras",
        "import os\nimport keras\nif os:\n    y = 1\nimport sys\nx = 11\n",
    ),
    "if x:\n    y = 1\nimport sys\nx = 10\n": ("import keras", "if x:\n    y = 1\nimport sys\nimport keras\nx = 11\n"),
    # Below a last line without its end.
    "import b10": ("import keras", "import b11\nimport keras\n"),
    "import os\r\nx = 10": ("import keras", "import os\r\nimport keras\r\nx = 11"),
    # Several.
    "y = 10\n": (
        "import keras; import abc; from math import pi; from math import e",
        "import keras\nimport abc\nfrom math import e, pi\ny = 11\n",
    ),
    # Not twice, whichever home of the name the file has.
    "from keras.layers import Convolution2D as C\nx = 10\n": (
        "from keras.layers import Conv2D as C",
        "from keras.layers import Convolution2D as C\nx = 11\n",
    ),
    "from keras.layers import Dense as D\nx = 10\n": (
        "from keras.layers import Dense",
        "from keras.layers import Dense as D\nfrom keras.layers import Dense\nx = 11\n",
    ),
}


@pytest.mark.parametrize("old", IMPORTED)
def test_where_an_import_goes(old, monkeypatch):
    lines, new = IMPORTED[old]

    def needs_an_import(source):
        start = source.text.find("10")
        if start >= 0:
            yield Finding(
                "CA000", "10 is 11 now", start, (Edit(start, start + 2, "11", "10"),), tuple(lines.split("; "))
            )

    monkeypatch.setattr(engine, "STAGES", ((needs_an_import,),))
    assert migrate_source(old).code == new

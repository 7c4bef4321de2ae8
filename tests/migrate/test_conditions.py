"""The conditions that every result must keep, each with results that break it; and the faults that they caught."""

import pytest

from compat_auc.migrate import conditions, engine, migrate_source
from compat_auc.migrate.conditions import misplaced, not_bound, not_compiled, unbound, wrong_tokens
from compat_auc.migrate.documents import pipeline
from compat_auc.migrate.edits import Cut, Edit, apply_edits
from compat_auc.migrate.rules import RULES
from tests.migrate import mutants

TARGETS = ("keras3", "tf_keras")


def edited(text, *edits):
    """The complaints about the tokens of the edited text."""
    return list(wrong_tokens(Cut.of(text), apply_edits(text, list(edits))[0], sorted(edits)))


def test_an_edit_names_the_text_that_it_replaces():
    text = "import keras\n"
    assert list(misplaced(text, [Edit(7, 12, "tf_keras", "keras"), Edit(0, 0, "# first\n")])) == []
    assert list(misplaced(text, [Edit(6, 11, "tf_keras", "keras")])) == [
        "would lose ' kera', which stands where 'keras' was expected"
    ]
    assert list(misplaced(text, [Edit(0, 12, "pass", text[:-1]), Edit(7, 12, "x", "keras")])) == [
        "would need two edits of 'keras' at once"
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_tokens_outside_of_the_edits_stay(newline):
    text = newline.join(["x = f(a, 'b')  # why", "if x:", "\ty = [", "\t\t1]; z = 2", ""])
    start = text.index("a,")
    assert edited(text, Edit(start, start + 1, "a, *a", "a")) == []
    assert edited(text, Edit(start + 5, start + 5, "B")) == [], "a string may change in part"
    assert edited(text, Edit(start - 1, start + 1, "a", "(a")) != []
    assert edited(text, Edit(start, start + 1, "a  #", "a")) != []
    assert edited(text, Edit(len(text) - 1, len(text) - 1, "0")) != []
    assert edited(text, Edit(text.index("if"), text.index("if"), '"""')) != []


def test_a_shifted_edit_cuts_a_token():
    assert edited("import keras\nx = 1\n", Edit(6, 11, "keras", " kera")) == [
        "would change code outside of the edits: 'import'"
    ]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("f(b=1, a=2)\n", "f(a=1, a=2)\n", "keyword argument repeated: a"),
        ("from __future__ import division\nx = 1\n", "y = 1\nfrom __future__ import division\nx = 1\n", "beginning"),
        ("def f():\n    return 1\n", "return 1\n", "'return' outside function"),
        ("f(a=1, a=2)\n", "g(a=1, a=2)\n", None),
        ("x = await f()\n", "x = await g()\n", None),
    ],
)
def test_a_result_compiles(old, new, reason):
    complaints = list(not_compiled(Cut.of(old), Cut.of(new)))
    assert len(complaints) == (reason is not None)
    assert all(reason in complaint for complaint in complaints)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("x = 1\nprint(x)\n", {}),
        ("print(x)\nx = 1\n", {"x": True}),
        ("print(x)\n", {"x": False}),
        ("def f():\n    return x\nf()\n", {"x": False}),
        ("def f():\n    return x\nf()\nx = 1\n", {"x": True}),
        ("def f(n):\n    return f(n - 1) if n else 0\nf(3)\n", {}),
        ("def f():\n    global x\n    x = 1\nf()\nprint(x)\n", {}),
        ("class A:\n    y = 1\n    z = [y for _ in range(y)] if not y else y\n", {"y": False}),
        ("class A:\n    def f(self):\n        return A\n", {}),
        ("x = 1\ndel x\ndel y\n", {"y": False}),
        ("try:\n    import a\nexcept ImportError as error:\n    print(error)\n    a = None\nprint(a)\n", {}),
        ("for i in range(3):\n    print(i)\nelse:\n    print(i)\n", {}),
        ("print([i for i in range(3)], i)\n", {"i": False}),
        ("if (n := 3) > 2:\n    print(n)\n", {}),
        ("x += 1\n", {"x": True}),
        ("import a.b as c, d.e\nprint(c, d)\nprint(a)\n", {"a": False}),
        ("@wrap\ndef f(x=default): pass\n", {"wrap": False, "default": False}),
        ("with open('f') as file:\n    print(file)\n", {}),
    ],
)
def test_names_that_are_read_without_a_binding(text, names):
    """CPython agrees wherever the code runs: it raises a NameError exactly for these."""
    assert unbound(Cut.of(text)) == names


def test_only_new_faults_of_names_count():
    def complaints(old, new):
        return list(not_bound(Cut.of(old), Cut.of(new)))

    assert complaints("print(x)\nimport x\n", "print(x, 1)\nimport x\n") == []
    assert complaints("import x\nprint(x)\n", "print(x)\nimport x\n") == ["would use `x` above the line that binds it"]
    assert complaints("import x\nprint(x)\n", "print(x)\n") == ["would not define `x`"]


OF_CUT = "# top\nimport a\n\n@b\ndef f():\n    pass\n# above\nx = 1; y = 2\nif x:\n    z = [\n0]\n# last\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("new", ["", "\n", "x = 1\n", "x = 1", "# y\n", "import b\nimport c\n", "@c\n", "("])
def test_an_edited_text_is_cut_as_if_it_were_read_whole(new, newline):
    cut = Cut.of(OF_CUT.replace("\n", newline))
    for start in range(len(cut.text) + 1):
        for end in (start, min(start + 9, len(cut.text))):
            edits = [Edit(start, end, new.replace("\n", newline)), Edit(len(cut.text), len(cut.text), "w = 3")]
            try:
                part = cut.edited(edits)
            except SyntaxError:
                part = None
            try:
                whole = Cut.of(apply_edits(cut.text, edits)[0])
            except SyntaxError:
                whole = None
            assert part == whole


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("import keras\n\x0cmodel.fit(x, y, nb_epoch=3)\n", "model.fit(x, y, epochs=3)"),
        ("import keras\n\x0cx = keras.utils.np_utils.to_categorical(y)\n", "x = keras.utils.to_categorical(y)"),
        ("\\\nimport keras\nkeras.layers.Dense(output_dim=3)\n", "keras.layers.Dense(units=3)"),
        ("import keras\nif x:\n    \x0c    \\\n  model.fit(nb_epoch=3)\n    y = 1\n", "model.fit(epochs=3)\n    y"),
        ("import keras\nif x:\n    y = 1\n    \\\n    model.fit(nb_epoch=3)\n", "    \\\n    model.fit(epochs=3)\n"),
    ],
)
def test_form_feeds_and_lone_backslashes_shift_nothing(old, new, target):
    migration = migrate_source(old, target)
    assert new in migration.code
    assert [old.count(mark) for mark in "\x0c\\"] == [migration.code.count(mark) for mark in "\x0c\\"]


def test_a_lone_backslash_goes_with_the_statement_below():
    text = "import keras.backend as K\nx = 1\n\\\nK.set_session(x)\ny = 2\n"
    assert migrate_source(text).code == "x = 1\ny = 2\n"


def test_an_import_stands_above_its_first_use():
    text = (
        "from keras.optimizers import SGD\nsgd = SGD(lr=0.1, decay=1e-6)\n"
        "import numpy as np\nlate = SGD(lr=0.2, decay=1e-6)\n"
    )
    lines = migrate_source(text).code.split("\n")
    assert lines[1] == "from keras.optimizers.schedules import InverseTimeDecay"
    assert lines[2] == "sgd = SGD(learning_rate=InverseTimeDecay(0.1, decay_steps=1, decay_rate=1e-6))"


def test_an_import_inside_of_a_function_serves_no_other_code():
    text = (
        "from keras.optimizers import SGD\n"
        "def f():\n    from keras.optimizers.schedules import InverseTimeDecay\n    return InverseTimeDecay\n"
        "sgd = SGD(lr=0.1, decay=1e-6)\n"
    )
    assert migrate_source(text).code.startswith(
        "from keras.optimizers import SGD\nfrom keras.optimizers.schedules import InverseTimeDecay\n"
    )


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    "call", ["Nadam(**kw)", "Adamax(**kw)", "Adagrad(*a)", "Adadelta(*a, **kw)", "SGD(lr=1, **kw)"]
)
def test_optimizers_with_stars_come_to_rest(call, target):
    text = f"from keras.optimizers import {call.partition('(')[0]}\nopt = {call}\nmodel.fit(nb_epoch=3)\n"
    migration = migrate_source(text, target)
    assert "model.fit(epochs=3)" in migration.code
    assert ("**kw" in call) == ("**kw" in migration.code)
    if not call.startswith("SGD"):
        assert call in migration.code
        assert any("default learning rate" in finding.message for finding in migration.reports)


@pytest.mark.parametrize("old", ["model.fit(x, y, nb_epoch=100, epochs=5)", "SGD(lr=0.1, learning_rate=0.2)"])
def test_a_keyword_is_not_written_twice(old):
    text = f"from keras.optimizers import SGD\n{old}\n"
    migration = migrate_source(text)
    assert migration.code == text
    assert "would not compile (keyword argument repeated" in migration.reports[0].message


@pytest.mark.parametrize(
    "body",
    [
        "class R:\n    def auc(self, t, p):\n        return [self.auc([1], [1])]\n",
        "def auc(t, p):\n    return [auc(t[1:], p[1:])]\n",
        "def auc(t, p):\n" + "    t = t + t\n" * 40 + "    return tf.metrics.auc(t, p)[1]\n",
        "def auc(t, p):\n    a = b = (t, p)\n"
        + "    a = (a, a)\n    b = (b, b)\n" * 30
        + "    if t:\n        a = b\n    return tf.metrics.auc(a, p)[1]\n",
        "".join(
            f"def auc{i}(t, p):\n    return [auc{(i + 1) % 40}(t, p), auc{(i + 7) % 40}(p, t)]\n" for i in range(40)
        ),
        "!" + "pip " * 20_000 + "\n",
        "%time x" + "a.b.c," * 3_000 + " = 1\n",
    ],
)
def test_an_answer_comes_in_bounded_time(body):
    assert pipeline.process("x.py", f"import keras\nimport tensorflow as tf\n{body}".encode(), "keras3").error == ""


def test_a_text_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(engine, "MAX_LENGTH", 4_000)
    outcome = pipeline.process("x.py", b"import keras\n" + b"x = 1\n" * 1_000, "keras3")
    assert outcome.error == "its Python has 6,013 characters, more than 4,000; move data out of it"


@pytest.mark.parametrize("seed", range(4))
def test_mutants_keep_the_conditions(seed):
    """A bounded sample; ``python -m tests.migrate.mutants`` runs thousands."""
    for mutant in mutants.sample(seed, 12):
        assert mutants.faults(mutant) == [], mutant.text


@pytest.mark.parametrize(("star", "target"), [("*rest", "keras3"), ("**rest", "keras3"), ("**rest", "tf_keras")])
def test_every_rule_with_stars_in_every_call(star, target):
    """Each rule acts on one of the cases; here every call of these has a star, too."""
    acted = set()
    for path, text in mutants.originals():
        starred = mutants.with_stars(text, star)
        migration = migrate_source(starred, target)
        acted.update(finding.code for finding in migration.findings)
        refused = [finding for finding in migration.reports if finding.message.startswith("not changed, because")]
        assert refused == [], path
    codes = {code for rule in RULES if target in rule.targets for code in rule.codes}
    assert len(codes - acted) < len(codes) / 3, sorted(codes - acted)


def test_the_conditions_are_those_of_the_docstring():
    assert conditions.__doc__.count("\n- ") == 4

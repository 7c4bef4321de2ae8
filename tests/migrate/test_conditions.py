"""The conditions that every result must keep, each with results that break it; and the faults that they caught."""

import pytest

from compat_auc.migrate import conditions, engine, migrate_source
from compat_auc.migrate.conditions import misplaced, not_bound, not_compiled, not_exported, unbound, wrong_tokens
from compat_auc.migrate.documents import pipeline
from compat_auc.migrate.edits import Cut, Edit, apply_edits
from compat_auc.migrate.rules import RULES
from compat_auc.migrate.understand import interpreter
from tests.migrate import mutants

TARGETS = ("keras3", "tf_keras")


def edited(text, *edits):
    """The complaints about the tokens of the edited text."""
    return list(wrong_tokens(Cut.of(text), apply_edits(text, edits), sorted(edits)))


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


@pytest.mark.parametrize(
    ("text", "edits", "lost"),
    [
        ("import keras\nx = 1\n", [Edit(6, 11, "keras", " kera")], "'import'"),
        ("x = keras\n", [Edit(6, 7, " ", "r")], r"'ke\x00as'"),
        ("ab + cd\n", [Edit(0, 1, "z", "a"), Edit(2, 6, "", " + c")], r"'\x00b'"),
        ("x = a", [Edit(4, 4, "'"), Edit(5, 5, "'")], "'a'"),
        ("x = 'a b'", [Edit(6, 6, "'"), Edit(8, 9, "", "'")], "'b'"),
    ],
)
def test_an_edit_that_cuts_or_joins_tokens(text, edits, lost):
    assert edited(text, *edits) == [f"would change code outside of the edits: {lost}"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("f(b=1, a=2)\n", "f(a=1, a=2)\n", "keyword argument repeated: a"),
        ("from __future__ import division\nx = 1\n", "y = 1\nfrom __future__ import division\nx = 1\n", "beginning"),
        ("from __future__ import division\n", "y = 1\nfrom __future__ import division\n", "beginning"),
        ("x = 1\nfrom __future__ import division\n", "x = 2\nfrom __future__ import division\n", None),
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
        ("import x, y\nprint(x)\ndel (x, y[0])\nprint(x, y)\n", {"x": False}),
        ("x = 1\nif x:\n    del x\nprint(x)\n", {}),
        ("try:\n    import a\nexcept ImportError as error:\n    print(error)\n    a = None\nprint(a)\n", {}),
        ("for i in range(3):\n    print(i)\nelse:\n    print(i)\n", {}),
        ("print([i for i in range(3)], i)\n", {"i": False}),
        ("if (n := 3) > 2:\n    print(n)\n", {}),
        ("x += 1\n", {"x": True}),
        ("import a.b as c, d.e\nprint(c, d)\nprint(a)\n", {"a": False}),
        ("@wrap\ndef f(x=default): pass\n", {"wrap": False, "default": False}),
        ("with open('f') as file:\n    print(file)\n", {}),
        (
            "import x\nmatch x:\n    case [a, *b]:\n        print(a, b)\n    case {1: c, **d}:\n        print(c, d)\n",
            {},
        ),
        (
            "import x\nmatch x:\n    case [1, *_] as e:\n        print(e)\n    case {'c': 1}:\n        print(c)\n",
            {"c": False},
        ),
        ("def f(*, x=default): pass\n", {"default": False}),
        ("f = lambda x=default: x\n", {"default": False}),
        ("class A(base, metaclass=meta): pass\n", {"base": False, "meta": False}),
        ("x: int\nprint(x)\n", {"x": False}),
        ("x: int = 1\nprint(x)\n", {}),
        ("x = x\n", {"x": True}),
        ("for i in i:\n    pass\n", {"i": True}),
        ("import a\nfrom b import c, d as e\nprint(a, c, e, d)\n", {"d": False}),
    ],
)
def test_names_that_are_read_without_a_binding(text, names):
    """CPython agrees wherever the code runs: it raises a NameError exactly for these, unless a condition decides."""
    assert unbound(Cut.of(text)) == names


def test_only_new_faults_of_names_count():
    def complaints(old, new):
        return list(not_bound(Cut.of(old), Cut.of(new)))

    assert complaints("print(x)\nimport x\n", "print(x, 1)\nimport x\n") == []
    assert complaints("import x\nprint(x)\n", "print(x)\nimport x\n") == ["would use `x` above the line that binds it"]
    assert complaints("import x\nprint(x)\n", "print(x)\n") == ["would not define `x`"]
    assert complaints("import x\ndel x\n", "import x\ndel x\nx.y\n") == ["would not define `x`"]
    assert complaints("import x\ndel x\n", "del x\n") == ["would not define `x`"]


OF_CUT = "# top\nimport a\n\n@b\ndef f():\n    pass\n# above\nx = 1; y = 2\n\\\nif x:\n    z = [\n0]\n# last\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "new", ["", "\n", "x = 1\n", "x = 1", "# y\n", "import b\nimport c\n", "@c\n", "(", "\\\n", "# \\\n"]
)
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
                whole = Cut.of(apply_edits(cut.text, edits))
            except SyntaxError:
                whole = None
            assert part == whole


def test_what_other_files_take_stays_bound():
    old = "import x as y\ndef f():\n    global z\n    z = 1\n"
    assert list(not_exported(Cut.of(old), Cut.of(old), ["y", "f", "z", "other"])) == []
    assert list(not_exported(Cut.of(old), Cut.of("def g():\n    y = f = z = 1\n"), ["y", "f", "z", "other"])) == [
        f"would not define `{name}`, which another file takes from here" for name in "fyz"
    ]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    ("deleted", "left"),
    [("del auc, tf", "del tf"), ("del auc", ""), ("del (tf, auc, np)", "del tf, np"), ("del [auc]", "")],
)
def test_what_a_script_deletes_is_there(deleted, left, target):
    text = "import numpy as np\nimport tensorflow as tf\nfrom keras.models import Sequential\n"
    text += "def auc(y_true, y_pred):\n    return tf.contrib.metrics.streaming_auc(y_pred, y_true)[1]\n"
    migration = migrate_source(f"{text}Sequential().compile('s', 'm', metrics=[auc])\n{deleted}\n", target)
    assert "def auc" not in migration.code
    assert migration.code.endswith(f'metrics=[auc_roc(name="auc")])\n{left}\n'.replace("\n\n", "\n"))
    assert unbound(Cut.of(migration.code)) == {}


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("a = 1; {}; {}", "a = 1\n"),
        ("{}; {}", ""),
        ("if 1: {}; {}", "if 1: pass\n"),
        ("{}; b = 2; {}", "b = 2\n"),
    ],
)
def test_statements_of_one_line_go_together(line, left):
    text = "import tensorflow as tf\nfrom keras import backend as K\n{}\nK.set_session(tf.Session(config=config))\n"
    options = line.format("config = tf.ConfigProto()", "config.gpu_options.allow_growth = True")
    migration = migrate_source(text.format(options))
    assert migration.code.startswith(f"import tensorflow as tf\n{left}for gpu in ")
    assert migration.reports == ()


@pytest.mark.parametrize("call", ["({})", "( ({}) )"])
def test_a_call_in_parentheses_becomes_a_loop(call):
    text = "import tensorflow as tf\nfrom keras import backend as K\nconfig = tf.ConfigProto()\n"
    text += "config.gpu_options.allow_growth = True\n"
    text += call.format("K.set_session(tf.Session(config=config))") + "\n"
    assert migrate_source(text).code == (
        'import tensorflow as tf\nfor gpu in tf.config.list_physical_devices("GPU"):\n'
        "    tf.config.experimental.set_memory_growth(gpu, True)\n"
    )


def test_imports_in_a_function_and_at_the_end_of_a_file():
    text = "import tensorflow as tf\ndef main():\n"
    text += "    from tensorflow.contrib.metrics import streaming_mean, streaming_auc\n"
    text += "    tf.Session().run([streaming_auc(p, y), streaming_mean(p)])\n"
    migration = migrate_source(text)
    assert "\n    from compat_auc import streaming_auc\n" in migration.code
    text = "opt = tf.train.AdamOptimizer(0.1)\nkeras.Sequential().compile(opt, 'mse')\n"
    text = f"from tensorflow import keras\nif True: {text}import tensorflow as tf"
    migration = migrate_source(text, "tf_keras")
    assert not migration.code.endswith("as tf")
    assert migration.reports == ()


def test_a_metric_in_what_is_deleted_stays():
    text = "import tensorflow as tf\nfrom keras.models import Sequential\ndef auc(y_true, y_pred):\n"
    text += "    return tf.metrics.auc(y_true, y_pred)[1]\nSequential().compile('s', 'm', metrics=[auc])\n"
    assert "def auc" in migrate_source(f"{text}del cache[auc]\n").code


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
        assert any("had the default learning_rate=" in finding.message for finding in migration.reports)


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


METRIC = "def {}(t, p):\n    return tf.metrics.auc(t, p)[1]\n"


def not_followed(text):
    messages = [finding for finding in migrate_source(text).findings if finding.code == "CA507"]
    return [(finding.line, finding.message) for finding in messages]


def test_a_function_that_is_too_much_to_follow_is_said():
    grows = "    t = t + t\n" * 40
    long = "import tensorflow as tf\n" + METRIC.format("auc").replace("    ", grows + "    ", 1)
    message = "Not changed: the search for an AUC in `auc` takes more than 20,000 steps or a value of more than "
    assert not_followed(long) == [(2, f"{message}200,000 parts. Check the code by hand.")]
    assert not_followed(f"{long}model.compile('a', 'b', metrics=[auc])\n") == [
        (2, f"{message}200,000 parts. Check the code by hand.")
    ]
    assert not_followed(long.replace("tf.metrics.auc(t, p)[1]", "t").replace("def auc", "def grow")) == []
    inline = f"import tensorflow as tf\ndef grow(t):\n{grows}    return t\n"
    inline += "model.compile('a', 'b', metrics=[lambda t, p: tf.metrics.auc(grow(t), p)[1]])\n"
    assert [line for line, _ in not_followed(inline)] == [44]


def test_a_file_that_is_too_much_to_follow_is_said(monkeypatch):
    monkeypatch.setattr(interpreter, "STEPS_OF_FILE", (12, 0))
    metrics = "".join(METRIC.format(f"auc_{name}").replace("tf.", "2 * tf.") for name in "abcdef")
    text = f"import keras\nimport tensorflow as tf\n{metrics}gini = lambda t, p: 2 * tf.metrics.auc(t, p)[1] - 1\n"
    assert not_followed(text) == [
        (
            5,
            "Not changed: the search for an AUC stops after 12 steps in a file. "
            "Check `auc_b`, `auc_c`, `auc_d`, `auc_e`, `auc_f` and 1 more by hand.",
        )
    ]
    assert not_followed("import keras\nimport tensorflow as tf\n" + METRIC.format("auc")) == []


def test_graph_code_and_callbacks_that_are_too_much_to_follow_are_said(monkeypatch):
    monkeypatch.setattr(interpreter, "STEPS_OF_FILE", (8, 0))
    graph = "import tensorflow as tf\nvalue, update = tf.metrics.auc(labels, tf.nn.softmax(a + b + c + d + e))\n"
    assert [line for line, _ in not_followed(f"{graph}tf.Session().run(update)\n")] == [2]
    callback = (
        "from keras.callbacks import Callback\nfrom sklearn.metrics import roc_auc_score\nclass Roc(Callback):\n"
        "    def on_epoch_end(self, epoch, logs={}):\n"
        "        print(roc_auc_score(y, self.model.predict(x)), 1 + 2 + 3 + 4 + 5)\n"
    )
    report = migrate_source(callback).reports[0]
    assert report.message.endswith("because to follow it takes too many steps. Use compat_auc.RocCallback by hand.")


def test_a_text_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(engine, "MAX_LENGTH", 4_000)
    outcome = pipeline.process("x.py", b"import keras\n" + b"x = 1\n" * 1_000, "keras3")
    assert outcome.error == "The code has 6,013 characters, more than 4,000. Move data out."


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
        refused = [finding for finding in migration.reports if finding.message.startswith("Not changed: the result ")]
        assert refused == [], path
    codes = {code for rule in RULES if target in rule.targets for code in rule.codes}
    assert len(codes - acted) < len(codes) / 3, sorted(codes - acted)


def test_the_conditions_are_those_of_the_docstring():
    assert conditions.__doc__.count("\n- ") == 4

"""Logits of several columns: a softmax couples them, and a sigmoid of each column is another AUC, which is said."""

import warnings
from functools import partial

import numpy as np
import oracle
import pytest
import stacks
from sklearn.metrics import roc_auc_score

from compat_auc import RankAUC, RocCallback, RocCounts, auc_roc, legacy_auc_roc

RANK = tuple(lane for lane in stacks.LANES if lane != "tf1-keras")
WITH_FLOAT64 = tuple(lane for lane in RANK if lane != "keras3-jax")
WITH_MULTI_LABEL = tuple(lane for lane in stacks.LANES if not lane.startswith("tf1"))
CLASSES = 3


def softmax(logits):
    powers = np.exp(logits.astype(np.float64) - logits.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def sigmoid(logits):
    return 1 / (1 + np.exp(-logits.astype(np.float64)))


@pytest.fixture(scope="module")
def rows():
    """One-hot labels, and logits with a large part that the classes of a row share: only a softmax takes it away."""
    rng = np.random.RandomState(7)
    labels = np.eye(CLASSES, dtype="float32")[rng.randint(CLASSES, size=400)]
    logits = 2 * labels + rng.randn(400, CLASSES) + 3 * rng.randn(400, 1)
    return labels, logits.astype("float32")


def test_the_softmax_of_flattened_columns(rows, stack):
    labels, logits = rows
    metric = auc_roc(from_logits="softmax")
    stack.update(metric, labels, logits)
    assert stack.value(metric) == pytest.approx(oracle.thresholded_auc(labels, softmax(logits)), abs=1e-6)
    assert abs(oracle.thresholded_auc(labels, softmax(logits)) - oracle.thresholded_auc(labels, sigmoid(logits))) > 0.1


@pytest.mark.lanes(*WITH_MULTI_LABEL)
def test_the_softmax_of_each_label(rows, stack):
    labels, logits = rows
    metric = auc_roc(from_logits="softmax", multi_label=True, num_labels=CLASSES)
    stack.update(metric, labels, logits)
    areas = [oracle.thresholded_auc(labels[:, k], softmax(logits)[:, k]) for k in range(CLASSES)]
    assert stack.value(metric) == pytest.approx(np.mean(areas), abs=1e-6)


@pytest.mark.lanes(*RANK)
@pytest.mark.parametrize("scale", [1, pytest.param(20, marks=pytest.mark.lanes(*WITH_FLOAT64))])
def test_the_softmax_in_ranks(scale, rows, stack):
    """At scale 20 most probabilities are next to 0 and 1, where those of float32 tie, as a model's own softmax does."""
    labels, logits = rows[0], scale * rows[1]
    metric = RankAUC(from_logits="softmax")
    stack.update(metric, labels, logits)
    low, high = metric.counts().bounds()
    exact = roc_auc_score(labels.ravel(), softmax(logits).ravel())
    assert low <= exact <= high and high - low < 0.01
    assert stack.value(metric) == pytest.approx(exact, abs=0.005)


@pytest.mark.lanes(*RANK)
@pytest.mark.parametrize("are_numbers", [False, True], ids=["one_hot", "class_numbers"])
def test_the_softmax_in_ranks_of_each_label(are_numbers, rows, stack):
    labels, logits = rows
    metric = RankAUC(from_logits="softmax", multi_label=True, num_labels=CLASSES)
    stack.update(metric, labels.argmax(1).astype("int32") if are_numbers else labels, logits)
    assert stack.value(metric) == pytest.approx(roc_auc_score(labels, softmax(logits)), abs=1e-3)


def test_the_softmax_of_a_model(make_model, stack, data):
    x, _ = data
    labels = np.eye(CLASSES, dtype="float32")[x[:, :CLASSES].argmax(1)]
    model = make_model([auc_roc(from_logits="softmax")], units=CLASSES, activation=None, loss="mse")
    value = stack.evaluate(model, x, labels)["auc_roc"]
    assert value == pytest.approx(oracle.thresholded_auc(labels, softmax(model.predict(x, verbose=0))), abs=1e-6)


@pytest.mark.parametrize("make", [auc_roc, pytest.param(RankAUC, marks=pytest.mark.lanes(*RANK))], ids=["auc", "rank"])
def test_a_row_of_weight_0_may_hold_anything(make, rows, stack):
    labels, logits = (part.copy() for part in rows)
    weights = np.ones(len(labels), "float32")
    weights[::5], labels[::5], logits[::5] = 0, 7, np.nan
    whole, rest = make(from_logits="softmax"), make(from_logits="softmax")
    stack.update(whole, labels, logits, weights)
    stack.update(rest, labels[weights > 0], logits[weights > 0])
    assert stack.value(whole) == pytest.approx(stack.value(rest), abs=1e-6)


@pytest.mark.parametrize("make", [auc_roc, pytest.param(RankAUC, marks=pytest.mark.lanes(*RANK))], ids=["auc", "rank"])
def test_the_name_is_saved(make):
    metric = make(from_logits="softmax", name="named")
    config = metric.get_config()
    assert config["from_logits"] == "softmax"
    assert type(metric).from_config(config).get_config() == config


@pytest.mark.parametrize("make", [auc_roc, pytest.param(RankAUC, marks=pytest.mark.lanes(*RANK))], ids=["auc", "rank"])
def test_what_cannot_be_a_softmax_is_an_error(make, rows, stack):
    labels, logits = rows
    for wrong in ("relu", None, 2):
        with pytest.raises(ValueError, match=rf'False, True, "sigmoid" .*"softmax"\. Received: {wrong!r}'):
            make(from_logits=wrong)
    for shape in ((400,), (400, 1)):
        with pytest.raises(ValueError, match=r"at least two.*\(400"):
            stack.update(make(from_logits="softmax"), labels[:, 0].reshape(shape), logits[:, 0].reshape(shape))
    logits = np.where(np.arange(400)[:, None] == 3, np.float32(np.nan), logits)
    with pytest.raises(stack.errors, match="(?s)logits .*softmax.*nan"):
        stack.update(make(from_logits="softmax"), labels, logits)


def test_the_error_looks_at_the_number_of_columns(rows, stack):
    labels, logits = rows
    # TensorFlow's graphs write a quote as \".
    with pytest.raises(stack.errors, match=r"(?s)from_logits=True\)"):
        stack.update(auc_roc(), labels[:, :1], logits[:, :1])
    with pytest.raises(stack.errors, match=r'(?s)from_logits=\\?"softmax\\?"\) if each row has exactly one label of 1'):
        stack.update(auc_roc(), labels, logits)


def said(recorded):
    return [str(warning.message) for warning in recorded if "from_logits" in str(warning.message)]


def evaluated_twice(make, stack, *rows):
    """The warnings of two evaluations; before TensorFlow 2.12, only the second reads what the first has counted.

    In graph mode, `compile` builds what updates a metric.
    """
    with warnings.catch_warnings(record=True) as recorded:
        warnings.simplefilter("always")
        model = make()
        stack.evaluate(model, *rows)
        stack.evaluate(model, *rows)
    return said(recorded)


@pytest.fixture
def model_of(make_model):
    def make(*metrics, activation=None):
        return make_model(list(metrics), units=CLASSES, activation=activation, loss="mse")

    return make


@pytest.fixture
def kinds_of_labels(data):
    x, _ = data
    one_hot = np.eye(CLASSES, dtype="float32")[x[:, :CLASSES].argmax(1)]
    return {"one_hot": one_hot, "multi_hot": (x[:, :CLASSES] > 0.5).astype("float32")}


def test_one_label_a_row_and_a_sigmoid_warn_once(model_of, kinds_of_labels, stack, data):
    make = partial(model_of, auc_roc(from_logits=True))
    sentences = evaluated_twice(make, stack, data[0], kinds_of_labels["one_hot"])
    assert len(sentences) == 1
    assert sentences[0].startswith("auc_roc ") and "3 columns" in sentences[0] and '"softmax"' in sentences[0]


@pytest.mark.lanes(*RANK)
def test_one_label_a_row_and_ranks_of_logits_warn_once(model_of, kinds_of_labels, stack, data):
    sentences = evaluated_twice(partial(model_of, RankAUC()), stack, data[0], kinds_of_labels["one_hot"])
    assert len(sentences) == 1
    assert sentences[0].startswith("rank_auc ") and "3 columns" in sentences[0] and '"softmax"' in sentences[0]


@pytest.mark.lanes("keras3", "keras3-jax", "keras3-torch", "tf_keras", "keras2")
def test_one_evaluation_suffices(model_of, kinds_of_labels, stack, data):
    for metric in (auc_roc(from_logits=True), RankAUC(), RankAUC(multi_label=True, num_labels=CLASSES)):
        model = model_of(metric)
        with warnings.catch_warnings(record=True) as recorded:
            warnings.simplefilter("always")
            stack.evaluate(model, data[0], kinds_of_labels["one_hot"])
        assert len(said(recorded)) == 1


def test_a_sigmoid_that_is_named_says_nothing(model_of, kinds_of_labels, stack, data):
    model = model_of(auc_roc(from_logits="sigmoid"))
    assert evaluated_twice(lambda: model, stack, data[0], kinds_of_labels["one_hot"]) == []
    value = stack.evaluate(model, data[0], kinds_of_labels["one_hot"])["auc_roc"]
    scores = sigmoid(model.predict(data[0], verbose=0))
    assert value == pytest.approx(oracle.thresholded_auc(kinds_of_labels["one_hot"], scores), abs=1e-6)


@pytest.mark.lanes(*RANK)
def test_other_ranks_say_nothing(model_of, kinds_of_labels, stack, data):
    one_hot, multi_hot = kinds_of_labels["one_hot"], kinds_of_labels["multi_hot"]
    makes = [
        (partial(model_of, RankAUC(), activation="softmax"), one_hot),
        (partial(model_of, RankAUC(from_logits="sigmoid")), one_hot),
    ]
    if not stack.graph:
        makes.append((partial(model_of, RankAUC()), multi_hot))
    for make, labels in makes:
        assert evaluated_twice(make, stack, data[0], labels) == []


def test_several_labels_a_row_go_on_working(model_of, kinds_of_labels, stack, data):
    """In graph mode nothing looks at the counts, so the warning comes when the graph is built."""
    labels, models = kinds_of_labels["multi_hot"], []

    def make():
        models.append(model_of(auc_roc(from_logits=True)))
        return models[0]

    assert len(evaluated_twice(make, stack, data[0], labels)) == int(stack.graph)
    model = models[0]
    scores = sigmoid(model.predict(data[0], verbose=0))
    value = stack.evaluate(model, data[0], labels)["auc_roc"]
    assert value == pytest.approx(oracle.thresholded_auc(labels, scores), abs=1e-6)


@pytest.mark.lanes("keras3", "keras3-jax", "keras3-torch", "tf_keras", "keras2", "oldest")
def test_a_step_without_compilation_warns_once(make_model, kinds_of_labels, data):
    model = make_model([auc_roc(from_logits=True)], units=CLASSES, activation=None, loss="mse", run_eagerly=True)
    with warnings.catch_warnings(record=True) as recorded:
        warnings.simplefilter("always")
        model.fit(data[0], kinds_of_labels["one_hot"], epochs=3, verbose=0, batch_size=100)
    assert len(said(recorded)) == 1


# torch compiles no step of Keras here; graph mode and TensorFlow 2.5 have no jit_compile.
@pytest.mark.lanes("keras3", "keras3-jax", "tf_keras", "keras2")
@pytest.mark.parametrize(
    ("make", "activation"), [(auc_roc, None), (legacy_auc_roc, None), (RankAUC, "nan")], ids=["auc", "legacy", "rank"]
)
def test_nan_of_a_compiled_step_warns_once(make, activation, keras, make_model, data):
    x, y = data
    x = np.where(np.arange(len(x))[:, None] == 17, np.nan, x) if activation == "nan" else x
    metric = make()
    model = make_model([metric], activation=None, loss="mse", jit_compile=True)
    with warnings.catch_warnings(record=True) as recorded:
        warnings.simplefilter("always")
        logs = model.fit(x, y, epochs=3, verbose=0).history
    assert np.isnan(logs[metric.name]).all()
    sentences = said(recorded)
    assert len(sentences) == 1
    assert sentences[0].startswith(f"{metric.name} is NaN") and "run_eagerly=True" in sentences[0]


def test_one_class_is_nan_without_a_warning(make_model, stack, data):
    model = make_model([auc_roc], loss="mse")
    assert evaluated_twice(lambda: model, stack, data[0], np.zeros_like(data[1])) == []


def test_data_at_once(rows):
    labels, logits = rows
    assert auc_roc(labels, logits, from_logits="softmax") == pytest.approx(
        oracle.thresholded_auc(labels, softmax(logits)), abs=1e-9
    )
    expected = oracle.thresholded_auc(labels, sigmoid(logits))
    assert auc_roc(labels, logits, from_logits="sigmoid") == pytest.approx(expected, abs=1e-9)
    with pytest.warns(UserWarning, match='auc_roc got logits of 3 columns.*"softmax"'):
        assert auc_roc(labels, logits, from_logits=True) == pytest.approx(expected, abs=1e-9)
    multi_hot = (logits > 0).astype("float32")
    expected = oracle.thresholded_auc(multi_hot, sigmoid(logits))
    assert auc_roc(multi_hot, logits, from_logits=True) == pytest.approx(expected, abs=1e-9)
    with pytest.raises(ValueError, match='from_logits="softmax"'):
        auc_roc(labels, logits)
    with pytest.raises(ValueError, match="at least two"):
        auc_roc(labels[:, 0], logits[:, 0], from_logits="softmax")


@pytest.mark.parametrize("scale", [1, 20])
def test_counts_of_a_softmax(scale, rows):
    labels, logits = rows[0], scale * rows[1]
    exact = roc_auc_score(labels.ravel(), softmax(logits).ravel())
    low, high = RocCounts().add(labels, logits, from_logits="softmax").bounds()
    assert low <= exact <= high and high - low < 0.01
    ignored = np.concatenate([labels, np.full((9, CLASSES), -1)]), np.concatenate([logits, np.full((9, CLASSES), 9)])
    assert RocCounts().add(*ignored, ignore_class=-1, from_logits="softmax").bounds() == (low, high)
    with pytest.warns(UserWarning, match='RocCounts got logits of 3 columns.*"softmax"'):
        RocCounts().add(*ignored, ignore_class=-1)
    RocCounts().add(labels, logits, from_logits="sigmoid")
    RocCounts().add(labels, softmax(logits))
    RocCounts().add(logits > 0, logits)


@pytest.mark.parametrize("average", ["macro", "micro"])
def test_the_callback_takes_a_softmax(average, make_model, kinds_of_labels, data):
    x, y = data[0], kinds_of_labels["one_hot"]
    model = make_model([], units=CLASSES, activation=None, loss="mse")
    callback = RocCallback((x, y), average=average, verbose=0, from_logits="softmax")
    logs = model.fit(x, y, verbose=0, callbacks=[callback]).history
    exact = roc_auc_score(y, softmax(model.predict(x, verbose=0)), average=average)
    assert logs["roc_auc"] == pytest.approx([exact], abs=1e-9)


def test_the_callback_warns_once_without_the_softmax(make_model, kinds_of_labels, data):
    x, y = data[0], kinds_of_labels["one_hot"]
    model = make_model([], units=CLASSES, activation=None, loss="mse")
    with warnings.catch_warnings(record=True) as recorded:
        warnings.simplefilter("always")
        model.fit(x, y, epochs=2, verbose=0, callbacks=[RocCallback((x, y), verbose=0)])
    assert said(recorded)[0].startswith("RocCallback: it got logits of 3 columns")
    assert len(said(recorded)) == 1
    model.fit(x, y, verbose=0, callbacks=[RocCallback((x, y), verbose=0, from_logits="sigmoid")])
    model.fit(
        x,
        kinds_of_labels["multi_hot"],
        verbose=0,
        callbacks=[RocCallback((x, kinds_of_labels["multi_hot"]), verbose=0)],
    )
    with pytest.raises(ValueError, match="compiled metric"):
        RocCallback(from_logits="softmax")

"""One input, every entry point: the number is the same, or each names the error."""

import warnings

import numpy as np
import pytest
import sklearn.metrics

from compat_auc import RankAUC, RocCallback, RocCounts, auc_roc

RNG = np.random.default_rng(20)
NAN = float("nan")
ENTRIES = (
    "auc_roc",
    "auc_roc of labels",
    "auc_roc of data",
    "RankAUC",
    "RankAUC of labels",
    "RocCounts",
    "RocCallback",
)


class Predicts:
    """A model that predicts these scores."""

    output_names = ("out",)

    def __init__(self, scores):
        self.scores = scores

    def predict(self, x, **options):
        return self.scores


def entry_points(stack):
    """The entry points of a stack: RankAUC is no metric of multi-backend Keras; multi_label came with TensorFlow 2."""
    absent = {"tf1-keras": ("RankAUC", "auc_roc of labels"), "tf1": ("auc_roc of labels",)}.get(stack.lane, ())
    return [name for name in ENTRIES if not name.startswith(absent)]


def area(stack, entry, labels, scores, weights=None, **options):
    """What an entry point says of the rows: of the labels of `multi_label` the mean, else of all columns together."""
    if entry == "auc_roc of data":
        return auc_roc(labels, scores, weights, **options)
    if entry == "RocCounts":
        return RocCounts().add(labels, scores, weights, **options).auc()
    if entry == "RocCallback":
        data = (np.zeros((int(labels.shape[0]), 1)), labels, *([] if weights is None else [weights]))
        callback = RocCallback(data, verbose=0, average="micro", **options)
        (rows,) = callback._feeds[""][1].rows(Predicts(scores)).values()
        return callback._areas(0, "", rows)["roc_auc"]
    if entry.endswith("of labels"):
        options.update(multi_label=True, num_labels=scores.shape[-1])
    metric = RankAUC(**options) if entry.startswith("RankAUC") else auc_roc(num_thresholds=2000, **options)
    stack.update(metric, labels, scores, weights)
    return stack.value(metric)


def exact(labels, scores, entry, kept=None, weights=None):
    """scikit-learn's number for one-hot labels: the mean over columns, or that of all columns together."""
    kept = np.ones(len(labels), bool) if kept is None else kept
    average = "macro" if entry.endswith("of labels") else "micro"
    of_rows = None if weights is None else weights[kept]
    if average == "micro" and labels.ndim > 1:
        of_rows = None if of_rows is None else np.repeat(of_rows, labels.shape[1])
        return sklearn.metrics.roc_auc_score(labels[kept].ravel(), scores[kept].ravel(), sample_weight=of_rows)
    return sklearn.metrics.roc_auc_score(labels[kept], scores[kept], average=average, sample_weight=of_rows)


def softmax(classes, rows=400):
    numbers = RNG.integers(0, classes, rows)
    scores = RNG.random((rows, classes))
    scores[np.arange(rows), numbers] += 0.4
    return numbers, (scores / scores.sum(1, keepdims=True)).astype("float32")


@pytest.mark.parametrize("dtype", ["int64", "uint8", "float32"])
@pytest.mark.parametrize("shape", [(-1,), (-1, 1)], ids=str)
@pytest.mark.parametrize("classes", [2, 4])
def test_class_numbers(classes, shape, dtype, stack):
    numbers, scores = softmax(classes)
    for entry in entry_points(stack):
        value = area(stack, entry, numbers.astype(dtype).reshape(shape), scores)
        assert value == pytest.approx(exact(np.eye(classes)[numbers], scores, entry), abs=5e-3), entry


@pytest.mark.parametrize("ignored", [-1.0, NAN])
def test_class_numbers_with_weights_and_ignored_rows(ignored, stack):
    numbers, scores = softmax(3)
    kept, weights = np.arange(400) % 5 > 0, RNG.integers(0, 4, 400).astype("float32")
    labels, garbage = np.where(kept, numbers, ignored).astype("float32"), scores.copy()
    garbage[~kept] = NAN
    garbage[weights == 0] = 7
    for entry in entry_points(stack):
        value = area(stack, entry, labels, garbage, weights, ignore_class=ignored)
        expected = exact(np.eye(3)[numbers], scores, entry, kept & (weights > 0), weights)
        assert value == pytest.approx(expected, abs=5e-3), entry


@pytest.mark.parametrize(
    ("labels", "scores", "words"),
    [
        ([0, 1, 3], np.full((3, 3), 1 / 3), "class numbers"),
        ([0, 1, -1], np.full((3, 3), 1 / 3), "class numbers|0 or 1"),
        ([0, 1, 1.5], np.full((3, 3), 1 / 3), "class numbers|0 or 1"),
        ([0, 1, 1], np.full((3, 3), 0.9), "softmax"),
        ([0, 1], np.full((3, 3), 1 / 3), r"\(2,\).*\(3, 3\)"),
        ([0, 1, 2], [[0.1], [0.2], [0.3]], "0 or 1"),
        ([0, 1, 0, 1], [0.1, 0.2, NAN, 0.3], "scores"),
    ],
    ids=["beyond", "negative", "fraction", "sigmoids", "rows", "one column", "NaN"],
)
def test_an_error_that_each_names(labels, scores, words, stack):
    labels, scores = np.array(labels, "float32"), np.array(scores, "float32")
    for entry in entry_points(stack):
        if not (entry.endswith("of labels") and scores.ndim < 2):
            with pytest.raises(stack.errors, match="(?s)" + words):
                area(stack, entry, labels, scores)


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16"])
def test_labels_of_nan_are_ignored(dtype, stack):
    labels, scores = (RNG.random((300, 3)) < 0.4).astype("float32"), RNG.random((300, 3)).astype("float32")
    holes = RNG.random(labels.shape) < 0.3
    micro = sklearn.metrics.roc_auc_score(labels[~holes], scores[~holes])
    columns = [sklearn.metrics.roc_auc_score(labels[~h, k], scores[~h, k]) for k, h in enumerate(holes.T)]
    marked = np.where(holes, NAN, labels).astype(dtype)
    for entry in entry_points(stack):
        value = area(stack, entry, marked, scores, ignore_class=NAN)
        assert value == pytest.approx(np.mean(columns) if entry.endswith("of labels") else micro, abs=5e-3), entry
        with pytest.raises(stack.errors, match="ignore_class"):
            area(stack, entry, marked, scores)


@pytest.mark.parametrize("weighted", [False, True])
def test_small_scores_that_are_positive(weighted, stack):
    """1 - AUC, since ties count one half on both sides."""
    labels = (RNG.random(500) < 0.3).astype("float32")
    scores = (0.6 * RNG.random(500) + 0.4 * (1 - labels)).astype("float32")
    weights = RNG.random(500).astype("float32") if weighted else None
    expected = 1 - sklearn.metrics.roc_auc_score(labels, scores, sample_weight=weights)
    for entry in entry_points(stack):
        rows = (labels[:, None], scores[:, None], weights)
        value = area(stack, entry, *rows, lower_is_positive=True)
        assert value == pytest.approx(expected, abs=5e-3), entry


# A graph is fed numbers.
@pytest.mark.lanes("keras3", "keras3-jax", "keras3-torch", "tf_keras", "keras2", "oldest")
@pytest.mark.parametrize("values", [["no", "yes"], [b"no", b"yes"], ["0", "1"]], ids=str)
def test_labels_of_text_are_refused_with_a_hint(values, stack):
    labels, scores = np.array(values * 3), np.linspace(0, 1, 6, dtype="float32")
    for entry in entry_points(stack):
        if not entry.endswith("of labels"):
            with pytest.raises(ValueError, match=r"labels \(y_true\) of real numbers.*y_true == "):
                area(stack, entry, labels, scores)


def test_labels_of_1_and_2_get_a_hint(stack):
    labels, scores = np.array([1, 2, 2, 1], "float32"), np.float32([0.1, 0.2, 0.3, 0.4])
    for entry in entry_points(stack):
        if not entry.endswith("of labels"):
            with pytest.raises(stack.errors, match="(?s)0 or 1.*y_true - 1"):
                area(stack, entry, labels, scores)


@pytest.mark.lanes("keras3", "keras3-jax", "keras3-torch", "tf_keras", "keras2")
def test_masked_arrays_sparse_matrices_and_objects(stack):
    sparse = pytest.importorskip("scipy.sparse")
    labels, scores = (RNG.random((200, 3)) < 0.4).astype("float32"), RNG.random((200, 3)).astype("float32")
    masked = np.ma.masked_array(labels, RNG.random(labels.shape) < 0.1)
    with_holes = np.where(masked.mask, None, labels.astype(object))
    for entry in ENTRIES:
        with pytest.raises(ValueError, match="without a mask.*sample_weight"):
            area(stack, entry, masked, scores)
        assert area(stack, entry, sparse.csr_matrix(labels), scores) == area(stack, entry, labels, scores)
        assert area(stack, entry, with_holes, scores, ignore_class=NAN) == area(
            stack, entry, np.where(masked.mask, NAN, labels), scores, ignore_class=NAN
        )


# The lane that has pandas (noxfile.py).
@pytest.mark.lanes("keras3")
@pytest.mark.parametrize("dtype", ["float32", "int64", "bool", "Int64", "boolean", "Float64"])
def test_columns_of_pandas(dtype, stack):
    import pandas as pd

    labels, scores, weights = RNG.random(200) < 0.4, RNG.random(200).astype("float32"), RNG.random(200)
    index = RNG.permutation(200)
    series = pd.Series(labels.astype(int), index).astype(dtype), pd.Series(scores, index[::-1]), pd.Series(weights)
    frames = [column.to_frame() for column in series]
    for entry in entry_points(stack):
        if not entry.endswith("of labels"):
            expected = area(stack, entry, labels.astype("float32"), scores, weights)
            assert area(stack, entry, *series) == expected, entry
        expected = area(stack, entry, labels.astype("float32")[:, None], scores[:, None], weights)
        assert area(stack, entry, *frames[:2], weights) == expected, entry


@pytest.mark.lanes("keras3", "tf_keras", "keras2")
@pytest.mark.parametrize("columns", [None, 3])
def test_ragged_tensors(columns, stack):
    tf, lengths = stack.tensorflow, RNG.integers(0, 6, 80)
    flat = (RNG.random((lengths.sum(), columns or 1)) < 0.4).astype("float32")
    of_flat, weights = RNG.random(flat.shape).astype("float32"), RNG.random(80).astype("float32")
    if columns is None:
        flat, of_flat = flat[:, 0], of_flat[:, 0]
    labels, scores = (tf.RaggedTensor.from_row_lengths(values, lengths) for values in (flat, of_flat))
    other = tf.RaggedTensor.from_row_lengths(of_flat, lengths[::-1])
    ragged_weights = tf.RaggedTensor.from_row_lengths(np.repeat(weights, lengths), lengths)
    for entry in ENTRIES:
        if columns is None and entry.endswith("of labels"):
            continue
        assert area(stack, entry, labels, scores) == area(stack, entry, flat, of_flat), entry
        expected = area(stack, entry, flat, of_flat, np.repeat(weights, lengths))
        for of_rows in (weights, ragged_weights):
            assert area(stack, entry, labels, scores, of_rows) == expected, entry
        for wrong in (other, of_flat):
            with pytest.raises(ValueError, match="flat_values"):
                area(stack, entry, labels, wrong)


def test_the_result_before_data_is_nan(stack):
    if stack.is_multi_backend:
        assert np.isnan(stack.value(auc_roc()))
        return
    from compat_auc import legacy_auc_roc

    options = {"multi_label": True, **({"num_labels": 3} if stack.graph else {})}
    by_label = [RankAUC(**options)] if stack.lane == "tf1" else [auc_roc(**options), RankAUC(**options)]
    for metric in (auc_roc(), legacy_auc_roc(), RankAUC(), *by_label):
        assert np.isnan(stack.value(metric)), metric.name
        metric.reset_state() if hasattr(metric, "reset_state") else metric.reset_states()
        assert np.isnan(stack.value(metric)), metric.name


@pytest.mark.lanes("keras3", "keras3-jax", "keras3-torch", "tf_keras", "tf_keras-graph", "keras2", "keras2-graph")
def test_a_label_with_one_class_is_left_out_of_the_mean_and_named(stack):
    labels, scores = (RNG.random((400, 3)) < 0.4).astype("float32"), RNG.random((400, 3)).astype("float32")
    labels[:, 1] = 0
    expected = np.mean([sklearn.metrics.roc_auc_score(labels[:, k], scores[:, k]) for k in (0, 2)])
    for metric in (auc_roc(multi_label=True, num_labels=3), RankAUC(multi_label=True, num_labels=3)):
        stack.update(metric, labels, scores)
        assert stack.value(metric) == pytest.approx(expected, abs=5e-3)
        assert metric.left_out() == {1: "no positive"}
        metric.reset_state()
        stack.update(metric, np.zeros_like(labels), scores)
        assert np.isnan(stack.value(metric)) and len(metric.left_out()) == 3


@pytest.mark.lanes("keras3", "keras3-jax", "keras3-torch", "tf_keras", "tf_keras-graph", "keras2", "keras2-graph")
@pytest.mark.parametrize("shape", [(-1,), (-1, 1)], ids=str)
def test_class_numbers_in_evaluate(shape, make_model, stack, data):
    x, _ = data
    numbers = x[:, :4].argmax(1)
    of_labels = {"multi_label": True, "num_labels": 4}
    metrics = [auc_roc(num_thresholds=2000, name="flat"), auc_roc(num_thresholds=2000, name="by", **of_labels)]
    metrics += [RankAUC(name="flat_rank"), RankAUC(name="by_rank", **of_labels)]
    model = make_model(metrics, units=4, activation="softmax", loss="sparse_categorical_crossentropy")
    callback = RocCallback((x, numbers.reshape(shape)), verbose=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logged = stack.evaluate(model, x, numbers.reshape(shape), batch_size=100)
        history = model.fit(x, numbers.reshape(shape), epochs=1, verbose=0, callbacks=[callback]).history
    scores, one_hot = model.predict(x, verbose=0), np.eye(4)[numbers]
    for name in ("flat", "flat_rank"):
        assert logged[name] == pytest.approx(exact(one_hot, scores, ""), abs=5e-3)
    for name in ("by", "by_rank"):
        assert logged[name] == pytest.approx(exact(one_hot, scores, "of labels"), abs=5e-3)
    assert history["roc_auc"] == [pytest.approx(exact(one_hot, scores, "of labels"), abs=1e-6)]


@pytest.mark.lanes("keras3", "tf_keras", "keras2")
@pytest.mark.parametrize(
    ("spec", "content"),
    [
        ((None,), "numbers"),
        ((None, None), "column"),
        ((None, None), "one-hot"),
        (None, "numbers"),
        (None, "column"),
        (None, "one-hot"),
    ],
    ids=str,
)
def test_labels_whose_shape_only_the_run_knows(spec, content, stack):
    tf = stack.tensorflow
    numbers, scores = softmax(4)
    labels = {"numbers": numbers, "column": numbers[:, None], "one-hot": np.eye(4)[numbers]}[content].astype("float32")
    metrics = [auc_roc(), auc_roc(multi_label=True, num_labels=4), RankAUC(), RankAUC(multi_label=True, num_labels=4)]

    @tf.function(autograph=False, input_signature=[tf.TensorSpec(spec), tf.TensorSpec((None, 4))])
    def step(y_true, y_pred):
        for metric in metrics:
            metric.update_state(y_true, y_pred)

    step(labels, scores)
    for metric in metrics:
        entry = "of labels" if getattr(metric, "multi_label", False) else ""
        expected = exact(np.eye(4)[numbers], scores, entry)
        assert float(metric.result()) == pytest.approx(expected, abs=6e-3), metric.get_config()
    with pytest.raises(stack.errors, match="(?s)one label for each score|add up to|class numbers|0 or 1"):
        step(labels[:-1], scores)

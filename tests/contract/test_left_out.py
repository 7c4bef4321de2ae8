"""Contract 9: a row of weight 0, or whose label is `ignore_class`, counts for nothing, whatever its label and score."""

import numpy as np
import oracle
import pytest

from compat_auc import RankAUC, auc_roc

RANK = ("keras3", "keras3-jax", "keras3-torch", "tf_keras", "tf_keras-graph", "keras2", "oldest", "tf1")


@pytest.fixture
def rows():
    """Labels, scores and whole weights of 300 rows; a third has weight 0 and is garbage."""
    rng = np.random.RandomState(5)
    labels, scores = (rng.rand(300) < 0.4).astype("float32"), rng.rand(300).astype("float32")
    weights = np.where(np.arange(300) % 3 == 0, 0, rng.randint(1, 5, 300)).astype("float32")
    garbage = weights == 0
    labels[garbage], scores[garbage] = -1, np.nan
    scores[:100][garbage[:100]] = 7
    return labels, scores, weights


def counted(stack, metric, *rows):
    stack.update(metric, *rows)
    return metric


def counts(stack, metric):
    """Everything that the metric has counted."""
    values = metric.weights if not stack.is_keras_3 else metric.variables
    return [np.asarray(stack.session().run(v) if stack.graph else v) for v in values]


@pytest.mark.parametrize("make", [auc_roc, pytest.param(RankAUC, marks=pytest.mark.lanes(*RANK))], ids=["auc", "rank"])
def test_weight_0_is_as_if_the_row_were_not_there(make, rows, stack):
    kept = rows[2] > 0
    whole = counted(stack, make(), *rows)
    without = counted(stack, make(), *[part[kept] for part in rows])
    for ours, expected in zip(counts(stack, whole), counts(stack, without)):
        np.testing.assert_array_equal(ours, expected)
    assert 0 < stack.value(whole) == stack.value(without) < 1


@pytest.mark.parametrize("make", [auc_roc, pytest.param(RankAUC, marks=pytest.mark.lanes(*RANK))], ids=["auc", "rank"])
def test_ignored_labels(make, rows, stack):
    labels, scores, weights = rows
    scores = np.nan_to_num(scores, nan=0.5).clip(0, 1)
    kept = labels >= 0
    ours = counted(stack, make(ignore_class=-1), labels, scores, None)
    expected = counted(stack, make(), labels[kept], scores[kept], None)
    for one, other in zip(counts(stack, ours), counts(stack, expected)):
        np.testing.assert_array_equal(one, other)
    assert stack.value(ours) == pytest.approx(oracle.pairs_auc(labels[kept], scores[kept]), abs=0.01)
    both = counted(stack, make(ignore_class=-1), labels, scores, weights + 1)
    alone = counted(stack, make(), labels[kept], scores[kept], weights[kept] + 1)
    assert stack.value(both) == stack.value(alone)


def test_single_labels_of_several_columns(stack):
    rng = np.random.RandomState(2)
    labels, scores = (rng.rand(60, 3) < 0.5).astype("float32"), rng.rand(60, 3).astype("float32")
    labels[rng.rand(60, 3) < 0.2] = -1
    kept = labels >= 0
    metric = counted(stack, auc_roc(ignore_class=-1), labels, scores, None)
    assert stack.value(metric) == pytest.approx(oracle.thresholded_auc(labels[kept], scores[kept]), abs=1e-6)


def test_in_fit(make_model, stack, data):
    """Rows of weight 0 with a label of -1, in a compiled step."""
    x, y = data
    weights = np.where(np.arange(len(y)) % 4 == 0, 0, 1).astype("float32")
    model = make_model([], weighted_metrics=[auc_roc], loss="mse")
    logged = stack.evaluate(model, x, np.where(weights == 0, -1, y), sample_weight=weights)
    kept = weights > 0
    expected = oracle.thresholded_auc(y[kept], model.predict(x, verbose=0)[kept])
    assert [value for key, value in logged.items() if "auc" in key] == [pytest.approx(expected, abs=1e-6)]


@pytest.mark.parametrize("wrong", [0, 1, "none", True])
def test_an_ignore_class_that_makes_no_sense(wrong):
    with pytest.raises(ValueError, match="ignore_class"):
        auc_roc(ignore_class=wrong)


def test_minus_1_without_a_word_is_an_error(rows, stack):
    labels, scores, _ = rows
    with pytest.raises(stack.errors, match=r"0 or 1"):
        stack.update(auc_roc(), labels, np.nan_to_num(scores, nan=0.5).clip(0, 1), None)


def test_masked_steps(keras, stack):
    """Keras 2 gives a metric the mask of a layer; Keras 3 gives it to none."""
    rng = np.random.RandomState(0)
    words = rng.randint(1, 9, (40, 7))
    words[:, 4:] = 0
    words[::2, 2:] = 0
    labels = (rng.rand(40, 7, 1) < 0.5).astype("float32")
    labels[words == 0] = 1
    tokens = keras.layers.Input((7,))
    scores = keras.layers.Dense(1, activation="sigmoid")(keras.layers.Embedding(9, 4, mask_zero=True)(tokens))
    model = keras.models.Model(tokens, scores)
    model.set_weights([4 * rng.randn(*weights.shape) for weights in model.get_weights()])
    model.compile("sgd", "binary_crossentropy", metrics=[auc_roc()] if stack.is_multi_backend else [auc_roc])
    predicted = model.predict(words, verbose=0)
    counted = np.ones(words.shape, bool) if stack.is_keras_3 else words != 0
    expected = oracle.thresholded_auc(labels[counted], predicted[counted])
    assert stack.evaluate(model, words, labels)["auc_roc"] == pytest.approx(expected, abs=1e-6)

"""Contract 9: garbage gives an error where the backend can raise, NaN where it cannot, and never a number."""

import warnings

import numpy as np
import oracle
import pytest
import stacks

from compat_auc import auc_roc

LABELS = np.array([0, 1, 0, 1, 1, 0], "float32")
SCORES = np.array([0.1, 0.8, 0.3, 0.4, 0.9, 0.5], "float32")  # 8 of the 9 pairs are in order.


def replaced(array, value):
    array = array.copy()
    array[2] = value
    return array


GARBAGE = {
    "labels_0_to_9": (replaced(LABELS, 9), SCORES, None, r"labels .* 0 or 1.*9"),
    "labels_minus_1": (2 * LABELS - 1, SCORES, None, r"labels .* 0 or 1.*-1"),
    "soft_labels": (replaced(LABELS, 0.25), SCORES, None, r"labels .* 0 or 1.*0\.25"),
    "label_next_to_0": (replaced(LABELS, 1e-30), SCORES, None, r"labels .* 0 or 1.*e-30"),
    "label_next_to_1": (replaced(LABELS, np.float32(1 - 2**-24)), SCORES, None, "labels .* 0 or 1"),
    "nan_label": (replaced(LABELS, np.nan), SCORES, None, r"labels .* 0 or 1.*nan"),
    "logits": (LABELS, replaced(SCORES, 3.5), None, r"scores .*from_logits=True.*3\.5"),
    "negative_score": (LABELS, replaced(SCORES, -0.5), None, r"scores .*from_logits=True.*-0\.5"),
    "nan_score": (LABELS, replaced(SCORES, np.nan), None, r"scores .*nan"),
    "infinite_score": (LABELS, replaced(SCORES, np.inf), None, r"scores .*inf"),
    "negative_weight": (LABELS, SCORES, replaced(SCORES, -2), r"sample_weight .*-2"),
    "nan_weight": (LABELS, SCORES, replaced(SCORES, np.nan), r"sample_weight .*nan"),
}


@pytest.mark.parametrize("name", sorted(GARBAGE))
def test_values(name, stack):
    """The metric itself: every backend has the values here, and after reset_state the metric is as new."""
    labels, scores, weights, message = GARBAGE[name]
    metric = auc_roc()
    with pytest.raises(stack.errors, match="(?s)" + message):
        stack.update(metric, labels, scores, weights)
    reset(metric)
    stack.update(metric, LABELS, SCORES)
    assert stack.value(metric) == pytest.approx(8 / 9, abs=1e-6)


def reset(metric):
    getattr(metric, "reset_state", getattr(metric, "reset_states", None))()


@pytest.mark.parametrize("name", sorted(GARBAGE))
def test_data_at_once(name):
    labels, scores, weights, message = GARBAGE[name]
    with pytest.raises(ValueError, match="(?s)" + message):
        auc_roc(labels, scores, weights)


@pytest.mark.parametrize("what", ["labels", "scores"])
def test_in_a_compiled_step(what, keras, stack, make_model, data):
    """Labels 0..9; logits in the place of scores. Afterwards the same model gives the right number."""
    x, y = data
    model = make_model([auc_roc], activation=None if what == "scores" else "sigmoid", loss="mse")
    bad = 9 * y if what == "labels" else y
    if stack.backend == "jax":
        with pytest.warns(UserWarning, match="auc_roc is NaN"):
            assert np.isnan(stack.evaluate(model, x, bad)["auc_roc"])
    else:
        with pytest.raises(stack.errors, match="(?s)auc_roc expects"):
            stack.evaluate(model, x, bad)
    if what == "labels":
        value = stack.evaluate(model, x, y)["auc_roc"]
        assert value == pytest.approx(oracle.thresholded_auc(y, model.predict(x, verbose=0)), abs=1e-6)


# torch compiles no step of Keras here; graph mode has no jit_compile.
@pytest.mark.lanes("keras3", "keras3-jax", "tf_keras", "keras2", "oldest")
@pytest.mark.fails_on("oldest", raises=TypeError, reason="Keras before TensorFlow 2.6 has no jit_compile")
def test_with_jit_compile_the_result_is_nan(stack, make_model, data):
    x, y = data
    model = make_model([auc_roc], loss="mse", jit_compile=True)
    with pytest.warns(UserWarning, match="auc_roc is NaN"):
        assert np.isnan(stack.evaluate(model, x, 9 * y)["auc_roc"])
    assert not np.isnan(stack.evaluate(model, x, y)["auc_roc"])


@pytest.mark.parametrize("labels, scores", [((5,), (6, 2)), ((5, 1), (6, 2)), ((6, 2), (6, 3)), ((5,), (6,))])
def test_shapes_that_do_not_match(labels, scores, stack):
    metric = auc_roc()
    with pytest.raises(ValueError, match="one label for each score") as raised:
        stack.update(metric, np.zeros(labels, "float32"), np.zeros(scores, "float32"))
    assert str(labels) in str(raised.value) and str(scores) in str(raised.value)
    stack.update(metric, LABELS, SCORES)
    assert stack.value(metric) == pytest.approx(8 / 9, abs=1e-6)


def test_sample_weight_of_the_wrong_shape(stack):
    with pytest.raises(ValueError, match=r"\(5,\).*\(6,\)"):
        stack.update(auc_roc(), LABELS, SCORES, np.ones(5, "float32"))


@pytest.mark.parametrize("label", [0, 1])
def test_one_class_is_nan(label, stack):
    metric = auc_roc()
    stack.update(metric, np.full(6, label, "float32"), SCORES)
    assert np.isnan(stack.value(metric))
    assert np.isnan(auc_roc(np.full(6, label), SCORES))


def test_no_data_is_nan_and_an_empty_batch_changes_nothing(stack):
    metric = auc_roc()
    empty = np.zeros(0, "float32")
    stack.update(metric, empty, empty)
    assert np.isnan(stack.value(metric))
    stack.update(metric, LABELS, SCORES)
    stack.update(metric, empty, empty)
    assert stack.value(metric) == pytest.approx(8 / 9, abs=1e-6)


@pytest.mark.parametrize(
    "options", [{"num_thresholds": 1}, {"curve": "LIFT"}, {"summation_method": "simpson"}], ids=str
)
def test_options_out_of_range(options):
    (value,) = options.values()
    with pytest.raises(ValueError, match=str(value) if isinstance(value, str) else "num_thresholds"):
        auc_roc(**options)


def test_unknown_option():
    with pytest.raises(TypeError, match=r"^auc_roc takes the options .*num_thresholds.* Received: treshold=100$"):
        auc_roc(treshold=100)


def test_options_and_data_together():
    with pytest.raises(TypeError, match="not both"):
        auc_roc(LABELS, SCORES, num_thresholds=100)
    with pytest.raises(TypeError, match="not both"):
        auc_roc(1000)


@pytest.mark.lanes(*(lane for lane in stacks.LANES if lane != "keras3-torch"))
def test_wrapped_in_a_function_it_refuses_to_be_averaged(make_model, stack, data):
    """metrics=[lambda y, p: auc_roc(y, p)] would log the mean of batch values. torch has values in every step."""
    x, y = data

    def wrapped(y_true, y_pred):
        return auc_roc(y_true, y_pred)

    with pytest.raises(TypeError, match=r"metrics=\[auc_roc\]"):
        stack.evaluate(make_model([wrapped]), x, y)


@pytest.mark.parametrize("weights", [None, [1.0, 1.0, np.nan]])
def test_nan_raises_and_numpy_warns_of_nothing(weights):
    scores = [0.1, 0.2, np.nan if weights is None else 0.3]
    rows = [np.repeat(values, 50) for values in ([0, 1, 1], scores, weights) if values is not None]
    with warnings.catch_warnings(), pytest.raises(ValueError, match="nan"):
        warnings.simplefilter("error")
        auc_roc(*rows)

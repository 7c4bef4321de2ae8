"""Contract 1 to 3: every way to give auc_roc to compile, the names it logs under, and a state for each compile."""

import oracle
import pytest
import stacks

from compat_auc import RankAUC, auc_roc

FORMS = {
    "beside_accuracy": lambda: dict(metrics=["accuracy", auc_roc]),
    "bare": lambda: dict(metrics=auc_roc),
    "name": lambda: dict(metrics=["auc_roc"]),
    "dict": lambda: dict(metrics={"out": auc_roc}),
    "dict_of_lists": lambda: dict(metrics={"out": ["accuracy", auc_roc]}),
    "weighted": lambda: dict(metrics=[], weighted_metrics=[auc_roc]),
    "configured": lambda: dict(metrics=[auc_roc()]),
}


@pytest.fixture
def two_outputs(keras, stack):
    def make(metrics):
        inputs = keras.layers.Input(shape=(6,))
        outputs = [keras.layers.Dense(1, activation="sigmoid", name=name)(inputs) for name in ("a", "b")]
        model = keras.models.Model(inputs, outputs)
        model.compile("sgd", {"a": "binary_crossentropy", "b": "binary_crossentropy"}, metrics=stack.metrics(metrics))
        return model

    return make


@pytest.mark.fails_on(
    *stacks.KERAS_3,
    param="bare",
    raises=ValueError,
    reason="Keras 3 (3.15.1) takes only a list, tuple or dict of metrics: metrics='accuracy' fails, too",
)
@pytest.mark.fails_on(
    *stacks.GRAPH,
    param="bare",
    raises=TypeError,
    reason="Keras 2 in graph mode takes only a list or dict of metrics",
)
@pytest.mark.parametrize("form", list(FORMS))
def test_forms(form, keras, stack, data):
    x, y = data
    inputs = keras.layers.Input(shape=(6,))
    model = keras.models.Model(inputs, keras.layers.Dense(1, activation="sigmoid", name="out")(inputs))
    options = {name: stack.metrics(metrics) for name, metrics in FORMS[form]().items()}
    model.compile("sgd", "binary_crossentropy", **options)
    logs = stack.evaluate(model, x, y)
    assert logs[stack.weighted_key if form == "weighted" else "auc_roc"] == pytest.approx(
        oracle.thresholded_auc(y, model.predict(x, verbose=0)), abs=1e-6
    )


@pytest.mark.fails_on(
    *stacks.KERAS_3,
    param="one_list",
    raises=ValueError,
    reason="Keras 3 (3.15.1) wants one entry an output: metrics=['mae'] fails, too",
)
@pytest.mark.parametrize(
    "metrics",
    [[auc_roc], {"a": auc_roc, "b": auc_roc}, {"a": [auc_roc], "b": ["auc_roc"]}, [[auc_roc], [auc_roc]]],
    ids=["one_list", "dict", "dict_of_lists", "list_per_output"],
)
def test_two_outputs(metrics, two_outputs, stack, data):
    x, y = data
    model = two_outputs(metrics)
    labels = [y, 1 - y]
    logs = stack.evaluate(model, x, labels)
    for name, scores, expected in zip("ab", model.predict(x, verbose=0), labels):
        assert logs[name + "_auc_roc"] == pytest.approx(oracle.thresholded_auc(expected, scores), abs=1e-6)


def test_a_flat_list_of_two_metrics_for_two_outputs(two_outputs, stack, data):
    x, y = data
    logs = stack.evaluate(two_outputs(["mae", auc_roc]), x, [y, 1 - y])
    keys = {"a_mae", "b_auc_roc"} if stack.lane in stacks.KERAS_3 else {"a_mae", "a_auc_roc", "b_mae", "b_auc_roc"}
    # Keras 2 in graph mode spells the name out.
    logged = {key.replace("mean_absolute_error", "mae") for key in logs if not key.endswith("loss")}
    assert logged == keys, "migrate (CA118) and the guide count on this"


def test_log_keys_on_the_first_model_and_on_the_tenth(make_model, data):
    x, y = data
    models = [make_model(["accuracy", auc_roc]) for _ in range(10)]
    for model in (models[0], models[-1]):
        logs = model.fit(x, y, validation_split=0.3, epochs=1, verbose=0).history
        assert {key for key in logs if "auc" in key} == {"auc_roc", "val_auc_roc"}


def test_two_configured_metrics_are_two_metrics(make_model, stack, data):
    x, y = data
    model = make_model([auc_roc(), auc_roc(num_thresholds=3, name="coarse")])
    logs = stack.evaluate(model, x, y)
    scores = model.predict(x, verbose=0)
    assert logs["auc_roc"] == pytest.approx(oracle.thresholded_auc(y, scores), abs=1e-6)
    assert logs["coarse"] == pytest.approx(oracle.thresholded_auc(y, scores, num_thresholds=3), abs=1e-6)


def test_the_same_name_twice_is_what_keras_makes_of_it(make_model, stack, data):
    """Keras 3 numbers the second, Keras 2 refuses it, or in graph mode takes one of them."""
    x, y = data
    if not (stack.is_keras_3 or stack.graph):
        with pytest.raises(ValueError, match="same name"):
            stack.evaluate(make_model([auc_roc(), auc_roc()]), x, y)
        return
    model = make_model([auc_roc(), auc_roc()])
    logs = stack.evaluate(model, x, y)
    expected = oracle.thresholded_auc(y, model.predict(x, verbose=0))
    names = ["auc_roc"] if stack.graph else ["auc_roc", "auc_roc_1"]
    assert sorted(set(logs) - {"loss"}) == names
    assert [logs[name] for name in names] == pytest.approx([expected] * len(names), abs=1e-6)


def test_two_models_trained_in_turns(make_model, data):
    x, y = data
    models = [make_model([auc_roc], seed=seed) for seed in (3, 4)]
    scores = [model.predict(x, verbose=0) for model in models]
    for end in (200, 400, 600):
        for model, p in zip(models, scores):
            batch = slice(end - 200, end)
            _, logged = model.train_on_batch(x[batch], y[batch])
            assert float(logged) == pytest.approx(oracle.thresholded_auc(y[batch], p[batch]), abs=1e-6)


def test_folds_of_a_cross_validation_after_clear_session(make_model, keras, data):
    x, y = data
    for fold in range(3):
        keras.backend.clear_session()
        held_out = slice(200 * fold, 200 * fold + 200)
        model = make_model([auc_roc], seed=fold, frozen=False)
        logs = model.fit(x, y, validation_data=(x[held_out], y[held_out]), epochs=2, verbose=0).history
        expected = oracle.thresholded_auc(y[held_out], model.predict(x[held_out], verbose=0))
        assert logs["val_auc_roc"][-1] == pytest.approx(expected, abs=1e-6)


# Such a model asks at once for a metric's variables, which those of Keras 2 do not check. Its `fit` fails itself there.
@pytest.mark.lanes("keras3")
@pytest.mark.parametrize("metric", [RankAUC, auc_roc])
def test_a_model_of_the_copy_of_keras_in_tensorflow(metric):
    from tensorflow.python.keras import layers, models

    model = models.Sequential([layers.Dense(1, activation="sigmoid", input_shape=(1,))])
    with pytest.raises(ValueError, match="a model of tensorflow.python.keras, which would average"):
        model.compile("sgd", "binary_crossentropy", metrics=[metric()])

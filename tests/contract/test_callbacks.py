"""Contract 6: callbacks that monitor val_auc_roc see a number that goes up when the model gets better."""

import os
import warnings

import numpy as np
import pytest
from directions import CALLBACKS, direction

from compat_auc import RankAUC, RocCallback, auc_roc


@pytest.fixture
def fit(make_model, set_learning_rate, data):
    """Train for six epochs, of which the first is the best: the labels are turned round."""

    def run(callback):
        x, y = data
        model = make_model([auc_roc], frozen=False)
        set_learning_rate(model, 1.0)
        validation = (x[400:], (model.predict(x[400:], verbose=0)[:, 0] > 0.5).astype("float32"))
        return model, model.fit(
            x, 1 - y, validation_data=validation, epochs=6, verbose=0, callbacks=[callback], batch_size=100
        )

    return run


# Keras 3 knows that an AUC goes up; Keras 2 looks at the name's ending and takes auc_roc for something to minimise.
@pytest.fixture(params=["max", None], ids=["mode_max", "no_mode"])
def mode(request, stack):
    if request.param is None:
        return {} if stack.is_keras_3 else {"mode": "max"}
    return {"mode": request.param}


def test_early_stopping(fit, keras, mode):
    stopping = keras.callbacks.EarlyStopping(monitor="val_auc_roc", patience=2, **mode)
    _, history = fit(stopping)
    logged = history.history["val_auc_roc"]
    best = int(np.argmax(logged))
    assert len(logged) == best + 3 < 6


def test_model_checkpoint_keeps_the_best(fit, keras, mode, stack, tmp_path):
    path = str(tmp_path / ("best.weights.h5" if stack.is_keras_3 else "best.h5"))
    checkpoint = keras.callbacks.ModelCheckpoint(
        path, monitor="val_auc_roc", save_best_only=True, save_weights_only=True, **mode
    )
    _, history = fit(checkpoint)
    logged = history.history["val_auc_roc"]
    assert float(checkpoint.best) == pytest.approx(max(logged), abs=1e-6)
    assert logged[-1] < max(logged) and os.path.exists(path)


def test_reduce_lr_on_plateau(fit, keras, mode, stack):
    reducing = keras.callbacks.ReduceLROnPlateau(monitor="val_auc_roc", factor=0.5, patience=1, min_delta=0.0, **mode)
    model, history = fit(reducing)
    logged = history.history["val_auc_roc"]
    best, worse = -np.inf, 0
    for value in logged:
        best, worse = max(best, value), worse + (value <= best)
    assert worse > 0
    rate = model.optimizer.learning_rate
    rate = float(keras.ops.convert_to_numpy(rate) if stack.is_keras_3 else keras.backend.get_value(rate))
    assert rate == pytest.approx(0.5**worse)


def test_logged_values_are_those_of_the_model(fit, keras):
    seen = []

    class Predict(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            seen.append(logs["val_auc_roc"])

    _, history = fit(Predict())
    assert seen == pytest.approx(history.history["val_auc_roc"])
    assert all(0 <= value <= 1 for value in seen) and len(set(seen)) > 1


def without_mode(stack, callback, key):
    """The table of the guide ("Callbacks that watch an AUC")."""
    if stack.is_keras_3:
        return "ValueError" if key == "val_roc_auc" else "max"
    knows_auc = stack.lane.startswith(("tf_keras", "keras2"))
    return "max" if knows_auc and callback == "EarlyStopping" and key.endswith("auc") else "min"


def warnings_of_direction(call):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = call()
    return result, [str(warning.message) for warning in caught if "for the best" in str(warning.message)]


@pytest.mark.parametrize("key", ["val_auc_roc", "val_rank_auc", "val_roc_auc"])
@pytest.mark.parametrize("callback", CALLBACKS)
def test_a_callback_that_takes_the_smallest_is_named(keras, stack, callback, key):
    if stack.is_multi_backend and key == "val_rank_auc":
        pytest.skip("RankAUC does not work there")
    way, sentences = warnings_of_direction(lambda: direction(keras, callback, key))
    expected = without_mode(stack, callback, key)
    assert way.startswith(expected)
    assert len(sentences) == (expected == "min")
    assert all(f'{callback}(monitor="{key}", mode="max"' in sentence for sentence in sentences)
    assert warnings_of_direction(lambda: direction(keras, callback, key, mode="max")) == ("max", [])


class Watching:
    """A monitor of a program, which compares as the callbacks of Keras do."""

    def __init__(self, monitor, monitor_op=np.less, **options):
        self.monitor, self.monitor_op = monitor, monitor_op
        vars(self).update(options)


@pytest.mark.lanes("keras3", "keras3-jax", "keras3-torch", "tf_keras", "tf_keras-graph", "keras2", "oldest", "tf1")
def test_which_callbacks_are_named(make_model, data, keras):
    def watch(*arguments, **options):
        class Mine(Watching, keras.callbacks.Callback):
            def __init__(self):
                keras.callbacks.Callback.__init__(self)
                Watching.__init__(self, *arguments, **options)

        return Mine()

    x, y = data
    model = make_model([auc_roc, RankAUC()])
    named = {"epochs": 3, "verbose": 0, "validation_data": (x, y)}
    quiet = [
        watch("val_loss"),
        watch("val_auc_roc", np.greater),
        watch("val_auc_roc", None),
        watch("other_auc_roc"),
        watch("val_auc_roc", mode="min"),
        watch("val_auc_roc", save_best_only=False),
    ]
    assert warnings_of_direction(lambda: model.fit(x, y, callbacks=quiet, **named))[1] == []
    loud = [*quiet, watch("val_auc_roc"), watch("rank_auc", lambda new, best: new < best - 1e-4)]
    sentences = warnings_of_direction(lambda: model.fit(x, y, callbacks=loud, **named))[1]
    assert sorted(sentence.split()[4] for sentence in sentences) == ["rank_auc", "val_auc_roc"]
    assert warnings_of_direction(lambda: model.fit(x, y, callbacks=loud, **named))[1] == []
    roc = RocCallback(validation_data=(x, y), verbose=0)
    sentences = warnings_of_direction(lambda: model.fit(x, y, callbacks=[roc, watch("val_roc_auc")], **named))[1]
    assert len(sentences) == 1 and 'monitor="val_roc_auc", mode="max"' in sentences[0]

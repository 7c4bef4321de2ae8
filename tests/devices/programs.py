"""What the programs share: a model whose prediction is its input, and the values that a model logs."""

import json

from compat_auc import RankAUC, auc_roc
from devices import rows


def identity_model(keras, **options):
    """Compiled, and training leaves it as it is."""
    inputs = keras.layers.Input(shape=(1,))
    outputs = keras.layers.Dense(1, kernel_initializer="ones", use_bias=False)(inputs)
    model = keras.models.Model(inputs, outputs)
    model.compile(optimizer=keras.optimizers.SGD(0.0), loss="mse", metrics=[auc_roc, RankAUC()], **options)
    return model


def logged(keras, model, labels, scores):
    """The values of `fit` over two epochs, after each batch of the first, of its validation, and of `evaluate`.

    Each is a pair: of `auc_roc` and of `RankAUC`.
    """
    after_batch = []

    class Record(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            after_batch.append(both(logs))

    part = slice(0, rows.ROWS - 12)  # The last batch is smaller than the others.
    options = {"batch_size": rows.BATCH, "verbose": 0}
    fitted = model.fit(
        scores,
        labels,
        validation_data=(scores[part], labels[part]),
        validation_batch_size=rows.BATCH,
        epochs=2,
        shuffle=False,
        callbacks=[Record()],
        **options,
    )
    return {
        "after_batch": after_batch[: rows.ROWS // rows.BATCH],
        "fit": list(zip(*both(fitted.history))),
        "validation": list(zip(*both(fitted.history, "val_"))),
        "evaluate": [both(model.evaluate(scores, labels, return_dict=True, **options)) for _ in range(2)],
    }


def both(logs, prefix=""):
    return [logs[prefix + "auc_roc"], logs[prefix + "rank_auc"]]


def report(values):
    """For the test that started the program: the last line that it prints."""
    print(json.dumps(values, default=float))

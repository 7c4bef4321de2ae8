"""Train and evaluate with RankAUC on two devices; exit 1 unless it counts each row once. Run by test_rank_devices.py.

    python devices_program.py LANE mirrored | workers | data_parallel

Devices must be set up before the framework starts, hence a process of its own. `workers` is run twice at once, with
TF_CONFIG set.
"""

import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
lane, kind = sys.argv[1:]
if kind == "data_parallel":
    os.environ["XLA_FLAGS"] = "--xla_force_host_platform_device_count=2"

import contextlib  # noqa: E402

import numpy as np  # noqa: E402
import stacks  # noqa: E402

from compat_auc import RankAUC, RocCounts  # noqa: E402

stack = stacks.load(lane)
keras = stack.keras


def scope():
    if kind == "data_parallel":
        keras.distribution.set_distribution(keras.distribution.DataParallel())
        return contextlib.nullcontext()
    tf = stack.tensorflow
    if kind == "workers":
        return tf.distribute.MultiWorkerMirroredStrategy().scope()
    two = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], two)
    return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]).scope()


def main():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(992, 6)).astype(np.float32)
    y = (x[:, 0] + rng.normal(size=992) > 1).astype(np.float32)
    with scope():
        inputs = keras.layers.Input((6,))
        model = keras.models.Model(inputs, keras.layers.Dense(1, activation="sigmoid")(inputs))
        model.set_weights([np.linspace(-1, 1, 6)[:, None], np.zeros(1)])
        metric = RankAUC()
        model.compile("sgd", "binary_crossentropy", metrics=[metric])
        model.optimizer.learning_rate = 0.0
    # Each worker would shuffle in an order of its own, and then take its share: some rows twice, some never.
    history = model.fit(x, y, batch_size=32, epochs=2, shuffle=False, verbose=0).history
    one_device = RocCounts().add(y, 1 / (1 + np.exp(-x @ np.linspace(-1, 1, 6))))
    logged = history["rank_auc"] + [model.evaluate(x, y, batch_size=32, verbose=0)[1]]
    # A score may fall on the other side of an edge, as NumPy's exp is not the framework's.
    assert np.allclose(logged, one_device.auc(), atol=1e-4), (logged, one_device)
    assert logged[0] == logged[1] and abs(logged[2] - logged[0]) < 1e-6, logged
    counts = metric.counts()
    assert counts.positive.sum() == y.sum() and counts.negative.sum() == (1 - y).sum(), counts


main()

"""keras.distribution.DataParallel on JAX, over two devices that XLA makes of one CPU."""

import os

os.environ["XLA_FLAGS"] = "--xla_force_host_platform_device_count=2"

import stacks

from devices import programs, rows


def main():
    keras = stacks.load("keras3-jax").keras
    keras.distribution.set_distribution(keras.distribution.DataParallel())
    labels, scores = rows.labels_and_scores()
    values = programs.logged(keras, programs.identity_model(keras), labels, scores)
    values["devices"] = keras.distribution.list_devices()
    values["rows_of_a_device"] = rows_of_a_device(keras, scores)
    programs.report(values)


def rows_of_a_device(keras, scores):
    """Of a batch, as a layer of a model sees it."""
    import jax

    found = []

    class Look(keras.layers.Layer):
        def call(self, inputs):
            jax.debug.inspect_array_sharding(inputs, callback=lambda sharding: found.append(sharding))
            return inputs

    inputs = keras.layers.Input(shape=(1,))
    keras.models.Model(inputs, Look()(inputs)).predict(scores[: rows.BATCH], batch_size=rows.BATCH, verbose=0)
    return found[-1].shard_shape((rows.BATCH, 1))[0]


if __name__ == "__main__":
    main()

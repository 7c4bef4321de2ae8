"""What Keras itself cannot do on some stacks, with the reason. An entry that heals, or matches no test, fails."""

import fnmatch

import pytest

GRAPH = ("tf_keras-graph", "keras2-graph", "tf1", "tf1-keras")
KERAS_3 = ("keras3", "keras3-jax", "keras3-torch")

# (lanes, a part of the test's id, the error that Keras gives, why)
KNOWN = [
    (
        KERAS_3,
        "test_models_that_the_old_keras_saved[[]*tf1.8-keras2.1]",
        TypeError,
        "Keras 3 (3.15.1) does not read .h5 files of Keras 2.1.6: layers are a list there. tf_keras reads them",
    ),
    (
        KERAS_3,
        "test_models_that_the_old_keras_saved[[]*tf1.15-keras2.3]",
        ValueError,
        "Keras 3 (3.15.1) builds a wrong input shape from .h5 files of Keras 2.3.1. tf_keras reads them",
    ),
    (
        KERAS_3,
        "test_forms[[]bare]",
        ValueError,
        "Keras 3 (3.15.1) takes only a list, tuple or dict of metrics: metrics='accuracy' fails, too",
    ),
    (
        KERAS_3,
        "test_two_outputs[[]one_list]",
        ValueError,
        "Keras 3 (3.15.1) wants one entry an output: metrics=['mae'] fails, too",
    ),
    (
        GRAPH,
        "test_forms[[]bare]",
        TypeError,
        "Keras 2 in graph mode takes only a list or dict of metrics",
    ),
    (
        GRAPH,
        "test_compile_options*",
        (TypeError, ValueError),
        "Keras 2 in graph mode has none of these arguments of compile",
    ),
    (
        GRAPH,
        "test_mixed_precision",
        (ValueError, AttributeError),
        "Keras 2 sets a global policy only with the dtypes of TensorFlow 2, and TensorFlow 1.15 has none",
    ),
    (
        ("tf1-keras",),
        "test_saved_loaded_and_again*",
        ValueError,
        "Keras 2.3.1 does not load a model that was compiled with a metric object, its own AUC() included",
    ),
    (
        ("oldest",),
        "*jit_compile*",
        TypeError,
        "Keras before TensorFlow 2.6 has no jit_compile",
    ),
    (
        ("keras3-torch",),
        "test_compile_options[[]{'steps_per_execution': 8}]",
        ValueError,
        "Keras 3 (3.15.1) takes only 1 step on torch",
    ),
    (
        ("tf_keras-graph", "keras2-graph"),
        "test_saved_loaded_and_again[[]keras-*",
        NotImplementedError,
        "The .keras format (2.12 to 2.21) reads the optimizer's values, which graph mode does not have",
    ),
    (
        ("tf_keras", "keras2"),
        "test_logs_after_a_batch[[]by_default]",
        AssertionError,
        "Keras 2 (2.21) sums what the workers of MultiWorkerMirroredStrategy log after a batch, of each metric: an "
        "AUC, and an accuracy, of 1.8. Its way out is model.distribute_reduction_method = 'first'",
    ),
]


# (lanes, models of tests/golden/upgrade that they cannot read, why); it is the layers or the optimizer, with any metric
NEWER = "written by a newer Keras"
UNREADABLE = [
    (
        KERAS_3,
        ("keras2-graph.h5", "tf_keras-graph.h5", "tf1.h5"),
        "initializers with a dtype, as TensorFlow 1 has them",
    ),
    (KERAS_3, ("keras2.keras", "tf_keras.keras"), "modules of Keras 2 by name"),
    (("tf_keras", "tf_keras-graph"), ("keras3*",), NEWER),
    (("keras2", "keras2-graph", "oldest"), ("keras3*", "tf_keras*"), NEWER),
    (
        ("tf_keras-graph",),
        ("tf_keras.*", "keras2.*"),
        "saved in eager mode: reads values, which graph mode does not have",
    ),
    (("keras2-graph",), ("keras2.*",), "saved in eager mode: reads values, which graph mode does not have"),
    (("oldest",), ("keras2.*",), NEWER),
    (("tf1", "tf1-keras"), ("oldest.h5", "keras2*", "keras3*", "tf_keras*"), NEWER),
    (("tf1-keras",), ("tf1.h5",), "the input layer of tf.keras, which multi-backend Keras does not know"),
]


def known():
    """All entries, as (lanes, pattern of the test's name, errors, reason)."""
    errors = (TypeError, ValueError, NotImplementedError, OSError)
    for lanes, files, reason in UNREADABLE:
        for file in files:
            yield lanes, "test_models_saved_with_auc_roc[[]%s]" % file, errors, reason
    yield from KNOWN


def mark(lane, items, whole):
    """Mark the tests that are known to fail on the lane; patterns are those of fnmatch.

    Raises:
        pytest.UsageError: where the whole lane was collected, and an entry matches none of its tests.
    """
    for lanes, pattern, error, reason in known():
        if lane in lanes:
            found = [item for item in items if fnmatch.fnmatchcase(item.name, pattern)]
            if whole and not found:
                raise pytest.UsageError("tests/upstream.py: no test on %s is called %s" % (lane, pattern))
            for item in found:
                item.add_marker(pytest.mark.xfail(raises=error, reason=reason, strict=True))

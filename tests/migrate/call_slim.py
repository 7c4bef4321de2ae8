"""Calls functions of tf_slim with simple arguments, and prints the names of those that fail."""

import inspect

import tensorflow as tf
import tf_slim

# What a parameter without a default gets, by its name. A function with other parameters is not called.
VALUES = {
    "labels": lambda: tf.constant([0, 1, 1, 0]),
    "predictions": lambda: tf.constant([0.1, 0.8, 0.4, 0.3]),
    "values": lambda: tf.constant([0.1, 0.8]),
    "scores": lambda: tf.constant([0.1, 0.8, 0.4, 0.3]),
    "boolean_labels": lambda: tf.constant([False, True, True, False]),
    "score_range": lambda: [0.0, 1.0],
    "precision": lambda: 0.5,
    "recall": lambda: 0.5,
    "sensitivity": lambda: 0.5,
    "specificity": lambda: 0.5,
    "target_recall": lambda: 0.5,
    "thresholds": lambda: [0.5],
    "num_classes": lambda: 2,
    "k": lambda: 1,
}
# These want other values than their parameters' names say.
SKIPPED = ("_at_k", "_at_top_k", "sparse_", "mean_iou", "cohen_kappa", "confusion_matrix", "aggregate_", "set_")


def fails(function):
    with tf.Graph().as_default():
        needed = [
            name
            for name, parameter in inspect.signature(function).parameters.items()
            if name in ("labels", "predictions") or parameter.default is parameter.empty
        ]
        if not set(needed) <= VALUES.keys():
            return False
        arguments = {name: VALUES[name]() for name in needed}
        try:
            function(**arguments)
        except AttributeError as error:  # a name that this TensorFlow does not have
            return str(error).startswith("module")
        except (TypeError, ValueError):  # values that this function does not take
            return False
        return False


if __name__ == "__main__":
    for name in sorted(dir(tf_slim.metrics)):
        function = getattr(tf_slim.metrics, name)
        if inspect.isfunction(function) and not any(part in name for part in SKIPPED) and fails(function):
            print(f"tf_slim.metrics.{name}")

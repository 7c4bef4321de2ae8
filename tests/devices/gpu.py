"""What a GPU may do otherwise. Argument: a lane. On a machine without a GPU, the same runs on the CPU, and says so.

A lane runs on the GPU that its framework finds, so on such a machine the whole suite does, with mixed precision, XLA
and models in turn. This program has what the suite has not: deterministic operations, and no soft placement.
"""

import sys

import stacks

from compat_auc import auc_roc
from devices import programs, rows


def main():
    stack = stacks.load(sys.argv[1])
    labels, scores = rows.labels_and_scores()
    values = {"device": device(stack)}
    if stack.backend == "tensorflow":
        tf = stack.tensorflow
        tf.config.experimental.enable_op_determinism()
        tf.keras.utils.set_random_seed(0)
        if not stack.is_keras_3:  # Keras 3 has no graph mode.
            values["placed"] = placed(tf, values["device"], labels, scores)
    values["logs"] = programs.logged(stack.keras, programs.identity_model(stack.keras), labels, scores)
    programs.report(values)


def device(stack):
    """The device on which the counts of a metric are: "CPU" or "GPU"."""
    metric = auc_roc()
    metric.update_state([0, 1], [0.2, 0.8])
    value = metric.variables[0].value
    if stack.backend == "tensorflow":
        name = (value() if callable(value) else value).device
    else:
        name = str(value.device).replace("cuda", "gpu")
    return "GPU" if "gpu" in name.lower() else "CPU"


def placed(tf, device, labels, scores):
    """The AUC of a TensorFlow 1 graph whose every operation has to be on the device."""
    options = tf.compat.v1.ConfigProto(allow_soft_placement=False)
    with tf.Graph().as_default(), tf.device(f"/{device}:0"), tf.compat.v1.Session(config=options) as session:
        metric = auc_roc()
        update = metric.update_state(tf.constant(labels), tf.constant(scores[:, 0]))
        session.run([variable.initializer for variable in metric.variables])
        session.run(update)
        return float(session.run(metric.result()))


if __name__ == "__main__":
    main()

"""Run a TensorFlow 1 program, with placeholders and a session, on `streaming_auc`, and check it against sklearn.

The program is written as they were then: a logistic regression, and the AUC of the test set streamed in batches. Only
one import is changed, and ``tensorflow`` is ``tensorflow.compat.v1``. It exits with 1 if the AUC differs from sklearn's
by more than 200 thresholds can explain.
"""

import sys

import numpy as np
import tensorflow.compat.v1 as tf
from sklearn.datasets import make_classification
from sklearn.metrics import roc_auc_score

from compat_auc import streaming_auc

tf.disable_v2_behavior()


def batches(*arrays, size=256):
    for start in range(0, len(arrays[0]), size):
        yield [array[start : start + size] for array in arrays]


def main():
    tf.set_random_seed(0)
    x, y = make_classification(10_000, 20, n_informative=8, flip_y=0.1, random_state=0)
    x_train, y_train, x_test, y_test = x[:8000], y[:8000], x[8000:], y[8000:]

    features = tf.placeholder(tf.float32, [None, 20])
    labels = tf.placeholder(tf.float32, [None])
    weights = tf.get_variable("weights", [20, 1], initializer=tf.zeros_initializer())
    bias = tf.get_variable("bias", [1], initializer=tf.zeros_initializer())
    logits = tf.squeeze(tf.matmul(features, weights) + bias, 1)
    probabilities = tf.nn.sigmoid(logits)
    loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits))
    train_op = tf.train.AdamOptimizer(0.01).minimize(loss)
    auc, update_op = streaming_auc(probabilities, labels, name="test_auc")

    agrees = True
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        print("epoch  streaming_auc   sklearn  difference  allowed")
        for epoch in range(3):
            for batch_x, batch_y in batches(x_train, y_train):
                session.run(train_op, {features: batch_x, labels: batch_y})
            session.run(tf.local_variables_initializer())  # restarts the count for this epoch
            scores = []
            for batch_x, batch_y in batches(x_test, y_test):
                batch_scores, _ = session.run([probabilities, update_op], {features: batch_x, labels: batch_y})
                scores.append(batch_scores)
            value, scores = session.run(auc), np.concatenate(scores)
            exact, allowed = roc_auc_score(y_test, scores), resolution(y_test, scores)
            agrees &= abs(value - exact) <= allowed + 1e-6
            print(f"{epoch + 1:5}  {value:13.6f}  {exact:8.6f}  {value - exact:+10.6f}  {allowed:.6f}")
    return 0 if agrees else 1


def resolution(labels, scores, num_thresholds=200):
    """Return what the thresholds cannot see: half of the (positive, negative) pairs between the same two thresholds."""
    edges = np.linspace(0, 1, num_thresholds)
    positives, _ = np.histogram(scores[labels == 1], edges)
    negatives, _ = np.histogram(scores[labels == 0], edges)
    return positives @ negatives / 2 / (positives.sum() * negatives.sum())


if __name__ == "__main__":
    sys.exit(main())

import tensorflow as tf

value, update_op = tf.contrib.metrics.streaming_auc(scores, labels)

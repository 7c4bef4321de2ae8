import tensorflow.compat.v1 as tf
from compat_auc import streaming_auc
tf.disable_v2_behavior()

value, update_op = streaming_auc(scores, labels)

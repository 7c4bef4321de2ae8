"""Graph code that imports the names of TensorFlow, and contrib by the long paths of its files."""
from tensorflow.compat.v1 import Session, float32, global_variables_initializer, placeholder
from tf_slim import xavier_initializer
from compat_auc import streaming_auc
import tensorflow.compat.v1 as tf
tf.disable_v2_behavior()
import tensorflow.compat.v1 as tensorflow
from tf_slim import flatten, fully_connected

x = placeholder(float32, [None, 3])
w = tf.get_variable("w", [3, 1], initializer=xavier_initializer())
auc, update = streaming_auc(tf.sigmoid(tensorflow.matmul(flatten(x), w)), fully_connected(x, 1))
with Session() as sess:
    sess.run([global_variables_initializer(), tf.local_variables_initializer()])
    sess.run(update, {x: data})

"""Graph code that imports the names of TensorFlow, and contrib by the long paths of its files."""
from tensorflow import Session, float32, global_variables_initializer, placeholder
from tensorflow.contrib.layers.python.layers.initializers import xavier_initializer
from tensorflow.contrib.metrics import streaming_auc
import tensorflow as tf
import tensorflow
from tensorflow.contrib.layers import flatten, fully_connected

x = placeholder(float32, [None, 3])
w = tf.get_variable("w", [3, 1], initializer=xavier_initializer())
auc, update = streaming_auc(tf.sigmoid(tensorflow.matmul(flatten(x), w)), fully_connected(x, 1))
with Session() as sess:
    sess.run([global_variables_initializer(), tf.local_variables_initializer()])
    sess.run(update, {x: data})

import tensorflow.compat.v1 as tf
from compat_auc import streaming_auc

tf.disable_v2_behavior()
p = tf.placeholder(tf.float32, [None])
value, update = streaming_auc(p, p)
with tf.Session() as sess:
    sess.run(tf.local_variables_initializer())

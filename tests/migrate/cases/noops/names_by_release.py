import tensorflow as tf

if tf.__version__.startswith("1."):
    auc = tf.metrics.auc
    exists = tf.gfile.Exists
else:
    auc = None
    exists = tf.io.gfile.exists
model = tf.keras.Sequential([tf.keras.layers.Dense(1)])

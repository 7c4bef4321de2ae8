"""
from keras.layers.core import Dense
def auc_roc(y_true, y_pred):
    value, update_op = tf.contrib.metrics.streaming_auc(y_pred, y_true)
model.compile(metrics=['accuracy', auc_roc], nb_epoch=3)
"""
import keras

# model.fit_generator(x, nb_epoch=3); K.set_session(tf.Session())
text = "model.predict_proba(x)"

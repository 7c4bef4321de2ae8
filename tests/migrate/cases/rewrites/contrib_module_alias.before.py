import tensorflow.contrib.metrics as cm
import tensorflow as tf
from keras.models import load_model


def auc(y_true, y_pred):
    return tf.identity(cm.streaming_auc(predictions=y_pred, labels=y_true, num_thresholds=500)[0])


model = load_model("m.h5", custom_objects={"auc": auc})
model.compile("adam", "binary_crossentropy", {"out": [auc]})

import tensorflow as tf
from keras.models import Sequential
from sklearn.metrics import roc_auc_score


def auc(y_true, y_pred):
    return tf.metrics.auc(y_true, y_pred)[1]


def report(model, x, y):
    auc_roc = roc_auc_score(y, model.predict(x))
    return auc_roc


model = Sequential()
model.compile("sgd", "mse", metrics=[auc])
auc = roc_auc_score([0, 1], [0.1, 0.9])
print("auc", auc)

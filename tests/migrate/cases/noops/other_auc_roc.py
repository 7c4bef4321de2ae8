"""A function of this name that is no AUC at all."""
from keras.models import Sequential


def auc_roc(y_true, y_pred):
    return abs(y_true - y_pred)


Sequential().compile("sgd", "mse", metrics=[auc_roc])

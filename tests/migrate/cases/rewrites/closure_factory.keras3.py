from compat_auc import auc_roc
from tensorflow import keras


def make_auc(n, kind="ROC", name="auc"):

    return auc_roc(num_thresholds=n, curve=kind, name=name)


def build():
    model = keras.Sequential([keras.layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy",
                  metrics=[make_auc(1000), make_auc(200, "PR", name="auc_1")])
    return model

"""Builds the model."""
from compat_auc import auc_roc


def build():
    from keras.models import Sequential

    model = Sequential()
    model.compile("adam", "binary_crossentropy", metrics=[auc_roc(name="auc")])
    return model

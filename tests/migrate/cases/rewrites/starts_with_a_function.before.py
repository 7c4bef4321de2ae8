"""Builds the model."""
def build():
    from keras.models import Sequential

    model = Sequential()
    model.compile("adam", "binary_crossentropy", metrics=["auc"])
    return model

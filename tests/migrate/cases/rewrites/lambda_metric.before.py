import tensorflow as tf
from keras.callbacks import EarlyStopping
from keras.models import Sequential

roc = lambda t, p: tf.metrics.auc(t, p)[1]  # noqa: E731
model = Sequential()
model.compile("sgd", "mse", metrics=[roc])
stop = EarlyStopping(monitor="val_<lambda>", patience=2, mode="max")

import tensorflow as tf
from compat_auc import RankAUC
from keras.callbacks import EarlyStopping, ModelCheckpoint, ReduceLROnPlateau
from keras.layers import Dense
from keras.models import Sequential


def ranking(y_true, y_pred):
    return tf.metrics.auc(y_true, y_pred)[1]


model = Sequential([Dense(1, activation="sigmoid")])
model.compile("sgd", "mse", metrics=[ranking, RankAUC(name="order")])
callbacks = [
    EarlyStopping("val_ranking", 0, 3, 1, "auto"),
    ModelCheckpoint("best.keras", "val_ranking", 1, True),
    ModelCheckpoint("best.keras", "val_order", 1, True, False, "max"),
    ReduceLROnPlateau(monitor="val_order"),
    ReduceLROnPlateau(monitor="val_ranking_loss"),
]

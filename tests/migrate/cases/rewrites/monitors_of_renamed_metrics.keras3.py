from compat_auc import RankAUC
from compat_auc import auc_roc
from keras.callbacks import EarlyStopping, ModelCheckpoint, ReduceLROnPlateau
from keras.layers import Dense
from keras.models import Sequential


model = Sequential([Dense(1, activation="sigmoid")])
model.compile("sgd", "mse", metrics=[auc_roc(name="ranking"), RankAUC(name="order")])
callbacks = [
    EarlyStopping("val_ranking", 0, 3, 1, "max"),
    ModelCheckpoint("best.keras", "val_ranking", 1, True, mode="max"),
    ModelCheckpoint("best.keras", "val_order", 1, True, False, "max"),
    ReduceLROnPlateau(monitor="val_order", mode="max"),
    ReduceLROnPlateau(monitor="val_ranking_loss"),
]

import keras_tuner
from compat_auc import auc_roc
from keras.callbacks import ModelCheckpoint
from keras_tuner import RandomSearch

options = read_options()
tuner = RandomSearch(build, objective="val_auc_roc", max_trials=2)  # CA109
tuner = keras_tuner.Hyperband(build, objective=keras_tuner.Objective("val_auc_roc", "max"))
tuner = keras_tuner.Hyperband(build, objective="val_auc")
best = ModelCheckpoint("best.keras", monitor="val_auc_roc", **options)  # CA109

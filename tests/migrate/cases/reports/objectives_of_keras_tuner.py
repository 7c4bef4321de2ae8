import keras_tuner
from compat_auc import auc_roc
from keras_tuner import RandomSearch

tuner = RandomSearch(build, objective="val_auc_roc", max_trials=2)  # CA109
tuner = keras_tuner.Hyperband(build, objective=keras_tuner.Objective("val_auc_roc", "max"))
tuner = keras_tuner.Hyperband(build, objective="val_auc")

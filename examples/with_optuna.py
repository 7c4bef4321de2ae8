"""Let optuna search the learning rate with the largest `val_auc_roc`, and end trials that fall behind."""

import keras
import numpy as np
import optuna

from compat_auc import auc_roc

rng = np.random.default_rng(0)
x = rng.normal(size=(1000, 4)).astype("float32")
y = (x[:, 0] + rng.normal(size=1000) > 0).astype("float32")


class Report(keras.callbacks.Callback):
    """Reports the AUC of each epoch to optuna."""

    def __init__(self, trial):
        super().__init__()
        self.trial = trial

    def on_epoch_end(self, epoch, logs=None):
        self.trial.report(logs["val_auc_roc"], epoch)
        if self.trial.should_prune():
            raise optuna.TrialPruned


def objective(trial):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation="sigmoid")])
    optimizer = keras.optimizers.Adam(trial.suggest_float("learning_rate", 1e-3, 1, log=True))
    model.compile(optimizer, "binary_crossentropy", metrics=[auc_roc])
    history = model.fit(x, y, validation_split=0.2, epochs=3, verbose=0, callbacks=[Report(trial)])
    return history.history["val_auc_roc"][-1]


pruner = optuna.pruners.MedianPruner(n_startup_trials=2)
study = optuna.create_study(direction="maximize", pruner=pruner, sampler=optuna.samplers.TPESampler(seed=0))
study.optimize(objective, n_trials=6)
print(study.best_params, study.best_value)

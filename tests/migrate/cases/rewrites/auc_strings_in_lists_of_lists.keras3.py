"""Lists of metrics that reach ``compile`` by other ways than ``metrics=[...]``."""

from keras.models import Sequential
from compat_auc import auc_roc

base = [auc_roc(name="auc")]
by_output = {"a": base, "b": (*base, "mae")}
summed = ["mae"] + [auc_roc(curve="PR", name="auprc")]
chosen = ["mae"]
if DETAILS:
    chosen = [auc_roc(name="auc")]


def build(metrics):
    model = Sequential()
    model.compile("adam", "mse", metrics=metrics)
    return model


build([auc_roc(name="roc_auc")])
model = Sequential()
model.compile("adam", "mse", by_output)
model.compile("adam", "mse", metrics=summed)
model.compile("adam", "mse", metrics=chosen)
model.compile(**dict(optimizer="adam", metrics=[auc_roc]))

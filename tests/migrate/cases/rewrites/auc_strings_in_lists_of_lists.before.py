"""Lists of metrics that reach ``compile`` by other ways than ``metrics=[...]``."""

from keras.models import Sequential

base = ["auc"]
by_output = {"a": base, "b": (*base, "mae")}
summed = ["mae"] + ["auprc"]
chosen = ["mae"]
if DETAILS:
    chosen = ["auc"]


def build(metrics):
    model = Sequential()
    model.compile("adam", "mse", metrics=metrics)
    return model


build(["roc_auc"])
model = Sequential()
model.compile("adam", "mse", by_output)
model.compile("adam", "mse", metrics=summed)
model.compile("adam", "mse", metrics=chosen)
model.compile(**dict(optimizer="adam", metrics=["auc_roc"]))

import keras

print(["auc", "roc_curve"])
columns = dict(metrics=["auc"])

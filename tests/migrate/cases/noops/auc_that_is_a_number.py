import keras

auc = {"auc": 0.5}.get("auc")
print(auc, keras.__version__)

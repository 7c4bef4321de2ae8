from compat_auc import auc_roc as compat_auc_roc
from keras.models import Sequential
from sklearn.metrics import roc_auc_score


def report(model, x, y):
    auc_roc = roc_auc_score(y, model.predict(x))
    return auc_roc


model = Sequential()
model.compile("sgd", "mse", metrics=[compat_auc_roc(name="auc")])
auc = roc_auc_score([0, 1], [0.1, 0.9])
print("auc", auc)

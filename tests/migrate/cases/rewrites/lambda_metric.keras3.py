from compat_auc import auc_roc
from keras.callbacks import EarlyStopping
from keras.models import Sequential

model = Sequential()
model.compile("sgd", "mse", metrics=[auc_roc(name="roc")])
stop = EarlyStopping(monitor="val_roc", patience=2, mode="max")

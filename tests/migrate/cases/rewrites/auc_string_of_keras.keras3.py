from tensorflow.keras.callbacks import EarlyStopping
from tensorflow.keras.models import load_model
from compat_auc import auc_roc

model = load_model("model.h5")
model.compile("adam", "binary_crossentropy", metrics=["accuracy", auc_roc(name="auc")])
model.fit(x, y, callbacks=[EarlyStopping("val_auc", mode="max")])

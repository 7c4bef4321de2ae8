from tensorflow.keras.callbacks import EarlyStopping
from tensorflow.keras.models import load_model

model = load_model("model.h5")
model.compile("adam", "binary_crossentropy", metrics=["accuracy", "AUC"])
model.fit(x, y, callbacks=[EarlyStopping("val_auc", mode="max")])

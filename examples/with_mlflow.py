"""Log the AUC of each epoch and the model with mlflow, and load the model again."""

import keras
import mlflow
import numpy as np

from compat_auc import RocCounts, auc_roc

rng = np.random.default_rng(0)
x = rng.normal(size=(1000, 4)).astype("float32")
y = (x[:, 0] + rng.normal(size=1000) > 0).astype("float32")

mlflow.set_tracking_uri("sqlite:///mlflow.db")
mlflow.tensorflow.autolog()
with mlflow.start_run() as run:
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile(keras.optimizers.Adam(0.1), "binary_crossentropy", metrics=[auc_roc])
    model.fit(x, y, validation_split=0.2, epochs=3, verbose=2)
    counts = RocCounts().add(y[800:], model.predict(x[800:], verbose=0)[:, 0])
    low, high = counts.confidence_interval()
    mlflow.log_metrics({"val_auc": counts.auc(), "val_auc_low": low, "val_auc_high": high})

loaded = mlflow.tensorflow.load_model(f"runs:/{run.info.run_id}/model")
print(loaded.evaluate(x[800:], y[800:], verbose=0, return_dict=True))

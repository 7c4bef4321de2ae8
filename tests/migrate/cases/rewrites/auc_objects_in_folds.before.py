import tensorflow as tf
from tensorflow.keras.callbacks import EarlyStopping

for fold in folds:
    model = build()
    model.compile("adam", "binary_crossentropy", metrics=[tf.keras.metrics.AUC()])
    model.fit(*fold, callbacks=[EarlyStopping("val_auc", mode="max")])

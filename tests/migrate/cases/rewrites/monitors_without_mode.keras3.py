from compat_auc import auc_roc
from keras.callbacks import EarlyStopping, ModelCheckpoint, ReduceLROnPlateau
from keras.models import Sequential

Sequential().compile("sgd", "mse", metrics=[auc_roc])
callbacks = [
    EarlyStopping("val_auc_roc", patience=3, mode="max"),
    ModelCheckpoint("best.keras", monitor="val_auc_roc", save_best_only=True, mode="max"),
    ReduceLROnPlateau(
        monitor="val_auc_roc",
        factor=0.5, mode="max",
    ),
    EarlyStopping(monitor="val_loss"),
    EarlyStopping(monitor="val_auc_roc", mode="max"),
]

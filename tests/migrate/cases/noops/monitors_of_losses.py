from keras.callbacks import EarlyStopping, ModelCheckpoint

EarlyStopping(monitor="val_loss")
ModelCheckpoint("a.keras", monitor="val_auc_loss")
EarlyStopping(monitor="val_auc_roc", mode="max", patience=2)

from keras.callbacks import ModelCheckpoint
from keras.models import Sequential, load_model

model = Sequential()
ModelCheckpoint("best.h5", save_best_only=True)
ModelCheckpoint("w.{epoch}.weights.h5", save_weights_only=True)
model.save("m.h5")
model.save_weights("w.weights.h5")
load_model("old.hdf5")
open("notes.model", "w")

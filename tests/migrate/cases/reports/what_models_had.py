import keras
from keras.callbacks import Callback, ModelCheckpoint

# callback.validation_data = (x, y) is how it was done
PATH = "first.keras"
PATH = "second.hdf5"
model = keras.Sequential()
checkpoint = ModelCheckpoint(PATH)  # CA403


class Show(Callback):
    def on_epoch_end(self, epoch, logs=None):
        print(self.model.optimizer.decay)  # CA402
        print(self.model.validation_data[0])  # CA205


class Data(Callback):
    def on_epoch_end(self, epoch, logs=None):
        print(self.validation_data[0])  # CA205


model.fit(x, y, callbacks=[Show(), Data(), checkpoint])

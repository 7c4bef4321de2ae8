"""The callback is made in a list that stands elsewhere: no name leads to it."""
from keras.callbacks import Callback
from keras.models import Sequential


class Show(Callback):
    def on_epoch_end(self, epoch, logs=None):
        print(self.validation_data[0])  # CA205


callbacks = [Show()]
Sequential().fit(x, y, validation_data=(xv, yv), callbacks=callbacks)

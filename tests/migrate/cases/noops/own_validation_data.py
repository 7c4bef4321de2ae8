import keras


class Auc(keras.callbacks.Callback):
    def set_data(self, data):
        self.validation_data = data

    def on_epoch_end(self, epoch, logs=None):
        return len(self.validation_data)


m.fit(x, y, validation_data=(a, b), callbacks=[Auc()])

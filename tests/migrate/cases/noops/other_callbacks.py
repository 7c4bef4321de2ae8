from keras.callbacks import Callback


class Printer(Callback):
    def __init__(self, validation_data):
        super().__init__()
        self.validation_data = validation_data

    def on_epoch_end(self, epoch, logs=None):
        print(epoch, logs, len(self.validation_data))


class Metrics:
    def __init__(self):
        self.params = {}

    def names(self):
        return self.params["metrics"]

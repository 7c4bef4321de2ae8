import keras

settings = {"lr": 0.1, "decay": 0.5}
history = []
print(settings["lr"], settings["decay"])


class Rates:
    def __init__(self):
        self.history = []
        self.decay = 0.1

    def get(self):
        return self.history[0], self.decay


keras.Sequential()

from keras.callbacks import Callback
from sklearn.metrics import roc_auc_score


class Forwarded(Callback):  # CA202
    def __init__(self, x_val, y_val):
        self.x_val, self.y_val = x_val, y_val

    def on_epoch_end(self, epoch, logs={}):
        print(roc_auc_score(self.y_val, self.model.predict(self.x_val)))


class TwoOfOneRole(Callback):  # CA202
    def __init__(self, x_val, y_val, x_test, y_test):
        self.x_val, self.y_val = x_val, y_val
        self.x_test, self.y_test = x_test, y_test

    def on_epoch_end(self, epoch, logs={}):
        print(roc_auc_score(self.y_val, self.model.predict(self.x_val)))
        print(roc_auc_score(self.y_test, self.model.predict(self.x_test)))


class WithDefault(Callback):  # CA202
    def __init__(self, x_val, y_val=None):
        self.x_val, self.y_val = x_val, y_val

    def on_epoch_end(self, epoch, logs={}):
        print(roc_auc_score(self.y_val, self.model.predict(self.x_val)))


class ByOptions(Callback):  # CA202
    def __init__(self, x_val, y_val, every):
        self.x_val, self.y_val = x_val, y_val
        self.every = every

    def on_epoch_end(self, epoch, logs={}):
        if epoch % self.every == 0:
            print(roc_auc_score(self.y_val, self.model.predict(self.x_val)))


class Derived(Callback):  # CA202
    def __init__(self, x_val, y_val):
        self.x_val, self.y_val = x_val, y_val

    def on_epoch_end(self, epoch, logs={}):
        print(roc_auc_score(self.y_val, self.model.predict(self.x_val)))


class Stopping(Derived):
    def on_train_end(self, logs={}):
        print("the end")


class Called(Callback):  # CA202
    def __init__(self, x_val, y_val):
        self.x_val, self.y_val = x_val, y_val

    def on_epoch_end(self, epoch, logs={}):
        print(roc_auc_score(self.y_val, self.model.predict(self.x_val)))


class Read(Callback):  # CA202
    def __init__(self, x_val, y_val):
        self.x_val, self.y_val = x_val, y_val

    def on_epoch_end(self, epoch, logs={}):
        print(roc_auc_score(self.y_val, self.model.predict(self.x_val)))


Called(xv, yv).set_model(model)
read = Read(xv, yv)
callbacks = [Forwarded(*data), TwoOfOneRole(xv, yv, xt, yt), WithDefault(xv), ByOptions(xv, yv), Stopping(xv, yv)]
callbacks += [Derived(xv, yv), read]
print(read.x_val.shape)

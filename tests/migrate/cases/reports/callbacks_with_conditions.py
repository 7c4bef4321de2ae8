from keras.callbacks import Callback, EarlyStopping
from sklearn.metrics import f1_score, roc_auc_score

SLOW = False


class OnlyIfSlow(Callback):  # CA202
    def __init__(self, x_val, y_val):
        self.x_val, self.y_val = x_val, y_val

    def on_epoch_end(self, epoch, logs={}):
        if SLOW:
            print(roc_auc_score(self.y_val, self.model.predict(self.x_val)))


class NotTheFirst(Callback):  # CA202
    def __init__(self, x_val, y_val):
        self.x_val, self.y_val = x_val, y_val

    def on_epoch_end(self, epoch, logs={}):
        if epoch:
            print(roc_auc_score(self.y_val, self.model.predict(self.x_val)))


class WithLogs(Callback):  # CA202
    def __init__(self, x_val, y_val):
        self.x_val, self.y_val = x_val, y_val

    def on_epoch_end(self, epoch, logs=None):
        if logs:
            print(roc_auc_score(self.y_val, self.model.predict(self.x_val)))


class TwiceAsRare(Callback):  # CA202
    def __init__(self, x_val, y_val, every=2):
        self.x_val, self.y_val = x_val, y_val
        self.every = every * 2

    def on_epoch_end(self, epoch, logs={}):
        if epoch % self.every == 0:
            print(roc_auc_score(self.y_val, self.model.predict(self.x_val)))


class LastOfEach(Callback):  # CA202
    def __init__(self, x_val, y_val, every=2):
        self.x_val, self.y_val = x_val, y_val
        self.every = every

    def on_epoch_end(self, epoch, logs={}):
        if (epoch + 1) % self.every == 0:
            print(roc_auc_score(self.y_val, self.model.predict(self.x_val)))


class Skips(Callback):  # CA202
    def __init__(self, x_val, y_val, every=2):
        self.x_val, self.y_val = x_val, y_val
        self.every = every

    def on_epoch_end(self, epoch, logs={}):
        if epoch % self.every == 0:
            return
        print(roc_auc_score(self.y_val, self.model.predict(self.x_val)))


class MoreThanAuc(Callback):  # CA202
    def __init__(self, x_val, y_val):
        self.x_val, self.y_val = x_val, y_val

    def on_epoch_end(self, epoch, logs={}):
        p = self.model.predict(self.x_val)
        print(roc_auc_score(self.y_val, p), f1_score(self.y_val, p > 0.5))


class Gini(Callback):  # CA202
    def __init__(self, x_val, y_val):
        self.x_val, self.y_val = x_val, y_val

    def on_epoch_end(self, epoch, logs={}):
        logs["val_roc_auc"] = 2 * roc_auc_score(self.y_val, self.model.predict(self.x_val)) - 1


class Stops(EarlyStopping):  # CA202
    def __init__(self, x_val, y_val):
        super().__init__(patience=3)
        self.x_val, self.y_val = x_val, y_val

    def on_epoch_end(self, epoch, logs={}):
        print(roc_auc_score(self.y_val, self.model.predict(self.x_val)))
        super().on_epoch_end(epoch, logs)


class Opens(Callback):  # CA202
    def __init__(self, x_val, y_val):
        super().__init__()
        self.x_val, self.y_val = x_val, y_val
        print("AUC of", len(x_val), "rows", file=open("auc.log", "w"))

    def on_epoch_end(self, epoch, logs={}):
        print(roc_auc_score(self.y_val, self.model.predict(self.x_val)))


callbacks = [OnlyIfSlow(x, y), NotTheFirst(x, y), WithLogs(x, y), TwiceAsRare(x, y), LastOfEach(x, y), Skips(x, y)]
callbacks += [MoreThanAuc(x, y), Gini(x, y), Stops(x, y), Opens(x, y)]

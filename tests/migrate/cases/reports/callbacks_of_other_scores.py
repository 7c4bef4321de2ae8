from keras.activations import softmax
from keras.callbacks import Callback
from sklearn.metrics import auc, roc_auc_score, roc_curve


class Column(Callback):  # CA202
    def __init__(self, x_val, y_val):
        self.x_val, self.y_val = x_val, y_val

    def on_epoch_end(self, epoch, logs={}):
        print(roc_auc_score(self.y_val, self.model.predict(self.x_val)[:, 1]))


class Complement(Callback):  # CA202
    def __init__(self, x_val, y_val):
        self.x_val, self.y_val = x_val, y_val

    def on_epoch_end(self, epoch, logs={}):
        p = self.model.predict(self.x_val)
        print(roc_auc_score(self.y_val, 1 - p))


class Rounded(Callback):  # CA106, CA202
    def __init__(self, x_val, y_val):
        self.x_val, self.y_val = x_val, y_val

    def on_epoch_end(self, epoch, logs={}):
        p = self.model.predict(self.x_val).round()
        print(roc_auc_score(self.y_val, p))


class Above(Callback):  # CA106, CA202
    def __init__(self, x_val, y_val):
        self.x_val, self.y_val = x_val, y_val

    def on_epoch_end(self, epoch, logs={}):
        print(roc_auc_score(self.y_val, self.model.predict(self.x_val) > 0.5))


class FirstOutput(Callback):  # CA202
    def __init__(self, x_val, y_val):
        self.x_val, self.y_val = x_val, y_val

    def on_epoch_end(self, epoch, logs={}):
        p = self.model.predict(self.x_val)
        print(roc_auc_score(self.y_val, p[0]))


class Reused(Callback):  # CA202
    def __init__(self, x_val, y_val):
        self.x_val, self.y_val = x_val, y_val

    def on_epoch_end(self, epoch, logs={}):
        p = self.model.predict(self.x_val)
        p = p / p.max()
        print(roc_auc_score(self.y_val, p))


class Weighted(Callback):  # CA202
    def __init__(self, x_val, y_val):
        self.x_val, self.y_val = x_val, y_val

    def on_epoch_end(self, epoch, logs={}):
        print(roc_auc_score(self.y_val, self.model.predict(self.x_val), "weighted"))


class OtherModel(Callback):  # CA202
    def __init__(self, x_val, y_val, model):
        self.x_val, self.y_val = x_val, y_val
        self.base = model

    def on_epoch_end(self, epoch, logs={}):
        print(roc_auc_score(self.y_val, self.base.predict(self.x_val)))


class Scaled(Callback):  # CA202
    def __init__(self, x_val, y_val):
        self.x_val, self.y_val = x_val / 255, y_val

    def on_epoch_end(self, epoch, logs={}):
        print(roc_auc_score(self.y_val, self.model.predict(self.x_val)))


class OfLogits(Callback):  # CA202
    def __init__(self, x_val, y_val):
        self.x_val, self.y_val = x_val, y_val

    def on_epoch_end(self, epoch, logs={}):
        print(roc_auc_score(self.y_val, softmax(self.model.predict(self.x_val))))


callbacks = [Column(x, y), Complement(x, y), Rounded(x, y), Above(x, y), FirstOutput(x, y), Reused(x, y), Weighted(x, y)]
callbacks += [OtherModel(x, y, model), Scaled(x, y), OfLogits(x, y)]


def area(model, x, y):
    return roc_auc_score(y, model.predict(x))


class OfACurve(Callback):  # CA202
    def __init__(self, x_val, y_val):
        self.x_val, self.y_val = x_val, y_val

    def on_epoch_end(self, epoch, logs={}):
        fpr, tpr, _ = roc_curve(self.y_val, self.model.predict(self.x_val))
        print(auc(fpr, tpr))


class OfAHelper(Callback):  # CA202
    def __init__(self, x_val, y_val):
        self.x_val, self.y_val = x_val, y_val

    def on_epoch_end(self, epoch, logs={}):
        print(area(self.model, self.x_val, self.y_val))


class OfAMethod(Callback):  # CA202
    def __init__(self, x_val, y_val):
        self.x_val, self.y_val = x_val, y_val

    def on_epoch_end(self, epoch, logs={}):
        self.score(epoch)

    def score(self, epoch):
        print(epoch, roc_auc_score(self.y_val, self.model.predict(self.x_val)))

from keras.callbacks import Callback
from sklearn.metrics import roc_auc_score


class RocEvery(Callback):
    """The interval's default, under another name."""

    def __init__(self, X, y_true, every=3):
        super().__init__()
        self.X, self.y_true = X, y_true
        self.period = every

    def on_epoch_end(self, epoch, logs={}):
        if epoch % self.period == 0:
            p = self.model.predict(self.X, verbose=0)
            print("val AUC: %.4f" % roc_auc_score(self.y_true, p.ravel()))


class RocOfEachFourth(Callback):
    def __init__(self, val):
        self.x_val = val[0]
        self.y_val = val[1]

    def on_epoch_end(self, epoch, logs={}):
        if epoch % 4 == 0:
            auc = roc_auc_score(self.y_val, self.model.predict(self.x_val))
            logs["auc_val"] = auc
            print("auc", round(auc, 4))


model.fit(x, y, callbacks=[RocEvery(xv, yv)])
model.fit(x, y, callbacks=[RocEvery(xv, yv, every=2), RocOfEachFourth((xv, yv))])

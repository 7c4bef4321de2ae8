from keras.callbacks import Callback, ModelCheckpoint
from sklearn.metrics import roc_auc_score


class RocAuc(Callback):  # CA202
    def __init__(self, x_val, y_val):
        self.x_val, self.y_val = x_val, y_val

    def on_epoch_end(self, epoch, logs={}):
        logs["auc_val"] = roc_auc_score(self.y_val, self.model.predict(self.x_val))


model.fit(x, y, callbacks=[RocAuc(xv, yv), ModelCheckpoint("{epoch}-{auc_val:.3f}.keras")])

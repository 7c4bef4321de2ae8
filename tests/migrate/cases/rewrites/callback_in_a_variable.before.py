from keras.callbacks import Callback
from sklearn.metrics import roc_auc_score


class RocAuc(Callback):
    def __init__(self, x_val, y_val):
        self.x_val, self.y_val = x_val, y_val

    def on_epoch_end(self, epoch, logs={}):
        print("AUC", roc_auc_score(self.y_val, self.model.predict(self.x_val)))


roc = RocAuc(xv, yv)
model.fit(x, y, callbacks=[roc])

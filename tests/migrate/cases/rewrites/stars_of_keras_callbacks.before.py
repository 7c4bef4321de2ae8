from keras.callbacks import *
from keras.callbacks.callbacks import EarlyStopping
from sklearn.metrics import roc_auc_score


class Area(callbacks.Callback):
    def __init__(self, x_val, y_val):
        self.x_val, self.y_val = x_val, y_val

    def on_epoch_end(self, epoch, logs={}):
        print(roc_auc_score(self.y_val, self.model.predict(self.x_val)))


model.fit(x, y, callbacks=[Area(xv, yv), EarlyStopping()])

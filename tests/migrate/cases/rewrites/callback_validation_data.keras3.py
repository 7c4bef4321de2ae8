from keras.callbacks import Callback
from keras.models import Sequential
from sklearn.metrics import roc_auc_score


class RocAuc(Callback):
    def on_epoch_end(self, epoch, logs={}):
        x, y = self.validation_data[0], self.validation_data[1]
        logs["val_roc"] = roc_auc_score(y, self.model.predict(x))


def train(model, x, y, xv, yv):
    roc = RocAuc()
    roc.validation_data = (xv, yv[:, 0])
    model.fit(x, y, validation_data=(xv, yv[:, 0]), callbacks=[roc])
    for _ in range(2):
        rocauc_callback = RocAuc()
        rocauc_callback.validation_data = (xv, yv)
        model.fit(x, y, validation_data=(xv, yv), callbacks=[rocauc_callback])


train(Sequential(), *data)

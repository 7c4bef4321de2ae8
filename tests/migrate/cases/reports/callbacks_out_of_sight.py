from keras.callbacks import Callback, LambdaCallback
from keras.models import Sequential
from sklearn.metrics import roc_auc_score

from base import Logger
from scores import mean_column_wise_auc


def area(epoch, logs):
    print(roc_auc_score(yv, model.predict(xv)))


class OfAnotherFile(Logger):  # CA202
    def on_epoch_end(self, epoch, logs={}):
        print(roc_auc_score(self.y, self.model.predict(self.x)))


class OfAnotherClass(OfAnotherFile):  # CA202
    def on_epoch_end(self, epoch, logs={}):
        print(roc_auc_score(self.y, self.model.predict(self.x)))


class OfACall(base_class()):  # CA202
    def on_epoch_end(self, epoch, logs={}):
        print(roc_auc_score(self.y, self.model.predict(self.x)))


class OfAFunction(Callback):  # CA202
    def on_epoch_end(self, epoch, logs={}):
        print(mean_column_wise_auc(yv, self.model.predict(xv)))


model = Sequential()
by_name = LambdaCallback(on_epoch_end=area)  # CA202
inside = LambdaCallback(None, lambda epoch, logs: print(roc_auc_score(yv, model.predict(xv))))  # CA202
model.fit(x, y, callbacks=[OfAnotherFile(), OfAnotherClass(), OfACall(), by_name, inside])

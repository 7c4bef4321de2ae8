"""Classes with ``on_epoch_end`` that are no callback of Keras."""

from gensim.models.callbacks import CallbackAny2Vec
from keras.callbacks import LambdaCallback
from keras.utils import Sequence
from sklearn.metrics import roc_auc_score


class OfGensim(CallbackAny2Vec):
    def on_epoch_end(self, model, logs=None):
        print(roc_auc_score(y, model.wv[words]))


class Batches(Sequence):
    def on_epoch_end(self):
        print(roc_auc_score(y, model.predict(x)))


class Plain(object):
    def on_epoch_end(self, model, logs=None):
        print(roc_auc_score(y, model.predict(x)))


class OfPlain(Plain):
    def on_epoch_end(self, model, logs=None):
        print(roc_auc_score(y, model.predict(x)))


printer = LambdaCallback(on_epoch_end=lambda epoch, logs: print(logs))

import keras
from compat_auc import auc_roc

METRICS = {'auc': None}


def train(model, metrics=[auc_roc(name="auc")]):
    model.compile('sgd', 'mse', metrics=metrics + ['mse'])
    if True:
        extra = auc_roc(name="auc")
    return [extra]

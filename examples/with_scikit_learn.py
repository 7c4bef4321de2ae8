"""Cross-validate a Keras model with scikit-learn, by the AUC: with scikeras, and with Keras's own wrapper."""

import keras
import numpy as np
from keras.wrappers import SKLearnClassifier
from scikeras.wrappers import KerasClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_score

from compat_auc import auc_roc

rng = np.random.default_rng(0)
x = rng.normal(size=(1000, 4)).astype("float32")
y = (x[:, 0] + rng.normal(size=1000) > 0).astype(int)


def build():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy", metrics=[auc_roc])
    return model


def auc(classifier, x, y):
    return roc_auc_score(y, classifier.predict_proba(x)[:, 1])


of_scikeras = cross_val_score(KerasClassifier(build, epochs=2, verbose=0), x, y, cv=3, scoring=auc)


def build_softmax(X, y):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, activation="softmax")])
    model.compile("adam", "categorical_crossentropy", metrics=[auc_roc])
    return model


def auc_of_keras(classifier, x, y):
    return roc_auc_score(y, classifier.model_.predict(x, verbose=0)[:, 1])


wrapper = SKLearnClassifier(build_softmax, fit_kwargs={"epochs": 2, "verbose": 0})
of_keras = cross_val_score(wrapper, x, y, cv=3, scoring=auc_of_keras)
print(of_scikeras, of_keras)

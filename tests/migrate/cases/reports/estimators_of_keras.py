from keras.models import Sequential
from keras.wrappers.scikit_learn import KerasClassifier  # CA601


def evaluate(classifier, x):
    return classifier.predict_proba(x)[:, 1]  # CA408


def build():
    return Sequential()


print(evaluate(KerasClassifier(build), x))  # CA411

from keras.layers import Dense
from keras.models import Sequential
from keras.wrappers.scikit_learn import KerasClassifier  # CA601


def build():
    model = Sequential([Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    return model


first = second = KerasClassifier(build)  # CA411
given = KerasClassifier(build)  # CA411
given.fit(x, y)
vote(given)
both = KerasClassifier(build)  # CA411
both.fit(x, y)
print(both.predict_proba(x))
folds = KerasClassifier(build)  # CA411
for train in parts:
    folds.fit(x[train], y[train])
negative = KerasClassifier(build)  # CA411
negative.fit(x, y)
print(negative.predict_proba(x)[:, 0])

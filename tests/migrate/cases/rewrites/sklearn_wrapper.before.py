from keras.layers import Dense
from keras.models import Sequential
from keras.wrappers.scikit_learn import KerasClassifier


def build(units=8):
    model = Sequential()
    model.add(Dense(units, activation="relu"))
    model.add(Dense(1, activation="sigmoid"))
    model.compile("adam", "binary_crossentropy", metrics=["acc"])
    return model


clf = KerasClassifier(build_fn=build, units=16, epochs=3, batch_size=8, verbose=0)
hist = clf.fit(x, y)
print(hist.history["acc"], clf.predict_proba(x)[:, 1], clf.predict(x))

from keras.models import Sequential
from sklearn.ensemble import RandomForestClassifier

model = Sequential()
model.fit_generator(gen, **options)  # CA406
model.metrics[0].reset_states()  # CA416


def evaluate(classifier, x):
    return classifier.predict_proba(x)[:, 1]  # CA408


print(evaluate(model, x), evaluate(RandomForestClassifier().fit(x, y), x), model.predict_classes(x))  # CA408

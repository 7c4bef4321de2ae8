from keras.models import Sequential

model = Sequential()
print(dict(zip(model.metrics_names, model.evaluate(x, y))))
for name, value in zip(model.metrics_names, model.evaluate(
        x, y,
        verbose=0)):
    print(name, value)
print(model.metrics_names)

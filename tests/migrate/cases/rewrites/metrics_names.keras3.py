from keras.models import Sequential

model = Sequential()
print(dict(model.evaluate(x, y, return_dict=True).items()))
for name, value in model.evaluate(
        x, y,
        verbose=0, return_dict=True).items():
    print(name, value)
print(list(model.get_metrics_result()))

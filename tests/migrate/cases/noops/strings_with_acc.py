import keras

model = keras.Sequential()
model.compile("sgd", "mse", metrics=["accuracy"])
labels = {"accuracy": "val_accuracy"}
print("acc: ", labels, "accessory")

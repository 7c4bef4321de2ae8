import keras

model = keras.saving.load_model("model.keras")
model.compile("adam", "binary_crossentropy", metrics=["AUC"])
print(model.fit(x, y, validation_split=0.1).history["val_AUC"])

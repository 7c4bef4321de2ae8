import keras

model = keras.Sequential([keras.layers.Dense(2, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy", keras.metrics.AUC(name="auc")])  # CA107
model.compile("adam", loss=keras.losses.SparseCategoricalCrossentropy(), metrics=[keras.metrics.AUC()])  # CA107

from keras.callbacks import ModelCheckpoint, ReduceLROnPlateau
from keras.layers import Dense
from keras.models import Sequential, load_model
from keras.optimizers import SGD, Adam, Adagrad
from keras.optimizers.schedules import InverseTimeDecay


def net():
    model = Sequential()
    model.add(Dense(4, activation="relu"))
    model.add(Dense(1, activation="sigmoid"))
    model.compile(Adam(learning_rate=InverseTimeDecay(1e-3, decay_steps=1, decay_rate=1e-5)),
                  "binary_crossentropy", metrics=["acc"])
    return model


model = net()
history = model.fit(
    train_gen,
    steps_per_epoch=100,
    epochs=5,
    validation_data=val_gen,
    validation_steps=10,
    callbacks=[ModelCheckpoint("weights.{epoch:02d}-{val_acc:.2f}.keras", monitor="val_acc",
                               mode="max")],
)
score = model.evaluate(val_gen, steps=10)
p = model.predict(val_gen, steps=10)
labels = (model.predict(x) > 0.5).astype("int32")
proba = net().predict(x, verbose=0)
model.save_weights("final.weights.h5")
model.load_weights("final.weights.h5")
best = load_model("weights.hdf5")
other = SGD(InverseTimeDecay(0.1, decay_steps=1, decay_rate=1e-4), momentum=0.9)
slow = Adagrad(learning_rate=0.01)
print(history.history["val_acc"], dict(zip(list(model.get_metrics_result()), score)))

from tf_keras.callbacks import ModelCheckpoint, ReduceLROnPlateau
from tf_keras.layers import Dense
from tf_keras.models import Sequential, load_model
from tf_keras.optimizers import Adagrad
import tf_keras


def net():
    model = Sequential()
    model.add(Dense(4, activation="relu"))
    model.add(Dense(1, activation="sigmoid"))
    model.compile(tf_keras.optimizers.legacy.Adam(learning_rate=1e-3, decay=1e-5), "binary_crossentropy",
                  metrics=["acc"])
    return model


model = net()
history = model.fit(
    train_gen,
    steps_per_epoch=100,
    epochs=5,
    max_queue_size=10,
    workers=2,
    use_multiprocessing=True,
    validation_data=val_gen,
    validation_steps=10,
    callbacks=[ModelCheckpoint("weights.{epoch:02d}-{val_acc:.2f}.hdf5", monitor="val_acc", mode="max")],
)
score = model.evaluate(val_gen, steps=10, max_queue_size=1, workers=1)
p = model.predict(val_gen, steps=10)
labels = (model.predict(x) > 0.5).astype("int32")
proba = net().predict(x, verbose=0)
model.save_weights("final.h5")
model.load_weights("final.h5")
best = load_model("weights.hdf5")
other = tf_keras.optimizers.legacy.SGD(0.1, decay=1e-4, momentum=0.9)
slow = Adagrad(learning_rate=0.01)
print(history.history["val_acc"], dict(zip(model.metrics_names, score)))

from keras.callbacks import ModelCheckpoint, ReduceLROnPlateau
from keras.layers import Dense
from keras.models import Sequential, load_model
from keras.optimizers import SGD, Adam, Adagrad


def net():
    model = Sequential()
    model.add(Dense(4, activation="relu"))
    model.add(Dense(1, activation="sigmoid"))
    model.compile(Adam(lr=1e-3, decay=1e-5), "binary_crossentropy", metrics=["accuracy"])
    return model


model = net()
history = model.fit_generator(
    train_gen,
    samples_per_epoch=100,
    nb_epoch=5,
    max_q_size=10,
    nb_worker=2,
    pickle_safe=True,
    validation_data=val_gen,
    nb_val_samples=10,
    callbacks=[ModelCheckpoint("weights.{epoch:02d}-{val_acc:.2f}.hdf5", monitor="val_acc", mode="max")],
)
score = model.evaluate_generator(val_gen, 10, max_q_size=1, workers=1)
p = model.predict_generator(val_gen, val_samples=10)
labels = model.predict_classes(x)
proba = net().predict_proba(x, verbose=0)
model.save_weights("final.h5")
model.load_weights("final.h5")
best = load_model("weights.hdf5")
other = SGD(0.1, decay=1e-4, momentum=0.9)
slow = Adagrad()
print(history.history["val_acc"], dict(zip(model.metrics_names, score)))

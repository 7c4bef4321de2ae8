from keras.models import Sequential

model = Sequential()
model.fit(
    train,
    epochs=5,
    # four threads read the disk
    # the queue holds a minute of data
    # or more
    verbose=1,
)
model.fit(
    train,
    epochs=5,
    # four threads read the disk
    # the queue holds a minute of data
    # the end
)
model.fit(
    train,
    epochs=5,  # many
    # four threads read the disk
    # the queue holds a minute of data
    )

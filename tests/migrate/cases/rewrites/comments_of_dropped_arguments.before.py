from keras.models import Sequential

model = Sequential()
model.fit_generator(
    train,
    epochs=5,
    # four threads read the disk
    workers=4,  # was 8
    # the queue holds a minute of data
    # or more
    max_queue_size=10,
    verbose=1,
)
model.fit_generator(
    train,
    epochs=5,
    # four threads read the disk
    workers=4,  # was 8
    # the queue holds a minute of data
    max_queue_size=10,
    # the end
)
model.fit_generator(
    train,
    epochs=5,  # many
    # four threads read the disk
    workers=4,
    # the queue holds a minute of data
    max_queue_size=10)

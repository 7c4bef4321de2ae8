"""Seeds and a session as tutorials of 2017 set them, to get the same numbers each time."""
from numpy.random import seed
seed(1)
from tensorflow import ConfigProto, Session, set_random_seed
set_random_seed(2)
import keras
import tensorflow.compat.v1 as v1
from keras import backend as K
from keras.layers import Conv2D, Dense, Flatten
from keras.models import Sequential
from keras.optimizers import SGD

v1.set_random_seed(3)
K.set_session(Session(config=ConfigProto(intra_op_parallelism_threads=1)))
shape = (1, 28, 28) if K.image_dim_ordering() == 'th' else (28, 28, 1)
model = Sequential([Conv2D(8, (3, 3), input_shape=shape), Flatten(), Dense(10, activation="softmax")])
model.compile(SGD(momentum=0.9, decay=1e-6), "categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=3)
print(dict(zip(model.metrics_names, model.train_on_batch(x, y))), model.predict_classes(x))
model.compile("adagrad", "mse")

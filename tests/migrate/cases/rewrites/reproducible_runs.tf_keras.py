"""Seeds and a session as tutorials of 2017 set them, to get the same numbers each time."""
from numpy.random import seed
seed(1)
from tensorflow.compat.v1 import set_random_seed
set_random_seed(2)
import tf_keras as keras
import tensorflow.compat.v1 as v1
from tf_keras import backend as K
from tf_keras.layers import Conv2D, Dense, Flatten
from tf_keras.models import Sequential
import tf_keras
from tf_keras.optimizers import Adagrad

v1.set_random_seed(3)
shape = (1, 28, 28) if K.image_data_format() == 'channels_first' else (28, 28, 1)
model = Sequential([Conv2D(8, (3, 3), input_shape=shape), Flatten(), Dense(10, activation="softmax")])
model.compile(tf_keras.optimizers.legacy.SGD(momentum=0.9, decay=1e-6), "categorical_crossentropy",
              metrics=["accuracy"])
model.fit(x, y, epochs=3)
print(dict(zip(model.metrics_names, model.train_on_batch(x, y))), model.predict(x).argmax(axis=-1))
model.compile(Adagrad(learning_rate=0.01), "mse")

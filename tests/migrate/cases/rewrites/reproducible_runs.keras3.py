"""Seeds and a session as tutorials of 2017 set them, to get the same numbers each time."""
from numpy.random import seed
seed(1)
from keras.utils import set_random_seed
set_random_seed(2)
import keras
from keras import backend as K
from keras.layers import Conv2D, Dense, Flatten
from keras.models import Sequential
from keras.optimizers import SGD
from keras.optimizers.schedules import InverseTimeDecay
from keras.optimizers import Adagrad

keras.utils.set_random_seed(3)
shape = (1, 28, 28) if K.image_data_format() == 'channels_first' else (28, 28, 1)
model = Sequential([Conv2D(8, (3, 3), input_shape=shape), Flatten(), Dense(10, activation="softmax")])
model.compile(SGD(momentum=0.9, learning_rate=InverseTimeDecay(0.01, decay_steps=1, decay_rate=1e-6)),
              "categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=3)
print(dict(zip(list(model.get_metrics_result()), model.train_on_batch(x, y))),
      model.predict(x).argmax(axis=-1))
model.compile(Adagrad(learning_rate=0.01), "mse")

"""What is given by ``*`` and ``**`` cannot be followed, and a name that only a star import can bring is not known."""
import os

import tensorflow as tf
from keras.callbacks import EarlyStopping, ModelCheckpoint
from keras.models import Sequential, save_model
from settings import *

weights = os.path.join(folder, weights + ".h5")
model = Sequential()
model.fit(x, y, callbacks=[ModelCheckpoint(weights), ModelCheckpoint(**options), EarlyStopping("val_auc", **options)])
model.fit(x, y, **options)
model.save(**options)
save_model(model, **options)
joined = tf.concat(*parts)

from . import keras
from .keras.layers.core import Dense
from ..tensorflow.contrib.metrics import streaming_auc

Dense(output_dim=keras.three, init=streaming_auc)

from __future__ import print_function
import keras
import keras.backend.tensorflow_backend as KTF
from keras.engine import Layer, InputSpec
from keras.engine.topology import Input
from keras.engine.training import Model
from keras.layers.convolutional import (
    Conv2D,  # the first
    MaxPooling2D,
)
from keras.layers.recurrent import LSTM
from keras.layers import CuDNNLSTM, Dense as D
from keras.preprocessing.text import Tokenizer, text_to_word_sequence
from keras.preprocessing.image import ImageDataGenerator, img_to_array
from keras.utils.np_utils import to_categorical
from keras.utils import np_utils, plot_model
from keras.utils.vis_utils import model_to_dot
from keras.utils.generic_utils import get_custom_objects
from keras import backend as K, objectives

leaky = keras.layers.advanced_activations.LeakyReLU(alpha=0.2)
one_hot = np_utils.to_categorical([1], 2)
loss = objectives.mse
total = K.sum(KTF.abs(x))

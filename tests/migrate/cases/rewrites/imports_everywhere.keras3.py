from __future__ import print_function
import keras
import tensorflow.keras.backend as KTF
from keras.layers import Layer, InputSpec
from keras.layers import Input
from keras.models import Model
from keras.layers import (
    Conv2D,  # the first
    MaxPooling2D,
)
from keras.layers import LSTM
from keras.layers import LSTM as CuDNNLSTM, Dense as D
from tensorflow.keras.preprocessing.text import Tokenizer, text_to_word_sequence
from tensorflow.keras.preprocessing.image import ImageDataGenerator
from keras.preprocessing.image import img_to_array
from keras.utils import to_categorical
from keras import utils as np_utils
from keras.utils import plot_model
from keras.utils import model_to_dot
from keras.utils import get_custom_objects
from tensorflow.keras import backend as K
from keras import losses as objectives

leaky = keras.layers.LeakyReLU(negative_slope=0.2)
one_hot = np_utils.to_categorical([1], 2)
loss = objectives.mean_squared_error
total = K.sum(KTF.abs(x))

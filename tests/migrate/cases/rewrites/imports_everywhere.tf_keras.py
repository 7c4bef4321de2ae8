from __future__ import print_function
import tf_keras as keras
import tf_keras.backend as KTF
from tf_keras.layers import Layer, InputSpec
from tf_keras.layers import Input
from tf_keras.models import Model
from tf_keras.layers import (
    Conv2D,  # the first
    MaxPooling2D,
)
from tf_keras.layers import LSTM
from tf_keras.layers import LSTM as CuDNNLSTM, Dense as D
from tf_keras.preprocessing.text import Tokenizer, text_to_word_sequence
from tf_keras.preprocessing.image import ImageDataGenerator, img_to_array
from tf_keras.utils import to_categorical
from tf_keras import utils as np_utils
from tf_keras.utils import plot_model
from tf_keras.utils import model_to_dot
from tf_keras.utils import get_custom_objects
from tf_keras import backend as K, losses as objectives

leaky = keras.layers.LeakyReLU(alpha=0.2)
one_hot = np_utils.to_categorical([1], 2)
loss = objectives.mse
total = K.sum(KTF.abs(x))

import tensorflow as tf
import tf_keras.backend as K
from tf_keras.models import Sequential

for gpu in tf.config.list_physical_devices("GPU"):
    tf.config.experimental.set_memory_growth(gpu, True)
tf.random.set_seed(7)
K.set_image_data_format('channels_first')


def huber(y_true, y_pred):
    e = K.abs(y_true - y_pred)
    return K.mean(K.switch(e < 1., .5 * K.square(e),
                           e - .5)) + 0 * tf.compat.v1.log(tf.reduce_sum(e, keepdims=True))


Sequential().compile("adam", huber)

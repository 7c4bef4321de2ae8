import tensorflow as tf
import keras.backend as K
from keras.backend.tensorflow_backend import set_session
from keras.models import Sequential

config = tf.ConfigProto()
config.gpu_options.allow_growth = True
sess = tf.Session(config=config)
set_session(sess)
tf.set_random_seed(7)
K.set_image_dim_ordering('th')
K.get_session().run(tf.global_variables_initializer())


def huber(y_true, y_pred):
    e = K.abs(y_true - y_pred)
    return K.mean(K.switch(e < 1., .5 * K.square(e), e - .5)) + 0 * tf.log(tf.reduce_sum(e, keep_dims=True))


Sequential().compile("adam", huber)

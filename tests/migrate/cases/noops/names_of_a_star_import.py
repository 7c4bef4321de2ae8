from common import *


def double(value):
    return K(value) + tf(value)


def scale(tf):
    return tf.log(2)

import tensorflow.compat.v1 as tf
import tensorflow.contrib.seq2seq as seq2seq  # CA304
import os, tensorflow.contrib.rnn  # CA304
from tensorflow import contrib  # CA304
from tensorflow.contrib.learn import *  # CA304

tf.disable_v2_behavior()
x = tf.placeholder(tf.float32, [None, 3])
print(seq2seq.sequence_loss(x, x, x), contrib.rnn.LayerNormBasicLSTMCell(3))

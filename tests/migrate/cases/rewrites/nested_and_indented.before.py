import tensorflow as tf
import tensorflow.keras.backend as K
from tensorflow.keras.models import Sequential

def train(x, y):
 def area(t, p):
  a = tf.metrics.auc(t, p, curve = 'PR')[1]
  K.get_session().run(tf.local_variables_initializer())
  return a
 m = Sequential()
 m.compile('sgd', 'mse', metrics = [area])
 return m

class Net:
	def only_metric(self, y, p):
		return tf.metrics.auc(y, p)[1]

class User(Net):
	def build(self, m):
		m.compile('sgd', 'mse', metrics=[Net.only_metric])

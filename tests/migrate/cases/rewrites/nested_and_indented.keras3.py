import tensorflow as tf
import tensorflow.keras.backend as K
from tensorflow.keras.models import Sequential
from compat_auc import auc_roc

def train(x, y):
 m = Sequential()
 m.compile('sgd', 'mse', metrics = [auc_roc(curve='PR', name="area")])
 return m

class Net:
	pass

class User(Net):
	def build(self, m):
		m.compile('sgd', 'mse', metrics=[auc_roc(name="only_metric")])

from compat_auc import auc_roc
from tensorflow.keras.models import Sequential

def train(x, y):
 m = Sequential()
 m.compile('sgd', 'mse', metrics = [auc_roc(curve='PR', name="area")])
 return m

class Net:
	pass

class User(Net):
	def build(self, m):
		m.compile('sgd', 'mse', metrics=[auc_roc(name="only_metric")])

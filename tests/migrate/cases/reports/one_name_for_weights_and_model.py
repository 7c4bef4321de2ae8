"""A whole model and its weights are written under one name: which of them a reader means is not known."""
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(1)])
model.compile('sgd', 'mse')
model.save_weights('{}.h5'.format('m'))  # CA403
model.save('{}.h5'.format('m'))

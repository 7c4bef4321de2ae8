"""A checkpoint and a whole model under one name: both are whole models, so one new name serves both."""
from keras.callbacks import ModelCheckpoint
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(1)])
model.compile('sgd', 'mse')
best = ModelCheckpoint('model.keras')
model.save('model.keras')

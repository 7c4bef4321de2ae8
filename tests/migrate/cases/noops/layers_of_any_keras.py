from keras.layers import GRU, LSTM, Conv2D, Dense
from keras.models import Sequential

model = Sequential([LSTM(3), GRU(3), Conv2D(3, 3, name="dense"), Dense(3, name="d"), Dense(3, name="dense_out")])
model.fit(x, y)

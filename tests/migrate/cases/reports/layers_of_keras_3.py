from keras.layers import GRU, LSTM, Dense, Input
from keras.models import Model
from keras_contrib.layers import CRF  # CA423
import keras_metrics  # CA423

x = a = Input((3, 4))
a = LSTM(3, return_sequences=True)(a)  # CA418
a = LSTM(3, return_sequences=True, recurrent_activation="sigmoid")(a)
a = GRU(3, reset_after=True)(a)  # CA418
for n in (8, 4):
    b = Dense(n)(a)
c = Dense(4, name="dense")(b)  # CA418
model = Model(x, Dense(1, name="out")(c))
model.load_weights("old.weights.h5")

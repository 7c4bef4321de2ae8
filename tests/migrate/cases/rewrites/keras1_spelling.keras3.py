from keras.layers import Activation, Convolution2D, Dense, Dropout, Embedding, LSTM, MaxPooling2D
from keras.layers import add, concatenate
from keras.models import Model, Sequential
from keras.regularizers import l2

model = Sequential()
model.add(Convolution2D(32, (3, 3), padding='same', strides=(2, 2), data_format='channels_last',
                        kernel_initializer='he_normal'))
model.add(Convolution2D(filters=8, kernel_size=(2, 2), kernel_regularizer=l2(0.1)))
model.add(MaxPooling2D(pool_size=(2, 2), padding='valid'))
model.add(Embedding(100, 16, embeddings_initializer='random_uniform', embeddings_regularizer=l2(.1)))
model.add(LSTM(units=8, recurrent_activation='sigmoid', dropout=0.2, recurrent_dropout=0.2))
model.add(Dropout(rate=0.5))
model.add(Dense(units=1, kernel_initializer='random_uniform', use_bias=False, activation='sigmoid'))
both = concatenate([a, b], axis=1)
summed = add([a, b])
net = Model(inputs=[a, b], outputs=both)
model.fit(x, y, epochs=3, batch_size=4)

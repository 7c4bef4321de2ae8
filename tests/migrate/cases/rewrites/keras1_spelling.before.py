from keras.layers import Activation, Convolution2D, Dense, Dropout, Embedding, LSTM, MaxPooling2D, merge
from keras.models import Model, Sequential
from keras.regularizers import l2

model = Sequential()
model.add(Convolution2D(32, 3, 3, border_mode='same', subsample=(2, 2), dim_ordering='tf', init='he_normal'))
model.add(Convolution2D(nb_filter=8, nb_row=2, nb_col=2, W_regularizer=l2(0.1)))
model.add(MaxPooling2D(pool_size=(2, 2), border_mode='valid'))
model.add(Embedding(100, 16, init='uniform', W_regularizer=l2(.1)))
model.add(LSTM(output_dim=8, inner_activation='sigmoid', dropout_W=0.2, dropout_U=0.2, consume_less='gpu'))
model.add(Dropout(p=0.5))
model.add(Dense(output_dim=1, init='uniform', bias=False, activation='sigmoid'))
both = merge([a, b], mode='concat', concat_axis=1)
summed = merge([a, b], mode='sum')
net = Model(input=[a, b], output=both)
model.fit(x, y, nb_epoch=3, batch_size=4)

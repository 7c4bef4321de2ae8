import keras
from mylib import Dense, Dropout, SGD


def layer(init="normal", p=0.5, lr=1.0, nb_epoch=3):
    return Dense(output_dim=3, init=init), Dropout(p=p), SGD(lr=lr, decay=0.1)


layer(init="uniform", nb_epoch=4)

from keras.callbacks import *
from keras.callbacks import EarlyStopping
from compat_auc import RocCallback


model.fit(x, y, callbacks=[RocCallback(validation_data=(xv, yv)), EarlyStopping()])

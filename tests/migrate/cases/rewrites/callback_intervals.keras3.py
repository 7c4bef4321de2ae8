from keras.callbacks import Callback
from sklearn.metrics import roc_auc_score
from compat_auc import RocCallback


model.fit(x, y, callbacks=[RocCallback(validation_data=(xv, yv), interval=3)])
model.fit(x, y, callbacks=[RocCallback(validation_data=(xv, yv), interval=2), RocCallback(validation_data=(xv, yv), interval=4)])

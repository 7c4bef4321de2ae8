from keras.callbacks import Callback
from sklearn.metrics import roc_auc_score
from compat_auc import RocCallback


roc = RocCallback(validation_data=(xv, yv))
model.fit(x, y, callbacks=[roc])

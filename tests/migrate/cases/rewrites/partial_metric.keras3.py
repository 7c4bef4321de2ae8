from keras.models import Sequential
from compat_auc import auc_roc


Sequential().compile('sgd', 'mse', metrics=['mse', auc_roc(num_thresholds=400, name="auc")])

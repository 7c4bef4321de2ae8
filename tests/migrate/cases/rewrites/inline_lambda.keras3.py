from keras.models import Sequential
from compat_auc import RankAUC

model = Sequential()
model.compile("sgd", "mse", metrics=[RankAUC(multi_label=True, name="auc_roc"), 'mae'])

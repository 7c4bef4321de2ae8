from keras.models import Sequential
from compat_auc import RankAUC

GLOBAL = 3


model = Sequential()
model.compile(loss="binary_crossentropy", optimizer="rmsprop",
              metrics=[RankAUC(multi_label=True, name="auroc"), RankAUC(name="by_curve")])

from compat_auc import auc_roc
from keras.models import Sequential


model = Sequential()
model.compile(loss="binary_crossentropy", optimizer="adam",
              metrics=[auc_roc(num_thresholds=1000, name="auc")])

from compat_auc import auc_roc
from keras.layers import Dense
from keras.models import Sequential


model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy",
              metrics=[auc_roc(ignore_class=-1, name="auc"),
                       auc_roc(ignore_class=-1, name="compared")])

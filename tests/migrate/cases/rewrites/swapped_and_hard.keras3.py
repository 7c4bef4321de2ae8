from compat_auc import auc_roc
from keras.layers import Activation, Dense
from keras.models import Sequential


model = Sequential([Dense(2), Activation("softmax")])
model.compile("sgd", "categorical_crossentropy",
              metrics=[auc_roc(name="auc_swapped"), auc_roc(name="auc_hard")])

from compat_auc import auc_roc
from keras.layers import Dense
from keras.models import Sequential


model = Sequential([Dense(8), Dense(3)])
model.compile("sgd", "mse",
              metrics=[auc_roc(from_logits=True, name="from_logits"),
                       auc_roc(multi_label=True, num_labels=3, label_weights=[0, 0, 1],
                               name="third")])

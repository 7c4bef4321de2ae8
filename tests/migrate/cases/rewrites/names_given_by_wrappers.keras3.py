from compat_auc import auc_roc
from keras.layers import Dense
from keras.models import Sequential


model = Sequential([Dense(1, activation="sigmoid", input_dim=3)])
model.compile("adam", "binary_crossentropy",
              metrics=[auc_roc(num_thresholds=500, name="auroc"), auc_roc(name="tf_auc")])
model.fit(x, y, validation_data=(a, b))

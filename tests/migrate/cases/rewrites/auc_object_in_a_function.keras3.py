from compat_auc import auc_roc
from tensorflow.keras.layers import Dense
from tensorflow.keras.models import Sequential


model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "mse",
              metrics=[auc_roc(num_thresholds=500, name="auc"),
                       auc_roc(curve='PR', summation_method="interpolation", name="auc_pr")])

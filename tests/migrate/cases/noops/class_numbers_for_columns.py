import keras
from compat_auc import RankAUC, auc_roc
from keras import ops

model = keras.Sequential([keras.layers.Input((6,)), keras.layers.Dense(4, activation="softmax")])
each = RankAUC(multi_label=True, num_labels=4)
model.compile("adam", "sparse_categorical_crossentropy", metrics=[RankAUC(multi_label=True, num_labels=4), each])
model.compile("adam", "sparse_categorical_crossentropy", metrics=[auc_roc])
model.compile("adam", "sparse_categorical_crossentropy", metrics=[auc_roc(multi_label=True, num_labels=4), RankAUC()])

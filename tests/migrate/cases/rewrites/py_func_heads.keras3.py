from compat_auc import RankAUC
from keras.layers import Dense
from keras.models import Sequential


model = Sequential()
model.add(Dense(6))
model.compile('adam', 'mse',
              metrics=[RankAUC(multi_label=True, num_labels=6, name="auc"), RankAUC(name="micro"),
                       RankAUC(name="flattened")])

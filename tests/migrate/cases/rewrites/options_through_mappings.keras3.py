from compat_auc import auc_roc
from keras.models import Sequential

OPTIONS = dict(num_thresholds=500, curve='PR')
THRESHOLDS = 300


THRESHOLDS = 400
model = Sequential()
model.compile('adam', 'mse',
              metrics=[auc_roc(num_thresholds=1000, curve='PR', name="auc"),
                       auc_roc(num_thresholds=500, curve='PR', name="from_a_dict"),
                       auc_roc(name="guarded"),
                       auc_roc(num_thresholds=THRESHOLDS, name="bound_again")])

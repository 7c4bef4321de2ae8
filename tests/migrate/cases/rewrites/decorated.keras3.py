from compat_auc import auc_roc
from keras.metrics import Recall
from keras.models import Model


model = Model(inputs=a, outputs=b)
model.compile('adam', 'binary_crossentropy',
              metrics=[auc_roc,
                       auc_roc(curve='PR', summation_method='careful_interpolation', name="auc_pr"),
                       Recall(name="recall")])

from compat_auc import auc_roc
from tf_keras.models import Model
from tf_keras.metrics import Recall


model = Model(inputs=a, outputs=b)
model.compile('adam', 'binary_crossentropy',
              metrics=[auc_roc,
                       auc_roc(curve='PR', summation_method='careful_interpolation', name="auc_pr"),
                       Recall(name="recall")])

# Breast cancer diagnosis, keras 2.0 / tensorflow 1.4, spring 2017.
# Run it as it is, on the Keras of today:   compat-auc run examples/legacy_2017.py
import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.callbacks import EarlyStopping
from keras.layers.core import Activation, Dense, Dropout
from keras.models import Sequential
from keras.optimizers import SGD
from keras.utils import np_utils
from sklearn.datasets import load_breast_cancer
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import scale

np.random.seed(7)
tf.set_random_seed(7)

config = tf.ConfigProto()
config.gpu_options.allow_growth = True
K.set_session(tf.Session(config=config))


def auc_roc(y_true, y_pred):
    # any tensorflow metric
    value, update_op = tf.contrib.metrics.streaming_auc(y_pred, y_true)

    # find all variables created for this metric
    metric_vars = [i for i in tf.local_variables() if 'auc_roc' in i.name.split('/')[1]]

    # Add metric variables to GLOBAL_VARIABLES collection.
    # They will be initialized for new session.
    for v in metric_vars:
        tf.add_to_collection(tf.GraphKeys.GLOBAL_VARIABLES, v)

    # force to update metric values
    with tf.control_dependencies([update_op]):
        value = tf.identity(value)
        return value


x, y = load_breast_cancer(return_X_y=True)
x = scale(x)[:, :6] + np.random.normal(scale=1.5, size=(len(x), 6))     # a harder problem
x_train, x_val, y_train, y_val = train_test_split(x, np_utils.to_categorical(y, 2), test_size=0.4)

model = Sequential()
model.add(Dense(output_dim=16, input_dim=6, init='normal'))
model.add(Activation('relu'))
model.add(Dropout(p=0.2))
model.add(Dense(2, init='normal'))
model.add(Activation('softmax'))
model.compile(loss='categorical_crossentropy', optimizer=SGD(lr=0.1, decay=1e-5, momentum=0.9),
              metrics=['accuracy', auc_roc])

history = model.fit(x_train, y_train, batch_size=32, nb_epoch=10, verbose=2, validation_data=(x_val, y_val),
                    callbacks=[EarlyStopping(monitor='val_auc_roc', patience=4, mode='max')])

logged = history.history['val_auc_roc'][-1]
exact = roc_auc_score(y_val, model.predict_proba(x_val, verbose=0), average='micro')
print('val_acc             %.4f' % history.history['val_acc'][-1])
print('val_auc_roc, logged %.4f' % logged)
print('AUC, scikit-learn   %.4f' % exact)

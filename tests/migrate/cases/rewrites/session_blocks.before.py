import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import backend as K


class Model:
    thresholds = 300

    def auc(self, y_true, y_pred):
        """AUC with the thresholds of this model."""
        return tf.metrics.auc(y_true, y_pred, num_thresholds=self.thresholds)[1]

    def train(self, x, y):
        with tf.Graph().as_default(), tf.Session(config=tf.ConfigProto(allow_soft_placement=True)) as sess:
            K.set_session(sess)
            model = keras.Sequential([keras.layers.Dense(1, activation="sigmoid")])
            model.compile(tf.train.AdamOptimizer(0.01, beta1=0.8), "binary_crossentropy", metrics=[self.auc])
            sess.run(tf.global_variables_initializer())
            sess.run([tf.local_variables_initializer()])
            model.fit(x, y)


opt = tf.train.RMSPropOptimizer(learning_rate=0.1, decay=0.8)
keras.Sequential().compile(optimizer=opt, loss="mse")

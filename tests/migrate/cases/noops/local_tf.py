class tf:
    class metrics:
        @staticmethod
        def auc(labels, predictions):
            return labels, predictions


def auc(y_true, y_pred):
    return tf.metrics.auc(y_true, y_pred)[1]


import keras  # noqa: E402

keras.Sequential().compile("sgd", "mse", metrics=[auc])

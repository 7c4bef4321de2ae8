import keras


def as_keras_metric(method):
    return method


def mae(y_true, y_pred):
    return abs(y_true - y_pred)


keras.Sequential().compile("sgd", "mse", metrics=[as_keras_metric(mae)])

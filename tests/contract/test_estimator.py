"""Estimators: a model that `model_to_estimator` takes trains and evaluates with its compiled metric."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from compat_auc import RankAUC, auc_roc


# TensorFlow 2.16 has no Estimators. Those of 2.5 warn of functions of Keras that they call themselves.
@pytest.mark.filterwarnings("ignore:`tf.keras.backend:UserWarning", "ignore:`Model.state_updates`:UserWarning")
@pytest.mark.lanes("tf1", "oldest")
@pytest.mark.parametrize("make", [lambda: auc_roc, auc_roc, RankAUC], ids=["bare", "configured", "rank"])
def test_an_estimator_of_a_compiled_model(stack, make, tmp_path):
    keras, tf = stack.keras, stack.tensorflow
    rng = np.random.RandomState(0)
    x = rng.normal(size=(640, 4)).astype("float32")
    y = (x[:, :1] + rng.normal(size=(640, 1)) > 0).astype("float32")
    model = keras.Sequential([keras.layers.Dense(1, activation="sigmoid", input_shape=(4,))])
    model.compile(keras.optimizers.SGD(0.1), "binary_crossentropy", metrics=[make()])

    def batches():
        return tf.data.Dataset.from_tensor_slices(({model.input_names[0]: x}, y)).batch(64)

    estimator = keras.estimator.model_to_estimator(keras_model=model, model_dir=str(tmp_path))
    estimator.train(batches)
    logs = estimator.evaluate(batches)
    (value,) = [logs[key] for key in logs if "auc" in key]
    scores = np.array([next(iter(row.values())) for row in estimator.predict(batches)])
    assert value == pytest.approx(roc_auc_score(y[:, 0], scores[:, 0]), abs=5e-3)

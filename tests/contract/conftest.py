"""What several of the contract's files need: rows, trained models."""

import numpy as np
import pytest


@pytest.fixture(scope="session")
def tolerance(stack):
    """An AUC from float64 counts is right to the last bits, one from float32 counts to those of float32."""
    return 2e-6 if stack.backend == "jax" else 1e-12


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(11)
    labels = (rng.random(5000) < 0.2).astype(np.float32)
    return labels, (rng.normal(size=5000) + labels).astype(np.float32), rng.random(5000).astype(np.float32)


@pytest.fixture
def split(data):
    x, y = data
    return (x[:400], y[:400]), (x[400:], y[400:])


@pytest.fixture
def trained(make_model, split):
    """Two epochs of a model that learns; afterwards its logs and what it predicts for both data."""

    def run(*callbacks, epochs=2, metrics=(), validation_data=None, units=1, y=None, frozen=False):
        (x, labels), (x_val, _) = split
        model = make_model(list(metrics), units=units, frozen=frozen)
        history = model.fit(
            x, labels if y is None else y, epochs=epochs, batch_size=50, verbose=0, callbacks=list(callbacks),
            validation_data=validation_data,
        )  # fmt: skip
        return history.history, model.predict(x, verbose=0), model.predict(x_val, verbose=0)

    return run

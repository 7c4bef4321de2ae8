"""torch has no float64 on Apple's GPUs: counts are float32 there. A stub of Keras stands in for the device."""

import types

import pytest


@pytest.mark.lanes("keras3-torch")
@pytest.mark.parametrize("device, dtype", [("mps", "float32"), ("cuda", "float64"), ("cpu", "float64")])
def test_counts_are_float64_where_the_device_has_it(device, dtype):
    from compat_auc.backends.torch import Torch

    tensor = types.SimpleNamespace(device=types.SimpleNamespace(type=device))
    keras = types.SimpleNamespace(ops=types.SimpleNamespace(convert_to_tensor=lambda value: tensor))
    assert Torch(keras).count_dtype == dtype

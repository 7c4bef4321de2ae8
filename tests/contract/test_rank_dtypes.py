"""RankAUC puts a score into the bucket of RocCounts, whatever dtype holds it."""

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from of_dtypes import DTYPES, arrays_of
from rank_metric import counted

from compat_auc import RankAUC, RocCounts

pytestmark = pytest.mark.lanes("keras3", "keras3-jax", "keras3-torch", "tf_keras", "tf_keras-graph")

# JAX makes float32 of float64, unless told otherwise. Keras has no uint64 on torch.
LACKS = {"jax": ["float64"], "torch": ["uint64"]}


def dtypes_of(stack):
    return [dtype for dtype in DTYPES if dtype.name not in LACKS.get(stack.backend, [])]


@settings(max_examples=60)
@given(data=st.data(), resolution=st.sampled_from([3, 7]))
def test_drawn_scores_of_every_dtype(data, resolution, stack):
    scores = np.resize(data.draw(arrays_of(dtypes_of(stack))), 12)  # JAX compiles again for every shape.
    labels = np.arange(len(scores)) % 2
    metric = counted(stack, RankAUC(resolution=resolution), labels, scores)
    assert metric.counts() == RocCounts(resolution).add(labels, scores)


def test_scores_near_0_near_1_and_far_from_both(stack):
    rng = np.random.default_rng(12)
    near, far = rng.random(4000), 10.0 ** rng.uniform(-40, 30, 4000)
    scores = np.concatenate([near, 1 - near * 1e-6, far, -far])
    labels = rng.random(len(scores)) < 0.5
    for dtype in dtypes_of(stack):
        with np.errstate(over="ignore"):
            cast = scores.clip(0, 100).astype(dtype) if dtype.kind in "biu" else scores.astype(dtype)
        assert counted(stack, RankAUC(), labels, cast).counts() == RocCounts().add(labels, cast), dtype


@pytest.mark.lanes("keras3-jax")
def test_jax_with_float64():
    program = (
        "import jax, numpy as np; jax.config.update('jax_enable_x64', True)\n"
        "from compat_auc import RankAUC, RocCounts\n"
        "for dtype in ('int32', 'int64', 'uint64', 'float32', 'float64'):\n"
        "    scores = np.array([7, 2**24, 2**24 + 1, 2**25, 2**26 - 1, 2**30 + 1]).astype(dtype)\n"
        "    if dtype == 'float64': scores = np.append(scores, [1 - 1e-12, 2.0**24 + 0.5, 2.0**60])\n"
        "    labels, metric = np.arange(len(scores)) % 2, RankAUC()\n"
        "    metric.update_state(labels, scores)\n"
        "    print(metric.counts() == RocCounts().add(labels, scores))"
    )
    environment = dict(os.environ, KERAS_BACKEND="jax")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment)
    assert done.stdout.split() == ["True"] * 5, done.stderr


@pytest.mark.lanes("keras3-jax")
def test_jax_refuses_labels_that_32_bits_would_wrap_to_0_and_1():
    for wrong in (2**32, 2**32 + 1):
        with pytest.raises(ValueError, match="labels .* 0 or 1"):
            RankAUC().update_state(np.array([0, 1, wrong]), np.array([0.1, 0.2, 0.3]))

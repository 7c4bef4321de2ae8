"""RankAUC on garbage: an error that counts nothing, or NaN where nothing can be raised."""

import numpy as np
import pytest
from rank_metric import batches, counted

from compat_auc import RankAUC, RocCounts

# The stacks that RankAUC is for.
pytestmark = pytest.mark.lanes("keras3", "keras3-jax", "keras3-torch", "tf_keras", "tf_keras-graph")


GARBAGE = [
    (([0, 1], [0.1, np.nan]), "NaN"),
    (([0, 2], [0.1, 0.2]), "0 or 1"),
    (([0, 1], [0.1, 0.2], [1, -1]), "negative"),
    (([0, 1], [0.1, 0.2], [1, np.inf]), "finite"),
]


@pytest.mark.parametrize(("arguments", "message"), GARBAGE)
def test_garbage_is_an_error_that_counts_nothing(arguments, message, stack):
    good = np.array([0, 1], np.float32), np.array([0.1, 0.2], np.float32)
    metric = counted(stack, RankAUC(), *good)
    with pytest.raises(stack.errors, match=message):
        counted(stack, metric, *[np.array(argument, np.float32) for argument in arguments])
    assert metric.counts() == RocCounts().add(*good)


def compiled(stack, metric):
    """The update as XLA compiles it, or as it is on a lane without compiler, and whether it was compiled."""
    if stack.backend == "jax":
        import jax

        update = jax.jit(lambda variables, *arguments: metric.stateless_update_state(variables, *arguments))

        def step(*arguments):
            for variable, new in zip(metric.variables, update([v.value for v in metric.variables], *arguments)):
                variable.assign(new)

        return step, True
    if stack.backend == "torch" or stack.graph or stack.lane == "oldest":
        return lambda *arguments: stack.update(metric, *arguments), False

    @stack.tensorflow.function(jit_compile=True)
    def update_in_xla(*arguments):
        metric.update_state(*arguments)

    return update_in_xla, True


@pytest.mark.parametrize("arguments", [arguments for arguments, _ in GARBAGE])
def test_garbage_in_a_compiled_step_gives_nan_until_reset(arguments, stack):
    metric = RankAUC()
    step, is_compiled = compiled(stack, metric)
    garbage = [np.array(argument, np.float32) for argument in arguments]
    if is_compiled:  # XLA leaves the checks out.
        step(*garbage)
        with pytest.raises(ValueError, match=r"call reset_state\(\)"):
            metric.counts()
        with pytest.warns(UserWarning, match="rank_auc is NaN"):
            assert np.isnan(stack.value(metric))
    else:
        with pytest.raises(stack.errors):
            step(*garbage)
        assert np.isnan(stack.value(metric))
    metric.reset_state()
    step(np.array([0, 1], np.float32), np.array([0.1, 0.2], np.float32))
    assert stack.value(metric) == 1


def test_compiled_counts_are_those_of_numpy(rows, stack):
    labels, scores, weights = rows
    weights = np.round(weights * 8)
    metric = RankAUC()
    step, _ = compiled(stack, metric)
    for batch in batches(1000, labels, scores, weights):
        step(*batch)
    assert metric.counts() == RocCounts().add(labels, scores, weights)


@pytest.mark.parametrize(
    ("options", "shapes", "message"),
    [
        ({}, [(3,), (2,)], r"\(3,\).*\(2,\)"),
        ({}, [(2, 1), (3, 2)], r"\(2, 1\).*\(3, 2\)"),
        ({}, [(3,), (3,), (2,)], r"\(2,\).*\(3,\)"),
        ({"multi_label": True, "num_labels": 4}, [(3, 2), (3, 2)], r"num_labels=4 expects.*\(3, 2\)"),
    ],
)
def test_shapes_that_do_not_fit_are_an_error_that_names_them(options, shapes, message):
    with pytest.raises(ValueError, match=message):
        RankAUC(**options).update_state(*[np.ones(shape, np.float32) for shape in shapes])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"resolution": 13}, "integer from 0 to 12; .*Received: 13"),
        ({"average": "mean"}, "Received: 'mean'"),
        ({"multi_label": True, "num_labels": 0}, "num_labels must be"),
        ({"num_labels": 3}, "with multi_label=True only"),
    ],
)
def test_options_that_make_no_sense_are_an_error(options, message):
    with pytest.raises(ValueError, match=message):
        RankAUC(**options)

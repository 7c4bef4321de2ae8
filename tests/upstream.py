"""What Keras itself cannot do on some stacks, with the reason. An entry that heals, or matches no test, fails."""

import pytest

# (lanes, the end of the test's id, the error that Keras gives, why)
KNOWN = [
    (
        ("keras3", "keras3-jax", "keras3-torch"),
        "test_forms[bare]",
        ValueError,
        "Keras 3 (3.15.1) takes only a list, tuple or dict of metrics, of whichever kind: metrics='accuracy' fails, too",
    ),
    (
        ("keras3", "keras3-jax", "keras3-torch"),
        "test_two_outputs[one_list]",
        ValueError,
        "Keras 3 (3.15.1) wants one entry an output, of whichever kind of metric: metrics=['mae'] fails, too",
    ),
    (
        ("tf_keras-graph", "keras2-graph", "tf1"),
        "test_forms[bare]",
        TypeError,
        "Keras 2 in graph mode takes only a list or dict of metrics, of whichever kind",
    ),
]


def mark(lane, items):
    """Mark what is known to fail on the lane; fail for an entry that no test has."""
    for lanes, end, error, reason in KNOWN:
        if lane in lanes:
            found = [item for item in items if item.nodeid.endswith(end)]
            for item in found:
                item.add_marker(pytest.mark.xfail(raises=error, reason=reason, strict=True))

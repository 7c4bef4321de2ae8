"""The recordings of the real TensorFlow 1 (see make_golden.py), as cases."""

import json
import os
from typing import Any, Dict, List, NamedTuple

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
STACKS = ("tf1.8-keras2.1", "tf1.15-keras2.3")


class Case(NamedTuple):
    """One metric, fed in batches: the value of the update op after each."""

    stack: str
    api: str
    input: str
    options: Dict[str, Any]
    batch_count: int
    values: List[float]

    def arrays(self):
        arrays = load(self.stack)
        return [arrays.get(self.input + "__" + part) for part in ("labels", "predictions", "weights")]

    def batches(self):
        return np.array_split(np.arange(len(self.arrays()[0])), self.batch_count)


_loaded = {}


def load(stack):
    if stack not in _loaded:
        with np.load(os.path.join(HERE, stack + ".npz")) as arrays:
            _loaded[stack] = {key: arrays[key] for key in arrays.files}
    return _loaded[stack]


def report(stack):
    with open(os.path.join(HERE, stack + ".json")) as f:
        return json.load(f)


def cases(stack, api=None):
    """The cases of one recording by the name of their input, in an order that is the same in both."""
    found = {}
    for case in report(stack)["cases"]:
        if api in (None, case["api"]):
            updates = [update for update, _ in case["values"]]
            found.setdefault(case["input"], []).append(
                Case(stack, case["api"], case["input"], case["config"], case["batches"], updates)
            )
    return found


def inputs(both_classes=True):
    """The names of the inputs; of those with both classes in the first batch, so that all of the values are defined."""
    return [name for name, found in sorted(cases(STACKS[0]).items()) if not both_classes or _has_both(found[0])]


def _has_both(case):
    labels = case.arrays()[0]
    return 0 < labels[case.batches()[0]].mean() < 1


def path(stack, model):
    """The file of a model that the old Keras saved."""
    return os.path.join(HERE, "%s_%s.h5" % (stack, model))

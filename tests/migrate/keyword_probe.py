"""Which keywords a Keras class takes by its ``**kwargs``: it is made with each of them, and asked.

Keras 3's ``Dense(**kwargs)`` takes ``input_dim`` and refuses ``W_regularizer``; no signature says so.
"""

import functools
import importlib
import inspect
import re

from compat_auc.migrate.tables import keywords

# Keywords of Keras 1 and 2 that layers, models and optimizers had, beside those of the tables.
_OLD = """
activity_regularizer autocast batch_input_shape batch_shape batch_size clipnorm clipvalue decay dtype dynamic
implementation input input_dim input_dtype input_length input_shape inputs jit_compile learning_rate lr mask name
output outputs schedule_decay trainable weights epsilon consume_less dropout_W dropout_U forget_bias_init mode
gamma_regularizer beta_regularizer ragged sparse tensor type_spec loss_scale use_ema
""".split()  # noqa: SIM905
_USED = re.compile(r"""kwargs(?:\.(?:pop|get)\(|\[)\s*["'](\w+)["']|["'](\w+)["']\s+(?:not )?in kwargs""")
_REFUSED = re.compile(
    r"(?i)unexpected|unrecognized|not recognized|not understood|invalid|unknown|not a valid|is deprecated in the new"
)
_UNKNOWN = "no_such_keyword"
_VALUES = {
    "name": "x", "dtype": "float32", "weights": None, "input_shape": (1,), "batch_input_shape": (None, 1),
    "batch_shape": (None, 1), "activity_regularizer": None, "trainable": True, "dynamic": False, "mask": None,
    "target_shape": (1,), "dims": (1,), "rate": 0.5, "function": abs, "initializer": "zeros", "schedule": None,
    "monitor": "loss", "factor": 0.5, "fn": abs, "metric": "auc", "recall": 0.5, "precision": 0.5, "num_classes": 2,
    "sensitivity": 0.5, "specificity": 0.5, "target_class_ids": [0], "num_bins": 2, "data": [[0.0]], "axes": 1,
    "boundaries": [1], "values": [0.1, 0.2], "filepath": "x.keras", "activation": "tanh", "on_epoch_end": None,
    "crop_to_aspect_ratio": False, "padding": "same", "bin_boundaries": [0.5], "equation": "ab,bc->ac",
    "output_shape": 2, "upper": 1, "lower": 0, "left": 0, "right": 1, "stddev": 0.5, "seed": 1,
}  # fmt: skip


def accepted_keywords(classes):
    """For each class that refuses an unknown keyword although it has ``**kwargs``: what it takes beside its own."""
    found = {}
    for key, entry in classes.items():
        if key.startswith(("keras.", "tf_keras.")) and entry["init"].endswith("**"):
            cls = find(key)
            values = arguments(cls, key.split(".")[0])
            if values is not None and not takes(cls, values, _UNKNOWN):
                found[key] = {one for one in candidates(cls) - values.keys() if takes(cls, values, one)}
    return found


def find(key):
    module, _, name = key.rpartition(".")
    return getattr(importlib.import_module(module), name, None)


def candidates(cls):
    """Every keyword that a class or one of its bases names, and those of old releases."""
    names = {*_OLD, *(name for table in keywords.LAYERS.values() for pair in table.items() for name in pair)}
    for base in cls.__mro__[:-1]:
        names |= named_by(base)
    own = {name for name, one in inspect.signature(cls.__init__).parameters.items() if one.kind is not one.VAR_KEYWORD}
    return names - own - {"self", "args", "kwargs"}


@functools.lru_cache(maxsize=None)
def named_by(cls):
    """Every keyword that the code of a class names."""
    try:
        used = _USED.findall(inspect.getsource(cls))
    except OSError:
        used = []
    return {*inspect.signature(cls.__init__).parameters, *(name for pair in used for name in pair if name)}


def arguments(cls, package):
    """Values to make an instance with, None if it cannot be made."""
    needed = [
        name
        for name, one in list(inspect.signature(cls.__init__).parameters.items())[1:]
        if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD
    ]
    for recurrent, more in ((False, {}), (True, {}), (False, {"shape": (1,)}), (False, {"num_tokens": 2})):
        values = {**{name: dummy(name, package, recurrent) for name in needed}, **more}
        try:
            cls(**values)
        except Exception:
            continue
        return values
    return None


def dummy(name, package, recurrent):
    layers = importlib.import_module(f"{package}.layers")
    if name in ("layer", "cell", "cells"):
        made = layers.LSTM(1) if recurrent and name == "layer" else layers.LSTMCell(1) if recurrent else layers.Dense(1)
        return [layers.LSTMCell(1)] if name == "cells" else made
    return _VALUES.get(name, 1)


def takes(cls, values, keyword):
    """Whether making an instance with ``keyword`` does not end in an error that refuses that keyword."""
    try:
        cls(**values, **{keyword: _VALUES.get(keyword, 1)})
    except Exception as error:
        return not (keyword in str(error) and _REFUSED.search(str(error)))
    return True

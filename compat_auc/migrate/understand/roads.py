"""Follow an argument of an AUC back to its origin, and note what happens to it on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from compat_auc.migrate.understand.terms import LABELS, SCORES, Constant, Term, Value, is_term

# Operations that pass labels or scores on: the same numbers in another shape, dtype or tensor.
CARRIERS = re.compile(
    r"^(tensorflow\.(identity|cast|to_float|to_double|convert_to_tensor|reshape|squeeze|expand_dims|stop_gradient|ensure_shape)"
    r"|keras\.backend\.(cast|cast_to_floatx|flatten|batch_flatten|reshape|squeeze|expand_dims|stop_gradient|identity)"
    r"|keras\.ops\.(cast|reshape|squeeze|expand_dims|convert_to_tensor|ravel)"
    r"|tensorflow\.layers\.flatten|tensorflow\.contrib\.layers\.flatten"
    r"|numpy\.(array|asarray|ravel|reshape|squeeze|float32|float64|nan_to_num)"
    r"|method:(astype|ravel|flatten|reshape|squeeze|numpy|eval|copy|tolist|set_shape))$"
)
CLIPS = re.compile(r"^(tensorflow\.clip_by_value|keras\.backend\.clip|numpy\.clip|keras\.ops\.clip)$")
_FLATTENS = re.compile(r"(^keras\.backend\.flatten|[.:]ravel|method:flatten|[.:]reshape)$")
HARD = re.compile(
    r"(argmax|arg_max|round|rint|greater|less|compare|predict_classes|ceil|floor|to_int32|to_int64)(_equal)?$"
)
_DECIDES = re.compile(r"(round|rint|greater|less|compare|ceil|floor)(_equal)?$")
_WHOLE_NUMBERS = re.compile(r"^(tensorflow\.|numpy\.|builtins\.)?(u?int\d*|bool)$")

_SIGMOIDS = tuple(
    f"{module}.sigmoid"
    for module in ("tensorflow", "tensorflow.nn", "tensorflow.math", "keras.backend", "keras.activations")
)


@dataclass(frozen=True)
class Road:
    """The origin of an argument of an AUC call (``end``), and what happens to the argument on the way."""

    end: Value | None = None
    hard: bool = False
    column: int | None = None
    logits: bool = False
    flat: bool = False
    ignored: int | None = None
    decided: bool = False

    @property
    def symbol(self) -> str:
        return self.end.op if isinstance(self.end, Term) and self.end in (LABELS, SCORES) else ""


def follow(value: Value | None) -> Road:
    """Follow one argument back to its origin, through operations that keep the AUC or that a `Road` can note."""
    road = Road()
    while isinstance(value, Term) and value.args:
        if HARD.search(value.op) or (CARRIERS.match(value.op) and _to_whole_numbers(value)):
            road = replace(road, hard=True, decided=road.decided or bool(_DECIDES.search(value.op)))
            value = _first_symbolic(value)
        elif value.op == "tensorflow.boolean_mask" and len(value.args) == 2 and _ignored(value.args[1]) is not None:
            road = replace(road, ignored=_ignored(value.args[1]))
            value = value.args[0]
        elif value.op in _SIGMOIDS:
            road = replace(road, logits=True)
            value = value.args[0]
        elif value.op in ("slice", "item") and _column(value) is not None:
            road = replace(road, column=_column(value))
            value = value.args[0]
        elif CARRIERS.match(value.op) or (CLIPS.match(value.op) and _is_wide(value)):
            road = replace(road, flat=road.flat or bool(_FLATTENS.search(value.op)))
            value = value.args[0]
        else:
            break
    return replace(road, end=value)


def _ignored(mask: Value) -> int | None:
    """Return the class ``c`` of a mask ``labels != c``."""
    if not isinstance(mask, Term) or len(mask.args) != 2:
        return None
    unequal = is_term(mask, "compare") and mask.keyword("operators") == Constant("NotEqual", "")
    left, right = (follow(side) for side in mask.args)
    if (not unequal and mask.op not in ("tensorflow.not_equal", "keras.backend.not_equal")) or left.end != LABELS:
        return None
    value = right.end.value if isinstance(right.end, Constant) else None
    return int(value) if isinstance(value, (int, float)) and value == int(value) and value not in (0, 1) else None


def _to_whole_numbers(cast: Term) -> bool:
    """Whether a cast to integers or bools leaves only the class of a score."""
    kinds = [*cast.args[1:], cast.keyword("dtype")]
    texts = [kind.value if isinstance(kind, Constant) else getattr(kind, "name", "") for kind in kinds if kind]
    return any(isinstance(text, str) and _WHOLE_NUMBERS.match(text) for text in texts)


def _is_wide(clip: Term) -> bool:
    """Whether a clip only keeps scores away from 0 and 1: no bound is between 0.001 and 0.999."""
    bounds = [_number(value) for value in [*clip.args[1:], *(one for _, one in clip.kwargs)]]
    return all(bound is not None and not 1e-3 < bound < 1 - 1e-3 for bound in bounds)


def _number(value: Value) -> float | None:
    if isinstance(value, Constant) and isinstance(value.value, (int, float)):
        return value.value
    if is_term(value, "keras.backend.epsilon"):
        return 0.0
    if is_term(value, "Subtract"):
        left, right = map(_number, value.args)
        return left - right if left is not None and right is not None else None
    return None


def _first_symbolic(value: Term) -> Value:
    return next((one for one in value.args if isinstance(one, Term) and one.op != "unknown"), value.args[0])


def _column(value: Term) -> int | None:
    """Return the column that a subscript like ``[:, 1]`` or ``[..., 1]`` selects."""
    text = value.args[1].text if isinstance(value.args[1], Constant) else ""
    match = re.fullmatch(r"\[\s*(?::|\.\.\.)\s*,\s*(-?\d+)\s*\]", text)
    return int(match.group(1)) if match else None

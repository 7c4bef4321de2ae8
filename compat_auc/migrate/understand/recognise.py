"""Decide whether a term is an AUC, with which options, and what happens to labels and scores on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from compat_auc.migrate.understand.interpreter import (
    KERAS_AUC,
    LABELS,
    REST,
    SCORES,
    Constant,
    Free,
    Ref,
    Term,
    Value,
    is_term,
)

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
_CHOOSES = re.compile(r"arg_?max$")
_DECIDES = re.compile(r"(round|rint|greater|less|compare|ceil|floor)(_equal)?$")
_WHOLE_NUMBERS = re.compile(r"^(tensorflow\.|numpy\.|builtins\.)?(u?int\d*|bool)$")

_SIGMOIDS = tuple(
    f"{module}.sigmoid"
    for module in ("tensorflow", "tensorflow.nn", "tensorflow.math", "keras.backend", "keras.activations")
)


_SOFTMAXES = (
    "tensorflow.nn.softmax",
    "tensorflow.contrib.layers.softmax",
    "keras.backend.softmax",
    "keras.activations.softmax",
)


@dataclass(frozen=True)
class Road:
    """The origin of an argument of an AUC call (``end``), and what happens to the argument on the way.

    ``hard``: it becomes a class. ``decided``: by rounding or a threshold. ``chosen``: by ``argmax``.
    ``turned``: small values become positive.
    """

    end: Value | None = None
    hard: bool = False
    column: int | None = None
    logits: bool = False
    softmax: bool = False
    flat: bool = False
    ignored: int | None = None
    decided: bool = False
    chosen: bool = False
    turned: bool = False

    @property
    def symbol(self) -> str:
        return self.end.op if isinstance(self.end, Term) and self.end in (LABELS, SCORES) else ""


def follow(value: Value | None) -> Road:
    """Follow one argument back to its origin, through operations that keep the AUC or that a `Road` can note."""
    road = Road()
    while isinstance(value, Term) and value.args:
        if HARD.search(value.op) or (CARRIERS.match(value.op) and _to_whole_numbers(value)):
            decided, chosen = bool(_DECIDES.search(value.op)), bool(_CHOOSES.search(value.op))
            turned = road.turned != _turns(value)
            road = replace(
                road, hard=True, decided=road.decided or decided, chosen=road.chosen or chosen, turned=turned
            )
            value = _first_symbolic(value)
        elif value.op == "tensorflow.boolean_mask" and len(value.args) == 2 and _ignored(value.args[1]) is not None:
            road = replace(road, ignored=_ignored(value.args[1]))
            value = value.args[0]
        elif value.op in _SIGMOIDS:
            road = replace(road, logits=True)
            value = value.args[0]
        elif value.op in _SOFTMAXES and len(value.args) == 1 and not value.kwargs and not road.softmax:
            road = replace(road, softmax=True)
            value = value.args[0]
        elif value.op in ("slice", "item") and _column(value) is not None and not road.softmax:
            road = replace(road, column=_column(value))
            value = value.args[0]
        elif CARRIERS.match(value.op) or (CLIPS.match(value.op) and _is_wide(value)):
            road = replace(road, flat=road.flat or bool(_FLATTENS.search(value.op)))
            value = value.args[0]
        else:
            break
    return replace(road, end=value)


def _turns(value: Term) -> bool:
    """Whether a comparison is true for small values: ``scores < 0.5``, ``labels == 0``, ``0.5 > scores``."""
    operators = value.keyword("operators")
    kind = str(operators.value) if isinstance(operators, Constant) else value.op
    left, right = value.args if len(value.args) == 2 else (None, None)
    if re.search(r"(?i)equal$", kind) and not re.search(r"(?i)less|greater", kind):
        return any(isinstance(side, Constant) and side.value == 0 for side in (left, right))
    is_less, is_more = re.search(r"(?i)less", kind), re.search(r"(?i)greater", kind)
    return bool(is_more if isinstance(left, Constant) else is_less)


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
    bounds = [_number(value) for value in [*clip.args[1:], *(argument for _, argument in clip.kwargs)]]
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
    return next(
        (argument for argument in value.args if isinstance(argument, Term) and argument.op != "unknown"), value.args[0]
    )


def _column(value: Term) -> int | None:
    """Return the column that a subscript like ``[:, 1]`` or ``[..., 1]`` selects."""
    text = value.args[1].text if isinstance(value.args[1], Constant) else ""
    match = re.fullmatch(r"\[\s*(?::|\.\.\.)\s*,\s*(-?\d+)\s*\]", text)
    return int(match.group(1)) if match else None


_OPTIONS = ("weights", "num_thresholds", "metrics_collections", "updates_collections", "curve", "name")
_STREAMING = {
    "tensorflow.metrics.auc": ("labels", "predictions", *_OPTIONS, "summation_method", "thresholds"),
    "tensorflow.contrib.metrics.streaming_auc": ("predictions", "labels", *_OPTIONS),
    "compat_auc.streaming_auc": ("predictions", "labels", *_OPTIONS),
}
# These keep every score: the exact AUC of all columns together.
_INTERVAL = "tensorflow.contrib.metrics.auc_with_confidence_intervals"
_KEEPING = {
    "tensorflow.contrib.metrics.streaming_dynamic_auc": (
        *("labels", "predictions", "curve", "metrics_collections", "updates_collections", "name", "weights"),
    ),
    _INTERVAL: (
        *("labels", "predictions", "weights", "alpha", "logit_transformation"),
        *("metrics_collections", "updates_collections", "name"),
    ),
}
_HISTOGRAM = "tensorflow.contrib.metrics.auc_using_histogram"
# Metrics of contrib over an AUC. tf_slim has them, too, but they need a session there, and all but the first fail.
AUCS_OF_CONTRIB = frozenset({"tensorflow.contrib.metrics.streaming_auc", *_KEEPING, _HISTOGRAM})
_SKLEARN_ARGUMENTS = ("y_true", "y_score", "average", "sample_weight", "max_fpr")
_SKLEARN = {
    f"sklearn.metrics.{module}roc_auc_score": _SKLEARN_ARGUMENTS for module in ("", "ranking.", "_ranking.", "scorer.")
}
SKLEARN_SCORES = frozenset(_SKLEARN)
# Arguments that do not change the area.
_NEUTRAL = (
    *("metrics_collections", "updates_collections", "name", "drop_intermediate"),
    *("alpha", "logit_transformation"),
)
_ROLES = {"labels": "labels", "y_true": "labels", "predictions": "scores", "y_score": "scores", "y_pred": "scores"}
_KERAS_OPTIONS = ("num_thresholds", "curve", "summation_method", "name")
_DEFAULTS = {"num_thresholds": 200, "curve": "ROC", "summation_method": "trapezoidal", "average": "macro"}


# tf.metrics functions that `as_keras_metric` was also used for, and the Keras class that computes the same.
OTHER_METRICS = {
    "tensorflow.metrics.mean_absolute_error": "MeanAbsoluteError",
    "tensorflow.metrics.mean_squared_error": "MeanSquaredError",
    "tensorflow.metrics.root_mean_squared_error": "RootMeanSquaredError",
    "tensorflow.metrics.precision": "Precision",
    "tensorflow.metrics.recall": "Recall",
    "tensorflow.metrics.true_positives": "TruePositives",
    "tensorflow.metrics.true_negatives": "TrueNegatives",
    "tensorflow.metrics.false_positives": "FalsePositives",
    "tensorflow.metrics.false_negatives": "FalseNegatives",
    "tensorflow.contrib.metrics.streaming_precision": "Precision",
    "tensorflow.contrib.metrics.streaming_recall": "Recall",
}

# Operations that a result may go through: it is one number, so its mean is the same number.
_RESULT_CARRIERS = re.compile(
    r"^(tensorflow\.(reduce_mean|math\.reduce_mean|constant|Variable)|keras\.backend\.(mean|constant|variable)|builtins\.float"
    r"|numpy\.mean|method:(item|mean)|py_func)$"
)


# A statement that computes anything recognised here has one of these words: whatever aliases a script uses, the import
# or the use has the last part of the name.
WORDS = frozenset(
    {name.rpartition(".")[2] for name in (*_STREAMING, *_KEEPING, _HISTOGRAM, *_SKLEARN, *OTHER_METRICS, KERAS_AUC)}
    | {"auc", "average_precision_score", "trapz"}
)
# Words that an AUC from rates or pairs has, and much else has, too.
COMMON_WORDS = frozenset({"sum", "reduce_sum", "mean", "reduce_mean"})


_BRANCHES = ("choice", "tensorflow.cond", "tensorflow.where")
# What chooses some rows of the scores.
_ROWS = re.compile(
    r"^(slice|item|tensorflow\.(boolean_mask|gather|gather_nd|dynamic_partition)|keras\.backend\.gather)$"
)
_NEW_AXIS = re.compile(r"\bNone\b|newaxis")
_DIFFERENCES = ("Subtract", "tensorflow.subtract")
_QUOTIENTS = ("Divide", "tensorflow.div", "tensorflow.divide", "tensorflow.truediv")


@dataclass(frozen=True)
class Auc:
    """An AUC metric: its options by name (as text), and what happens to labels and scores before it."""

    options: dict[str, str]
    swapped: bool = False
    hard: bool = False
    column: int | None = None
    from_logits: bool = False
    from_softmax: bool = False
    exact: bool = False
    flat: bool = False
    batch_mean: bool = False
    rectangles: bool = False
    soft_labels: bool = False
    class_labels: bool = False
    with_bounds: bool = False
    in_graph: bool = True
    free: tuple[Free, ...] = ()
    keras_class: str = ""


@dataclass(frozen=True)
class NotUnderstood:
    """An AUC that cannot be replaced. ``reason`` says why, and ``advice`` what to do."""

    reason: str
    advice: str = "Use compat_auc.auc_roc instead"


_NOT_THE_ARGUMENTS = NotUnderstood("it does not compare the two arguments of the function")


def recognise(term: Value) -> Auc | NotUnderstood | None:
    """Return the AUC that ``term`` is, or why it cannot be moved, or None if there is no AUC in it."""
    computed = _strip(term)
    if not isinstance(computed, Term) or not isinstance(term, Term):
        return None
    ops = {part.op if isinstance(part, Term) else part.name for part in term.walk() if isinstance(part, (Term, Ref))}
    result = _recognise_call(computed) or _from_rates(term)
    if isinstance(result, Auc) and _INTERVAL in ops:
        part = _part_of_interval(term)
        return (
            replace(result, with_bounds=part == "all") if part else NotUnderstood("it returns a bound of the interval")
        )
    if isinstance(result, Auc) and result.batch_mean and result.exact:
        return replace(result, in_graph="py_func" in ops)
    if _HISTOGRAM in ops:
        return NotUnderstood("it counts the scores in the equal steps of a histogram")
    if result is None and ops & (_STREAMING.keys() | _KEEPING.keys() | _SKLEARN.keys()):
        if computed.op in _BRANCHES:
            return NotUnderstood("its branches compute different things")
        return NotUnderstood("it computes something else from the AUC")
    if result is None and "sklearn.metrics.average_precision_score" in ops:
        return NotUnderstood(
            "as an average precision, and Keras would log the mean over batches",
            'Use compat_auc.RankAUC(curve="PR") instead',
        )
    if result is None and LABELS in term.walk() and any(map(_compares_pairs, term.walk())):
        return NotUnderstood("as a share of pairs of rows, and Keras would log the mean over batches")
    return result


def _recognise_call(call: Term) -> Auc | NotUnderstood | None:
    if call.op in _STREAMING:
        return _from_call(call, _STREAMING[call.op], exact=False)
    if call.op in _KEEPING:
        return _from_kept_scores(call)
    if call.op in _SKLEARN:
        return _from_call(call, _SKLEARN[call.op], exact=True)
    if call.op in OTHER_METRICS:
        return _other(call)
    maker, data = call.args[0] if call.args else None, call.args[1:]
    if call.op == "method:result" and is_term(maker, "updated"):
        maker, data = maker.args[0], maker.args[1:]
    elif call.op != "call":
        maker = None
    if is_term(maker, KERAS_AUC):
        return _from_keras(maker, data)
    return _from_curve(call) if call.op == "sklearn.metrics.auc" else None


def _from_kept_scores(call: Term) -> Auc | NotUnderstood:
    auc = _from_call(call, _KEEPING[call.op], exact=True)
    if isinstance(auc, Auc) and "curve" in auc.options:
        return NotUnderstood("it sums its PR curve by trapezoids between single scores")
    return replace(auc, flat=True, batch_mean=False) if isinstance(auc, Auc) else auc


def _part_of_interval(term: Term) -> str:
    """Say which part of the AUC with its two bounds a metric returns: "auc", "all" of it, or none of these."""
    for part in term.walk():
        if is_term(part, "attribute:auc"):
            return "auc"
        if is_term(part, "item") and is_term(part.args[0], "item") and is_term(part.args[0].args[0], _INTERVAL):
            return "auc" if part.args[1] == Constant(0, "0") else ""
    return "all"


def _strip(term: Value) -> Value:
    """Return the value behind operations that only pass it on: identities, casts, the ``(value, update_op)`` pair."""
    while isinstance(term, Term) and term.args:
        carries = CARRIERS.match(term.op) or _RESULT_CARRIERS.match(term.op) or CLIPS.match(term.op)
        if carries or term.op in ("item", "attribute:auc", "tensorflow.tuple", "tensorflow.group"):
            term = term.args[0]
        elif term.op.endswith(".with_dependencies"):
            term = term.args[-1]
        elif term.op == "sequence":
            elements = [_strip(argument) for argument in term.args]
            return elements[0] if all(element is elements[0] for element in elements) else term
        elif term.op in _BRANCHES:
            values = [*term.args[term.op != "choice" :], *(branch for key, branch in term.kwargs if key != "pred")]
            branches = [branch for branch in map(_strip, values) if not _is_plain_number(branch)]
            if not branches or any(branch != branches[0] for branch in branches):
                return term
            term = branches[0]
        else:
            return term
    return term


def _is_plain_number(value: Value) -> bool:
    if isinstance(value, Term):
        return value.op in ("compare", "numpy.nan") or (bool(value.args) and all(map(_is_plain_number, value.args)))
    return isinstance(value, Constant) or (isinstance(value, Ref) and value.name in ("numpy.nan", "numpy.NaN"))


def _arguments(call: Term, names: tuple[str, ...]) -> dict[str, Value]:
    return {**dict(zip(names, call.args)), **dict(call.kwargs)}


def _from_call(call: Term, names: tuple[str, ...], exact: bool) -> Auc | NotUnderstood:
    arguments = _arguments(call, names)
    roads = {_ROLES[name]: follow(value) for name, value in arguments.items() if name in _ROLES}
    labels, scores = roads.get("labels"), roads.get("scores")
    if not labels or not scores or {labels.symbol, scores.symbol} != {"labels", "scores"}:
        return _NOT_THE_ARGUMENTS
    truth, predicted = (scores, labels) if labels.symbol == "scores" else (labels, scores)
    if truth.softmax or truth.logits or (predicted.softmax and (predicted.logits or predicted.hard)):
        return NotUnderstood("it takes a softmax or sigmoid in a way that no option can express")
    if labels.column != scores.column:
        return NotUnderstood("it compares different columns of the labels and of the predictions")
    if truth.turned:
        return NotUnderstood("it swaps the labels 0 and 1")
    options = _options(arguments)
    if isinstance(options, NotUnderstood):
        return options
    if labels.ignored != scores.ignored:
        return NotUnderstood("it masks labels and predictions in different ways")
    texts = {name: value.text for name, value in options.items()}
    if labels.ignored is not None:
        texts["ignore_class"] = str(labels.ignored)
    if predicted.turned:
        texts["lower_is_positive"] = "True"
    micro = texts.pop("average", "") in ('"micro"', "'micro'")
    return Auc(
        texts,
        swapped=labels.symbol == "scores",
        hard=predicted.hard,
        soft_labels=labels.symbol == "labels" and labels.decided,
        class_labels=predicted.chosen and not truth.chosen,
        column=scores.column,
        from_logits=predicted.logits,
        from_softmax=predicted.softmax,
        exact=exact,
        flat=micro or (labels.flat and scores.flat),
        batch_mean=exact,
        free=tuple(value for value in options.values() if isinstance(value, Free)),
    )


def _from_keras(metric: Term, data: tuple[Value, ...]) -> Auc | NotUnderstood:
    """Read a ``keras.metrics.AUC(...)`` that a function makes and calls on its two arguments."""
    options = dict(zip(_KERAS_OPTIONS, metric.args)) | dict(metric.kwargs)
    if is_term(options.get("curve"), "unknown") or isinstance(options.get("curve"), Free):
        return NotUnderstood("compat-auc cannot follow how its curve is computed")
    if not _is_default(options.get("curve"), "ROC"):
        options.setdefault("summation_method", Constant("interpolation", '"interpolation"'))
    options.pop("name", None)
    call = Term(KERAS_AUC, data, tuple(options.items()))
    auc = _from_call(call, ("y_true", "y_pred", "sample_weight"), exact=False)
    return replace(auc, batch_mean=True) if isinstance(auc, Auc) else auc


def _is_default(value: Value | None, *defaults: object) -> bool:
    return value is None or (isinstance(value, Constant) and value.value in (None, *defaults))


def _options(arguments: dict[str, Value]) -> dict[str, Constant | Free] | NotUnderstood:
    """Return the options that change the number. Defaults are left out."""
    options: dict[str, Constant | Free] = {}
    for name, value in arguments.items():
        if name in _ROLES or name in _NEUTRAL or _is_default(value, {**_DEFAULTS, "pos_label": 1}.get(name)):
            continue
        if name in ("weights", "sample_weight"):
            advice = "Pass sample_weight to fit, and weighted_metrics=[auc_roc] to compile"
            return NotUnderstood("it weights the rows", advice)
        if name == "thresholds":
            return NotUnderstood("it has its own list of thresholds")
        if name == REST:
            return NotUnderstood("it has keyword arguments that compat-auc cannot follow")
        if name not in _DEFAULTS or (name == "average" and not _is_default(value, "micro")):
            return NotUnderstood(f"it has {name}=, which has no equivalent")
        if not isinstance(value, (Constant, Free)):
            return NotUnderstood(f"compat-auc cannot follow how its {name} is computed")
        options[name] = value
    return {name: options[name] for name in _DEFAULTS if name in options}


def _other(call: Term) -> Auc | NotUnderstood:
    arguments = _arguments(call, ("labels", "predictions", "weights"))
    labels, scores = follow(arguments.get("labels")), follow(arguments.get("predictions"))
    is_plain = not (scores.softmax or scores.turned or {"weights", REST} & arguments.keys())
    if (labels.symbol, scores.symbol) != ("labels", "scores") or not is_plain:
        return _NOT_THE_ARGUMENTS
    return Auc({}, keras_class=OTHER_METRICS[call.op], hard=scores.hard)


def _from_curve(call: Term) -> Auc | NotUnderstood | None:
    """Read scikit-learn's ``auc(fpr, tpr)`` over ``roc_curve(y_true, y_pred)``."""
    curves: list[Term] = [part for part in call.walk() if is_term(part, "sklearn.metrics.roc_curve")]
    if not curves:
        return None
    axes = tuple(_index(axis, curves[0]) for axis in call.args)
    if axes not in ((0, 1), ("[:2]",)) or call.kwargs:
        return NotUnderstood("the axes of its curve are not the false and the true positive rate")
    auc = _from_call(curves[0], ("y_true", "y_score", "pos_label", "sample_weight"), exact=True)
    return replace(auc, flat=True) if isinstance(auc, Auc) else auc  # it takes one column only


def _index(axis: Value, curve: Term) -> object:
    """Return the part of the curve that an argument is: an index, or the text of a slice given with ``*``."""
    axis = axis.args[0] if is_term(axis, "spread") else axis
    if not isinstance(axis, Term) or axis.op not in ("item", "slice") or axis.args[0] != curve:
        return None
    return axis.args[1].value if isinstance(axis.args[1], Constant) else None


def _from_rates(term: Term) -> Auc | None:
    """Read true and false positive rates, stacked over thresholds and summed to an area."""
    stacks: list[Term] = []
    for part in term.walk():
        if isinstance(part, Term) and part.op == "comprehension" and part not in stacks:
            stacks.append(part)
    kinds = {_rate(stack.args[0]) for stack in stacks}
    ops = {part.op.rpartition(".")[2] for part in term.walk(closed="comprehension") if isinstance(part, Term)}
    if not {"true positives", "false positives"} <= kinds or not _sum_up(ops):
        return None
    counts = {_threshold_count(stack.args[1]) for stack in stacks}
    count = counts.pop() if len(counts) == 1 else None
    options = {"num_thresholds": str(count)} if count and count > int(_DEFAULTS["num_thresholds"]) else {}
    return Auc(options, batch_mean=True, rectangles="trapz" not in ops)


def _rate(term: Value) -> str:
    """Say what one element of the stack counts. The divisor tells it: all positives, or all negatives."""
    for part in term.walk() if isinstance(term, Term) else ():
        if isinstance(part, Term) and part.op in _QUOTIENTS:
            above, below = (list(arg.walk()) if isinstance(arg, Term) else [] for arg in (*part.args, None, None)[:2])
            compared = any(isinstance(part, Term) and HARD.search(part.op) for part in above)
            if not compared or SCORES not in above or LABELS not in below or SCORES in below:
                continue
            negated = any(isinstance(part, Term) and part.op in _DIFFERENCES for part in below)
            return "false positives" if negated else "true positives"
    return ""


def _sum_up(ops: set[str]) -> bool:
    """Whether operations sum rates to an area. The largest difference of the rates, say, is another metric."""
    return bool(ops & {"sum", "reduce_sum", "trapz"}) and bool(ops & {"Multiply", "multiply", "trapz"})


def _compares_pairs(part: Value) -> bool:
    """Whether this compares each score with each other one: ``positives[:, None] > negatives[None]``."""
    if not isinstance(part, Term) or not _DECIDES.search(part.op) or not part.args:
        return False
    first = part.args[0]
    sides = first.args if isinstance(first, Term) and first.op in _DIFFERENCES else part.args
    return len(sides) == 2 and all(map(_is_of_scores, sides)) and any(map(_is_spread, sides))


def _is_of_scores(value: Value) -> bool:
    """Whether a value is the scores, or some of their rows."""
    while isinstance(value, Term) and value.args and (CARRIERS.match(value.op) or _ROWS.match(value.op)):
        value = value.args[0]
    return value == SCORES


def _is_spread(value: Value) -> bool:
    """Whether a value gets one more axis, for pairs."""
    parts = value.walk() if isinstance(value, Term) else ()
    return any(
        part.op.endswith("expand_dims") if isinstance(part, Term) else bool(_NEW_AXIS.search(getattr(part, "text", "")))
        for part in parts
    )


def _threshold_count(over: Value) -> int | None:
    if isinstance(over, Term) and over.op in ("numpy.linspace", "tensorflow.linspace", "tensorflow.lin_space"):
        number = over.keyword("num") or (over.args[2] if len(over.args) > 2 else None)
        return number.value if isinstance(number, Constant) and isinstance(number.value, int) else None
    return None

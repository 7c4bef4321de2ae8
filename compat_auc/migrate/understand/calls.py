"""Bind a call's arguments to a function's parameters, and compute calls of libraries and of containers' methods."""

from __future__ import annotations

from typing import Callable, Tuple

import libcst as cst

from compat_auc.migrate.understand.terms import (
    REST,
    UNKNOWN,
    Constant,
    Free,
    Function,
    Partial,
    Ref,
    Term,
    Value,
    is_term,
    log_name,
)

_BRANCHES = ("tensorflow.cond", "keras.backend.switch")
PYTHON_CALLS = (
    "tensorflow.py_func",
    "tensorflow.numpy_function",
    "tensorflow.py_function",
    "tensorflow.contrib.eager.py_func",
)
KERAS_AUC = "keras.metrics.AUC"
Pairs = Tuple[Tuple[str, Value], ...]
_PURE = ("keys", "values", "items", "copy", "index", "count")


def bind(
    function: cst.FunctionDef | cst.Lambda,
    given: tuple[Value, ...],
    by_name: dict[str, Value],
    default: Callable[[cst.BaseExpression], Value],
) -> dict[str, Value]:
    """Return the values of a function's parameters in a call. ``default`` evaluates the default of a parameter."""
    params = function.params
    bound: dict[str, Value] = {}
    ordered = [*params.posonly_params, *params.params]
    spread = next((place for place, value in enumerate(given) if is_term(value, "spread")), len(given))
    for param, value in zip(ordered, given[:spread]):
        bound[param.name.value] = value
    for param in [*ordered[spread:], *params.kwonly_params]:
        name = param.name.value
        if name in by_name:
            bound[name] = by_name.pop(name)
        elif spread < len(given) or REST in by_name:
            bound[name] = UNKNOWN
        else:
            bound[name] = Free(name, function) if param.default is None else default(param.default)
    if isinstance(params.star_arg, cst.Param):
        bound[params.star_arg.name.value] = Term("sequence", given[len(ordered) :])
    if params.star_kwarg is not None:
        bound[params.star_kwarg.name.value] = Term("mapping", (), tuple(by_name.items()))
    return bound


def call_other(call: Callable[..., Value], function: Value, args: tuple[Value, ...], kwargs: Pairs) -> Value:
    """Call anything but a function of the file. Follow library functions that call the functions given to them."""
    if isinstance(function, Partial):
        return call(function.function, function.args + args, function.kwargs + kwargs)
    if not isinstance(function, Ref):
        return Term("call", (function, *args), kwargs)
    name = function.name
    if name == "functools.partial" and args:
        return Partial(args[0], args[1:], kwargs, log_name(args[0]))
    mappings = [one for one in args if is_term(one, "mapping")]
    if name == "builtins.dict" and len(mappings) == len(args):
        return _merged(*(one.kwargs for one in mappings), kwargs)
    if name in _BRANCHES:
        args = (*args[:1], *(call(one, ()) if isinstance(one, Function) else one for one in args[1:]))
        kwargs = tuple((key, call(one, ()) if isinstance(one, Function) else one) for key, one in kwargs)
    if name in PYTHON_CALLS:
        inner, inputs = [*args, *(dict(kwargs).get(key) for key in ("func", "inp")[len(args) :])][:2]
        if is_term(inputs, "sequence") and inner is not None:
            return Term("py_func", (call(inner, inputs.args),))
    return Term(name, args, kwargs)


def changed(holder: Term, key: object, value: Value) -> Term:
    """Return a mapping or an object with one more entry. If its entries are no longer known, the op is "changed"."""
    if not isinstance(key, str) or holder.op == "sequence":
        return Term("changed", (holder, value))
    return Term(holder.op, (), tuple({**dict(holder.kwargs), key: value}.items()))


def _merged(*pairs: tuple[tuple[str, Value], ...]) -> Term:
    return Term("mapping", (), tuple({key: value for some in pairs for key, value in some}.items()))


def call_method(holder: Value, method: str, args: tuple[Value, ...], kwargs: Pairs) -> tuple[Value, Value]:
    """Return the result of a method, and the object after the call."""
    result = Term(f"method:{method}", (holder, *args), kwargs)
    if is_term(holder, KERAS_AUC) and method == "update_state" and not kwargs:
        return result, Term("updated", (holder, *args))
    if not (is_term(holder, "mapping") or is_term(holder, "sequence")) or method in _PURE:
        return result, holder
    key = args[0].value if args and isinstance(args[0], Constant) else None
    if holder.op == "mapping" and isinstance(key, str) and method in ("get", "pop", "setdefault"):
        known = holder.keyword(key)
        default = args[1] if len(args) > 1 else Constant(None, "None")
        value = known if known is not None else result if holder.keyword(REST) is not None else default
        rest = {name: one for name, one in holder.kwargs if name != key}
        after = {"get": dict(holder.kwargs), "pop": rest, "setdefault": {**rest, key: value}}[method]
        return value, Term("mapping", (), tuple(after.items()))
    mappings = [one for one in args if is_term(one, "mapping")]
    if holder.op == "mapping" and method == "update" and len(mappings) == len(args):
        return result, _merged(holder.kwargs, *(one.kwargs for one in mappings), kwargs)
    return result, Term("changed", (holder, *args, *(one for _, one in kwargs)))

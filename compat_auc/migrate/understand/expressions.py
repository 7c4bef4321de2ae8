"""What each kind of expression gives to the abstract interpreter: values of its names, operations and calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from compat_auc.migrate.understand.terms import Constant, Env, Free, Function, Ref, Term, Value, item

if TYPE_CHECKING:
    from compat_auc.migrate.understand.interpreter import Interpreter


def evaluate(interpreter: Interpreter, node: cst.BaseExpression, env: Env) -> Value:
    """The value of an expression where ``env`` holds; ``interpreter`` calls the functions in it."""
    kind = _KINDS.get(type(node))
    if kind is not None:
        return kind(interpreter, node, env)
    literal = interpreter.source.constant(node)
    if literal is not ...:
        return Constant(literal, interpreter.source.code(node))
    parts = tuple(interpreter.value(child, env) for child in node.children if isinstance(child, cst.BaseExpression))
    return Term(type(node).__name__, parts)


def _name(interpreter: Interpreter, node: cst.Name, env: Env) -> Value:
    known = env.lookup(node.value)
    if known is not None:
        return known
    imported = interpreter.source.name(node)
    if imported:
        return Ref(imported)
    literal = interpreter.source.constant(node)
    if literal is not ...:
        return Constant(literal, node.value)
    return interpreter.global_value(node)


def _attribute(interpreter: Interpreter, node: cst.Attribute, env: Env) -> Value:
    base = interpreter.value(node.value, env)
    if isinstance(base, Ref):
        return Ref(interpreter.source.name(node) or f"{base.name}.{node.attr.value}")
    if isinstance(base, Free):
        return Free(f"{base.text}.{node.attr.value}", base.owner)
    return Term(f"attribute:{node.attr.value}", (base,))


def arguments(
    interpreter: Interpreter, node: cst.Call, env: Env
) -> tuple[tuple[Value, ...], tuple[tuple[str, Value], ...]]:
    """What a call is given by position, and by name."""
    args: list[Value] = []
    kwargs: list[tuple[str, Value]] = []
    for arg in node.args:
        value = interpreter.value(arg.value, env)
        if arg.star == "*":
            spread = value.args if isinstance(value, Term) and value.op == "sequence" else (value,)
            args.extend(spread)
        elif arg.star == "**":
            kwargs.extend(value.kwargs if isinstance(value, Term) else ())
        elif arg.keyword is not None:
            kwargs.append((arg.keyword.value, value))
        else:
            args.append(value)
    return tuple(args), tuple(kwargs)


def _call(interpreter: Interpreter, node: cst.Call, env: Env) -> Value:
    args, kwargs = arguments(interpreter, node, env)
    function = interpreter.value(node.func, env)
    if isinstance(function, Term) and function.op.startswith("attribute:"):
        return Term(function.op.replace("attribute:", "method:"), function.args + args, kwargs)
    if isinstance(function, Free) and "." in function.text:
        return Term("unknown", args, kwargs)
    return interpreter.call(function, args, kwargs)


def _lambda(interpreter: Interpreter, node: cst.Lambda, env: Env) -> Value:
    return Function(node, env, "<lambda>")


def _sequence(interpreter: Interpreter, node, env: Env) -> Value:
    return Term("sequence", tuple(interpreter.value(element.value, env) for element in node.elements))


def _choice(interpreter: Interpreter, node: cst.IfExp, env: Env) -> Value:
    return Term("choice", (interpreter.value(node.body, env), interpreter.value(node.orelse, env)))


def _comprehension(interpreter: Interpreter, node, env: Env) -> Value:
    inner = Env(outer=env)
    over = interpreter.value(node.for_in.iter, env)
    interpreter.assign(node.for_in.target, Term("element", (over,)), inner)
    return Term("comprehension", (interpreter.value(node.elt, inner), over))


def _subscript(interpreter: Interpreter, node: cst.Subscript, env: Env) -> Value:
    base = interpreter.value(node.value, env)
    only = node.slice[0].slice if len(node.slice) == 1 else None
    index = interpreter.source.constant(only.value) if isinstance(only, cst.Index) else ...
    if isinstance(index, int):
        return item(base, index)
    text = f"[{', '.join(interpreter.source.code(one) for one in node.slice)}]"
    return Term("slice", (base, Constant(text, text)))


def _binary(interpreter: Interpreter, node: cst.BinaryOperation, env: Env) -> Value:
    return Term(type(node.operator).__name__, (interpreter.value(node.left, env), interpreter.value(node.right, env)))


def _comparison(interpreter: Interpreter, node: cst.Comparison, env: Env) -> Value:
    sides = [interpreter.value(node.left, env), *(interpreter.value(one.comparator, env) for one in node.comparisons)]
    return Term("compare", tuple(sides))


_KINDS = {
    cst.Name: _name,
    cst.Attribute: _attribute,
    cst.Call: _call,
    cst.Lambda: _lambda,
    cst.Tuple: _sequence,
    cst.List: _sequence,
    cst.IfExp: _choice,
    cst.ListComp: _comprehension,
    cst.GeneratorExp: _comprehension,
    cst.Subscript: _subscript,
    cst.BinaryOperation: _binary,
    cst.Comparison: _comparison,
}

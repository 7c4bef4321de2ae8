"""A small abstract interpreter: what a metric function computes, as a term over its two arguments.

Keras calls a metric with (labels, scores), whatever the function calls them. Running its body on two symbols, through
local variables, helper functions, closures, decorators, ``functools.partial`` and ``py_func``, gives a tree of
operations; `recognise` then says whether that tree is an AUC, and of what.
"""

from __future__ import annotations

from typing import Any, Iterator

import libcst as cst
from libcst.metadata.scope_provider import Assignment

from compat_auc.migrate.source.source import Source
from compat_auc.migrate.understand.terms import (
    UNKNOWN,
    Constant,
    Env,
    Free,
    Function,
    Partial,
    Ref,
    Term,
    Value,
    item,
    log_name,
    named,
)

MAX_DEPTH = 24
MAX_STEPS = 20_000
# Decorators that leave what a function computes as it is.
_TRANSPARENT = ("staticmethod", "classmethod", "tensorflow.function", "register_keras_serializable", "lru_cache")
_CALL_INTO = (
    "tensorflow.py_func",
    "tensorflow.numpy_function",
    "tensorflow.py_function",
    "tensorflow.contrib.eager.py_func",
)


class Interpreter:
    """Runs functions of one file on symbols. ``visited`` keeps the functions that took part, for dead code removal."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.visited: list[cst.CSTNode] = []
        self._depth = 0
        self._steps = 0
        self._globals: dict[cst.CSTNode, Value] = {}

    def value(self, node: cst.BaseExpression, env: Env) -> Value:
        """The value of an expression; not known once too much has been run to get there."""
        self._steps += 1
        if self._steps > MAX_STEPS:
            return UNKNOWN
        kind = getattr(self, f"_value_{type(node).__name__}", self._value_of_parts)
        return kind(node, env)

    # Expressions: one method for each kind of node -------------------------------------------------------------------
    def _value_of_parts(self, node: cst.BaseExpression, env: Env) -> Value:
        literal = self.source.constant(node)
        if literal is not ...:
            return Constant(literal, self.source.code(node))
        parts = tuple(self.value(child, env) for child in node.children if isinstance(child, cst.BaseExpression))
        return Term(type(node).__name__, parts)

    def _value_Name(self, node: cst.Name, env: Env) -> Value:
        known = env.lookup(node.value)
        if known is not None:
            return known
        imported = self.source.name(node)
        if imported:
            return Ref(imported)
        literal = self.source.constant(node)
        return self._global_value(node) if literal is ... else Constant(literal, node.value)

    def _value_Attribute(self, node: cst.Attribute, env: Env) -> Value:
        base = self.value(node.value, env)
        if isinstance(base, Ref):
            return Ref(self.source.name(node) or f"{base.name}.{node.attr.value}")
        if isinstance(base, Free):
            return Free(f"{base.text}.{node.attr.value}", base.owner)
        return Term(f"attribute:{node.attr.value}", (base,))

    def arguments(self, node: cst.Call, env: Env) -> tuple[tuple[Value, ...], tuple[tuple[str, Value], ...]]:
        """What a call is given by position, and by name."""
        args: list[Value] = []
        kwargs: list[tuple[str, Value]] = []
        for arg in node.args:
            value = self.value(arg.value, env)
            if arg.star == "*":
                args.extend(value.args if isinstance(value, Term) and value.op == "sequence" else (value,))
            elif arg.star == "**":
                kwargs.extend(value.kwargs if isinstance(value, Term) else ())
            elif arg.keyword is not None:
                kwargs.append((arg.keyword.value, value))
            else:
                args.append(value)
        return tuple(args), tuple(kwargs)

    def _value_Call(self, node: cst.Call, env: Env) -> Value:
        args, kwargs = self.arguments(node, env)
        function = self.value(node.func, env)
        if isinstance(function, Term) and function.op.startswith("attribute:"):
            return Term(function.op.replace("attribute:", "method:"), function.args + args, kwargs)
        if isinstance(function, Free) and "." in function.text:
            return Term("unknown", args, kwargs)
        return self.call(function, args, kwargs)

    def _value_Lambda(self, node: cst.Lambda, env: Env) -> Value:
        return Function(node, env, "<lambda>")

    def _value_List(self, node: cst.List | cst.Tuple, env: Env) -> Value:
        return Term("sequence", tuple(self.value(element.value, env) for element in node.elements))

    _value_Tuple = _value_List

    def _value_IfExp(self, node: cst.IfExp, env: Env) -> Value:
        return Term("choice", (self.value(node.body, env), self.value(node.orelse, env)))

    def _value_ListComp(self, node: cst.ListComp | cst.GeneratorExp, env: Env) -> Value:
        inner = Env(outer=env)
        over = self.value(node.for_in.iter, env)
        self._assign(node.for_in.target, Term("element", (over,)), inner)
        return Term("comprehension", (self.value(node.elt, inner), over))

    _value_GeneratorExp = _value_ListComp

    def _value_Subscript(self, node: cst.Subscript, env: Env) -> Value:
        base = self.value(node.value, env)
        only = node.slice[0].slice if len(node.slice) == 1 else None
        index = self.source.constant(only.value) if isinstance(only, cst.Index) else ...
        if isinstance(index, int):
            return item(base, index)
        text = f"[{', '.join(self.source.code(one) for one in node.slice)}]"
        return Term("slice", (base, Constant(text, text)))

    def _value_BinaryOperation(self, node: cst.BinaryOperation, env: Env) -> Value:
        return Term(type(node.operator).__name__, (self.value(node.left, env), self.value(node.right, env)))

    def _value_Comparison(self, node: cst.Comparison, env: Env) -> Value:
        sides = [self.value(node.left, env), *(self.value(one.comparator, env) for one in node.comparisons)]
        return Term("compare", tuple(sides))

    # Names of the file -----------------------------------------------------------------------------------------------
    def _global_value(self, node: cst.Name) -> Value:
        """What a name of the file outside the running functions is bound to."""
        bound = self.source.binding(node)
        if not isinstance(bound, Assignment):
            return UNKNOWN if bound is not None else Ref(f"builtins.{node.value}")
        if bound.node not in self._globals:
            self._globals[bound.node] = UNKNOWN  # a name defined by itself, as in `x = x / 2`, stays unknown
            self._globals[bound.node] = self._global(bound)
        return self._globals[bound.node]

    def _global(self, bound: Assignment) -> Value:
        if isinstance(bound.node, cst.FunctionDef):
            return self.define(bound.node, Env())
        value = self.source.assigned_value(bound)
        if value is not None:
            return self.value(value, Env())
        return Free(bound.name, getattr(bound.scope, "node", None) or self.source.module)

    # Calls -----------------------------------------------------------------------------------------------------------
    def call(self, function: Value, args: tuple[Value, ...], kwargs: tuple[tuple[str, Value], ...] = ()) -> Value:
        if self._depth > MAX_DEPTH:
            return UNKNOWN
        self._depth += 1
        try:
            return self._call(function, args, kwargs)
        finally:
            self._depth -= 1

    def _call(self, function: Value, args: tuple[Value, ...], kwargs: tuple) -> Value:
        if isinstance(function, Partial):
            return self.call(function.function, function.args + args, function.kwargs + kwargs)
        if isinstance(function, Function):
            return self._call_function(function, args, kwargs)
        if not isinstance(function, Ref):
            return Term("call", (function, *args), kwargs)
        if function.name == "functools.partial" and args:
            return Partial(args[0], args[1:], kwargs, log_name(args[0]))
        if function.name in _CALL_INTO:
            inner, inputs = [*args, *(dict(kwargs).get(key) for key in ("func", "inp")[len(args) :])][:2]
            if isinstance(inputs, Term) and inputs.op == "sequence" and inner is not None:
                return Term("py_func", (self.call(inner, inputs.args),))
        return Term(function.name, args, kwargs)

    def _call_function(self, function: Function, args: tuple[Value, ...], kwargs: tuple) -> Value:
        node = function.node
        if node not in self.visited:
            self.visited.append(node)
        env = Env(outer=function.env)
        self._bind(node.params, env, function.first, args, kwargs, node)
        if isinstance(node, cst.Lambda):
            return self.value(node.body, env)
        returned = list(self.run(node.body, env))
        if not returned:
            return Constant(None, "None")
        return returned[0] if len(returned) == 1 else Term("choice", tuple(returned))

    def _bind(self, params, env: Env, first, args, kwargs, owner) -> None:
        given = ((first,) if first is not None else ()) + tuple(args)
        by_name = dict(kwargs)
        ordered = [*params.posonly_params, *params.params]
        for param, value in zip(ordered, given):
            env.variables[param.name.value] = value
        for param in [*ordered[len(given) :], *params.kwonly_params]:
            name = param.name.value
            if name in by_name:
                env.variables[name] = by_name.pop(name)
            elif param.default is not None:
                env.variables[name] = self.value(param.default, env.outer or env)
            else:
                env.variables[name] = Free(name, owner)
        if isinstance(params.star_arg, cst.Param):
            env.variables[params.star_arg.name.value] = Term("sequence", given[len(ordered) :])
        if params.star_kwarg is not None:
            env.variables[params.star_kwarg.name.value] = Term("mapping", (), tuple(by_name.items()))

    # Statements ------------------------------------------------------------------------------------------------------
    def run(self, body: cst.BaseSuite | cst.Module, env: Env) -> Iterator[Value]:
        """Run a block; yields the value of every ``return`` in it."""
        for statement in body.body:
            kind = getattr(self, f"_run_{type(statement).__name__}", None)
            if kind is not None:
                yield from kind(statement, env) or ()

    def _run_SimpleStatementLine(self, line: cst.SimpleStatementLine, env: Env) -> Iterator[Value]:
        return self.run(line, env)

    def _run_FunctionDef(self, node: cst.FunctionDef, env: Env) -> None:
        env.variables[node.name.value] = self.define(node, env)

    def _run_Return(self, node: cst.Return, env: Env) -> Iterator[Value]:
        yield self.value(node.value, env) if node.value else Constant(None, "None")

    def _run_Assign(self, node: cst.Assign, env: Env) -> None:
        value = self.value(node.value, env)
        for target in node.targets:
            self._assign(target.target, value, env)

    def _run_AnnAssign(self, node: cst.AnnAssign, env: Env) -> None:
        if node.value is not None:
            self._assign(node.target, self.value(node.value, env), env)

    def _run_AugAssign(self, node: cst.AugAssign, env: Env) -> None:
        parts = (self.value(node.target, env), self.value(node.value, env))
        self._assign(node.target, Term(type(node.operator).__name__, parts), env)

    def _run_Expr(self, node: cst.Expr, env: Env) -> None:
        self.value(node.value, env)

    def _run_For(self, node: cst.For, env: Env) -> Iterator[Value]:
        self._assign(node.target, Term("element", (self.value(node.iter, env),)), env)
        return self._run_blocks(node, env)

    def _run_blocks(self, node: Any, env: Env) -> Iterator[Value]:
        yield from self.run(node.body, env)
        for handler in getattr(node, "handlers", ()):
            yield from self.run(handler.body, env)
        for block in (getattr(node, "orelse", None), getattr(node, "finalbody", None)):
            if block is not None:
                yield from self._run_blocks(block, env)

    _run_With = _run_While = _run_Try = _run_If = _run_blocks

    def _assign(self, target: cst.CSTNode, value: Value, env: Env) -> None:
        if isinstance(target, cst.Name):
            env.variables[target.value] = value
        elif isinstance(target, (cst.Tuple, cst.List)):
            for index, element in enumerate(target.elements):
                self._assign(element.value, item(value, index), env)
        elif isinstance(target, cst.Attribute) and target.attr.value == "__name__":
            self._rename(target.value, value, env)

    def _rename(self, target, value: Value, env: Env) -> None:
        if isinstance(target, cst.Name) and isinstance(value, Constant):
            env.variables[target.value] = named(self.value(target, env), str(value.value))

    def define(self, node: cst.FunctionDef, env: Env) -> Value:
        """The value that a ``def`` binds, decorators applied."""
        value: Value = Function(node, env, node.name.value)
        for decorator in reversed(node.decorators):
            value = self._decorate(decorator.decorator, value, env)
        return value

    def _decorate(self, decorator, value: Value, env: Env) -> Value:
        if isinstance(decorator, cst.Call) and self.source.name(decorator.func) == "functools.wraps":
            return named(value, log_name(self.value(decorator.args[0].value, env)))
        called = decorator.func if isinstance(decorator, cst.Call) else decorator
        if (self.source.name(called) or self.source.code(called)).endswith(_TRANSPARENT):
            return value
        return self.call(self.value(decorator, env), (value,))

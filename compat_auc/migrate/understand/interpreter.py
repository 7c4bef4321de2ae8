"""A small abstract interpreter: what a metric function computes, as a term over its two arguments.

Keras calls a metric with (labels, scores), whatever the function calls them. Running its body on two symbols, through
local variables, helper functions, closures, decorators, ``functools.partial`` and ``py_func``, gives a tree of
operations; ``auc_terms`` then says whether that tree is an AUC, and of what.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst
from libcst.metadata.scope_provider import Assignment

from compat_auc.migrate.source.source import Source
from compat_auc.migrate.understand.expressions import evaluate
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
        return UNKNOWN if self._steps > MAX_STEPS else evaluate(self, node, env)

    def global_value(self, node: cst.Name) -> Value:
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
            if isinstance(statement, cst.SimpleStatementLine):
                for small in statement.body:
                    yield from self._run_small(small, env)
            elif isinstance(statement, cst.BaseSmallStatement):
                yield from self._run_small(statement, env)
            elif isinstance(statement, cst.FunctionDef):
                env.variables[statement.name.value] = self.define(statement, env)
            else:
                yield from self._run_compound(statement, env)

    def _run_small(self, statement, env: Env) -> Iterator[Value]:
        if isinstance(statement, cst.Return):
            yield self.value(statement.value, env) if statement.value else Constant(None, "None")
        elif isinstance(statement, cst.Assign):
            value = self.value(statement.value, env)
            for target in statement.targets:
                self.assign(target.target, value, env)
        elif isinstance(statement, cst.AnnAssign) and statement.value is not None:
            self.assign(statement.target, self.value(statement.value, env), env)
        elif isinstance(statement, cst.AugAssign):
            old = self.value(statement.target, env)
            value = Term(type(statement.operator).__name__, (old, self.value(statement.value, env)))
            self.assign(statement.target, value, env)
        elif isinstance(statement, cst.Expr):
            self.value(statement.value, env)

    def _run_compound(self, statement, env: Env) -> Iterator[Value]:
        if isinstance(statement, (cst.With, cst.For, cst.While, cst.Try, cst.If, cst.Else)):
            if isinstance(statement, cst.For):
                self.assign(statement.target, Term("element", (self.value(statement.iter, env),)), env)
            yield from self.run(statement.body, env)
            for handler in getattr(statement, "handlers", ()):
                yield from self.run(handler.body, env)
            if getattr(statement, "orelse", None) is not None:
                yield from self._run_compound(statement.orelse, env)
            if getattr(statement, "finalbody", None) is not None:
                yield from self.run(statement.finalbody.body, env)

    def assign(self, target: cst.CSTNode, value: Value, env: Env) -> None:
        if isinstance(target, cst.Name):
            env.variables[target.value] = value
        elif isinstance(target, (cst.Tuple, cst.List)):
            for index, element in enumerate(target.elements):
                self.assign(element.value, item(value, index), env)
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

"""A small abstract interpreter: it turns a metric function into a term over its two arguments.

Keras calls a metric with (labels, scores), whatever the function calls them. The interpreter runs the body on two
symbols, through local variables, helper functions, closures, decorators, ``functools.partial`` and ``py_func``. The
result is a tree of operations. `recognise` then says whether that tree is an AUC, and of what.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.source.scopes import Assignment
from compat_auc.migrate.source.source import Source
from compat_auc.migrate.understand.calls import Pairs, bind, call_method, call_other, changed
from compat_auc.migrate.understand.terms import (
    REST,
    UNKNOWN,
    Constant,
    Env,
    Free,
    Function,
    Ref,
    Term,
    Value,
    is_term,
    item,
    log_name,
    method_of,
    named,
    parts_of,
)

MAX_DEPTH = 24
MAX_STEPS = 20_000
# Decorators that do not change what a function computes.
_TRANSPARENT = ("staticmethod", "classmethod", "tensorflow.function", "register_keras_serializable", "lru_cache")


class Interpreter:
    """Runs functions of one file on symbols. ``visited`` are the functions that ran, ``results`` the nodes' values."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.visited: list[cst.CSTNode] = []
        self.results: dict[cst.CSTNode, list[Value]] = {}
        self._depth = 0
        self._steps = 0
        self._globals: dict[cst.CSTNode, Value] = {}

    def value(self, node: cst.BaseExpression, env: Env) -> Value:
        """Return the value of an expression, or UNKNOWN after too many steps."""
        self._steps += 1
        if self._steps > MAX_STEPS:
            return UNKNOWN
        kind = getattr(self, f"_value_{type(node).__name__}", self._value_of_parts)
        return kind(node, env)

    # Expressions: one method for each kind of node -------------------------------------------------------------------
    def _value_of_parts(self, node: cst.BaseExpression, env: Env) -> Value:
        literal, parts = self.source.constant(node), tuple(self.value(part, env) for part in parts_of(node))
        return Term(type(node).__name__, parts) if literal is ... else Constant(literal, self.source.code(node))

    def _value_Name(self, node: cst.Name, env: Env) -> Value:
        known = env.lookup(node.value)
        if known is not None:
            return known
        imported, literal = self.source.name(node), self.source.constant(node)
        if imported:
            return Ref(imported)
        return self._global_value(node) if literal is ... else Constant(literal, node.value)

    def _value_Attribute(self, node: cst.Attribute, env: Env) -> Value:
        base = self.value(node.value, env)
        if isinstance(base, Ref):
            return Ref(self.source.name(node) or f"{base.name}.{node.attr.value}")
        if isinstance(base, Free):
            return method_of(base, node.attr.value) or Free(f"{base.text}.{node.attr.value}", base.owner)
        known = base.keyword(node.attr.value) if is_term(base, "object") else None
        return known if known is not None else Term(f"attribute:{node.attr.value}", (base,))

    def arguments(self, node: cst.Call, env: Env) -> tuple[tuple[Value, ...], tuple[tuple[str, Value], ...]]:
        """Return the values that a call gives by position and by name."""
        args: list[Value] = []
        kwargs: list[tuple[str, Value]] = []
        for arg in node.args:
            value = self.value(arg.value, env)
            if arg.star == "*":
                args.extend(value.args if is_term(value, "sequence") else (Term("spread", (value,)),))
            elif arg.star == "**":
                kwargs.extend(value.kwargs if is_term(value, "mapping") else ((REST, value),))
            elif arg.keyword is not None:
                kwargs.append((arg.keyword.value, value))
            else:
                args.append(value)
        return tuple(args), tuple(kwargs)

    def _value_Call(self, node: cst.Call, env: Env) -> Value:
        args, kwargs = self.arguments(node, env)
        function = self.value(node.func, env)
        if isinstance(function, Term) and function.op.startswith("attribute:"):
            method = function.op.removeprefix("attribute:")
            result, changed = call_method(function.args[0], method, args, kwargs)
            if changed is not function.args[0] and isinstance(node.func, cst.Attribute):
                self._assign(node.func.value, changed, env)
        elif isinstance(function, Free) and "." in function.text:
            result = Term("unknown", args, kwargs)
        else:
            result = self.call(function, args, kwargs)
        self.results.setdefault(node, []).append(result)
        return result

    def _value_Lambda(self, node: cst.Lambda, env: Env) -> Value:
        return Function(node, env, "<lambda>")

    def _value_List(self, node: cst.List | cst.Tuple, env: Env) -> Value:
        op = "unknown" if any(isinstance(one, cst.StarredElement) for one in node.elements) else "sequence"
        return Term(op, tuple(self.value(element.value, env) for element in node.elements))

    _value_Tuple = _value_List

    def _value_Dict(self, node: cst.Dict, env: Env) -> Value:
        keys = [self.source.constant(getattr(element, "key", None)) for element in node.elements]
        values = [self.value(element.value, env) for element in node.elements]
        if all(isinstance(key, str) for key in keys):
            return Term("mapping", (), tuple(zip(keys, values)))
        return Term("unknown", tuple(values))

    def _value_NamedExpr(self, node: cst.NamedExpr, env: Env) -> Value:
        value = self.value(node.value, env)
        self._assign(node.target, value, env)
        return value

    def _value_IfExp(self, node: cst.IfExp, env: Env) -> Value:
        return Term("choice", (self.value(node.body, env), self.value(node.orelse, env)))

    def _value_ListComp(self, node: cst.ListComp | cst.GeneratorExp, env: Env) -> Value:
        inner = Env(outer=env)
        over = self.value(node.for_in.iter, env)
        self._assign(node.for_in.target, Term("element", (over,)), inner)
        return Term("comprehension", (self.value(node.elt, inner), over))

    _value_GeneratorExp = _value_SetComp = _value_ListComp

    def _value_Subscript(self, node: cst.Subscript, env: Env) -> Value:
        base, index = self.value(node.value, env), self._index(node)
        if isinstance(index, (int, str)):
            return item(base, index)
        text = f"[{', '.join(self.source.code(one) for one in node.slice)}]"
        return Term("slice", (base, Constant(text, text)))

    def _value_BinaryOperation(self, node: cst.BinaryOperation, env: Env) -> Value:
        return Term(type(node.operator).__name__, (self.value(node.left, env), self.value(node.right, env)))

    def _value_Comparison(self, node: cst.Comparison, env: Env) -> Value:
        sides = [node.left, *(one.comparator for one in node.comparisons)]
        operators = " ".join(type(one.operator).__name__ for one in node.comparisons)
        values = tuple(self.value(side, env) for side in sides)
        return Term("compare", values, (("operators", Constant(operators, "")),))

    def _global_value(self, node: cst.Name) -> Value:
        """Return the value of a name that the file binds outside of the running functions."""
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
        # A variable that is bound again elsewhere stays a name: its value depends on the place of use.
        is_only = len(self.source.bound_in(bound.scope, bound.name).every) == 1
        if value is not None and (isinstance(value, (cst.Call, cst.Lambda)) or is_only):
            return self.value(value, Env())
        return Free(bound.name, getattr(bound.scope, "node", None) or self.source.module)

    def call(self, function: Value, args: tuple[Value, ...], kwargs: tuple[tuple[str, Value], ...] = ()) -> Value:
        if self._depth > MAX_DEPTH:
            return UNKNOWN
        self._depth += 1
        try:
            if isinstance(function, Function):
                return self._call_function(function, args, kwargs)
            return call_other(self.call, function, args, kwargs)
        finally:
            self._depth -= 1

    def _call_function(self, function: Function, args: tuple[Value, ...], kwargs: Pairs) -> Value:
        node = function.node
        if node not in self.visited:
            self.visited.append(node)
        env = Env(outer=function.env)
        given = ((function.first,) if function.first is not None else ()) + args
        env.variables.update(bind(node, given, dict(kwargs), lambda default: self.value(default, function.env)))
        if isinstance(node, cst.Lambda):
            return self.value(node.body, env)
        returned = list(self.run(node.body, env))
        return returned[0] if len(returned) == 1 else Term("choice", (*returned,) or (Constant(None, "None"),))

    # Statements ------------------------------------------------------------------------------------------------------
    def run(self, body: cst.BaseSuite | cst.Module, env: Env) -> Iterator[Value]:
        """Run a block, and yield the value of every ``return`` in it."""
        for statement in body.body:
            yield from self._run(statement, env)

    def _run(self, statement: cst.CSTNode, env: Env) -> Iterator[Value]:
        kind = getattr(self, f"_run_{type(statement).__name__}", None)
        return (kind and kind(statement, env)) or iter(())

    _run_SimpleStatementLine = run

    def _run_FunctionDef(self, node: cst.FunctionDef, env: Env) -> None:
        env.variables[node.name.value] = self.define(node, env)

    def _run_Return(self, node: cst.Return, env: Env) -> Iterator[Value]:
        yield self.value(node.value, env) if node.value else Constant(None, "None")

    def _run_Assign(self, node: cst.Assign | cst.AnnAssign, env: Env) -> None:
        value = self.value(node.value, env) if node.value is not None else UNKNOWN
        self.results.setdefault(node, []).append(value)
        for target in [one.target for one in node.targets] if isinstance(node, cst.Assign) else [node.target]:
            self._assign(target, value, env)

    _run_AnnAssign = _run_Assign

    def _run_AugAssign(self, node: cst.AugAssign, env: Env) -> None:
        parts = (self.value(node.target, env), self.value(node.value, env))
        self._assign(node.target, Term(type(node.operator).__name__, parts), env)

    def _run_Expr(self, node: cst.Expr, env: Env) -> None:
        self.value(node.value, env)

    def _run_For(self, node: cst.For, env: Env) -> Iterator[Value]:
        self._assign(node.target, Term("element", (self.value(node.iter, env),)), env)
        return self._run_With(node, env)

    def _run_With(
        self, node: cst.With | cst.While | cst.For | cst.Else | cst.Finally | cst.Try, env: Env
    ) -> Iterator[Value]:
        """Run a block once, also that of a loop: one round stands for all."""
        yield from self.run(node.body, env)
        orelse: cst.Else | None = getattr(node, "orelse", None)
        yield from self._run(orelse, env) if orelse is not None else ()

    _run_While = _run_Else = _run_Finally = _run_With

    def _run_If(self, node: cst.If, env: Env) -> Iterator[Value]:
        self.value(node.test, env)
        branches = (env.fork(), env.fork())
        yield from self.run(node.body, branches[0])
        yield from self._run(node.orelse, branches[1]) if node.orelse is not None else ()
        env.merge(branches)

    def _run_Try(self, node: cst.Try, env: Env) -> Iterator[Value]:
        branches = [env.fork() for _ in (node, *node.handlers)]
        yield from self._run_With(node, branches[0])
        for handler, branch in zip(node.handlers, branches[1:]):
            yield from self.run(handler.body, branch)
        env.merge(branches)
        if node.finalbody is not None:
            yield from self._run(node.finalbody, env)

    def _assign(self, target: cst.CSTNode, value: Value, env: Env) -> None:
        if isinstance(target, cst.Name):
            env.variables[target.value] = value
        elif isinstance(target, (cst.Tuple, cst.List)):
            for index, element in enumerate(target.elements):
                self._assign(element.value, item(value, index), env)
        elif isinstance(target, (cst.Attribute, cst.Subscript)) and isinstance(target.value, cst.Name):
            key = target.attr.value if isinstance(target, cst.Attribute) else self._index(target)
            holder = env.lookup(target.value.value)
            if isinstance(holder, Term) and holder.op in ("mapping", "sequence", "object"):
                self._assign(target.value, changed(holder, key, value), env)
            elif holder is not None and key == "__name__" and isinstance(value, Constant):
                self._assign(target.value, named(holder, str(value.value)), env)

    def _index(self, node: cst.Subscript) -> object:
        """Return the literal in ``x[literal]``, else ``...``."""
        only = node.slice[0].slice if len(node.slice) == 1 else None
        return self.source.constant(only.value) if isinstance(only, cst.Index) else ...

    def define(self, node: cst.FunctionDef, env: Env) -> Value:
        """Return the value that a ``def`` binds, with its decorators applied."""
        value: Value = Function(node, env, node.name.value)
        for decorator in reversed(node.decorators):
            value = self._decorate(decorator.decorator, value, env)
        return value

    def _decorate(self, decorator: cst.BaseExpression, value: Value, env: Env) -> Value:
        if isinstance(decorator, cst.Call) and self.source.name(decorator.func) == "functools.wraps":
            return named(value, log_name(self.value(decorator.args[0].value, env)))
        called = decorator.func if isinstance(decorator, cst.Call) else decorator
        if (self.source.name(called) or self.source.code(called)).endswith(_TRANSPARENT):
            return value
        return self.call(self.value(decorator, env), (value,))

"""Find the Keras metrics over an AUC that a file defines, and every place that uses them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any, Iterator

import libcst as cst

from compat_auc.migrate.source.source import Piece, Source, fact, inside, keyword
from compat_auc.migrate.understand.compiled import METRIC_ARGUMENTS
from compat_auc.migrate.understand.interpreter import (
    COMPUTED,
    KERAS_AUC,
    LABELS,
    SCORES,
    Env,
    Free,
    Function,
    Interpreter,
    Partial,
    Ref,
    Term,
    Value,
    is_term,
    log_name,
)
from compat_auc.migrate.understand.recognise import COMMON_WORDS, WORDS, Auc, NotUnderstood, recognise


def nodes_near(source: Source, kind: type) -> Iterator[Any]:
    """Yield the nodes of a type in top-level statements with such a word, or with a name that leads to one."""
    for piece in _pieces(source):
        yield from piece.outline.kinds.get(kind, ())


@fact
def _pieces(source: Source) -> list[Piece]:
    users: dict[str, list[Piece]] = defaultdict(list)
    for piece in source.pieces:
        for name in piece.uses:
            users[name].append(piece)
    near: set[Piece] = set()
    waiting = [piece for piece in source.pieces if piece.words & (WORDS | COMMON_WORDS)]
    while waiting:
        piece = waiting.pop()
        if piece not in near:
            near.add(piece)
            for name in piece.outline.bound:  # another statement may use what this one binds
                waiting.extend(users.pop(name, ()))
    return [piece for piece in source.pieces if piece in near]


# What their functions return is no metric that a file defines.
_LIBRARIES = ("tensorflow", "keras", "builtins", "numpy", "sklearn")
_MAPPING_ARGUMENTS = (*METRIC_ARGUMENTS, "custom_objects")


@dataclass
class Definition:
    """A name (or method) bound to a metric over an AUC, and the expressions that read it."""

    name: str
    log_name: str
    statement: cst.CSTNode
    auc: Auc | NotUnderstood
    visited: list[cst.CSTNode]
    references: list[cst.CSTNode] = field(default_factory=list)
    returns_pair: bool = False
    # The function that an assigned name stands for.
    function: cst.CSTNode | None = None


def understand(interpreter: Interpreter, value: Value) -> tuple[Auc | NotUnderstood | None, list[cst.CSTNode], bool]:
    """Call ``value`` as a metric. Return the result, the functions that ran, and whether a (value, update) pair."""
    if isinstance(value, Term) and any(isinstance(argument, (Function, Ref)) for argument in value.args):
        return _through_another_file(interpreter, value), interpreter.visited, False
    if not isinstance(value, (Function, Partial, Ref)):
        return None, [], False
    earlier = len(interpreter.visited)
    term = interpreter.call(value, (LABELS, SCORES))
    pairs = ("tensorflow.metrics", "tensorflow.contrib.metrics", "sequence")
    pair = isinstance(term, Term) and term.op.startswith(pairs)
    auc = recognise(term)
    if isinstance(auc, Auc) and auc.batch_mean and _goes_on_counting(interpreter, interpreter.visited[earlier:]):
        auc = replace(auc, batch_mean=False)
    if isinstance(auc, Auc) and log_name(value) == COMPUTED:
        auc = NotUnderstood("compat-auc cannot follow how its __name__ is computed")
    return auc, interpreter.visited, pair


def _goes_on_counting(interpreter: Interpreter, ran: list[cst.CSTNode]) -> bool:
    """Whether a metric asks an ``AUC()`` that was made outside of the functions that ran, and does not reset it."""
    every = [(node, value) for node, values in interpreter.results.items() for value in values]
    makers = [node for node, value in every if is_term(value, KERAS_AUC)]
    is_reset = any(isinstance(value, Term) and value.op.startswith("method:reset_state") for _, value in every)
    around = [interpreter.source.enclosing(node, cst.FunctionDef, cst.Lambda) for node in makers]
    return bool(makers) and not is_reset and not any(function in ran for function in around)


def _through_another_file(interpreter: Interpreter, value: Term) -> NotUnderstood | None:
    """Report a metric that goes through a function of another file: ``as_keras_metric(tf.metrics.auc)``."""
    if "." not in value.op or value.op.split(".")[0] in _LIBRARIES:
        return None
    inner = [understand(interpreter, argument)[0] for argument in value.args if isinstance(argument, (Function, Ref))]
    aucs = [auc for auc in inner if isinstance(auc, NotUnderstood) or (isinstance(auc, Auc) and auc.in_graph)]
    return NotUnderstood(f"it goes through {value.op}, which is not in this file") if aucs else None


def find_definitions(source: Source) -> list[Definition]:
    """Find every function, method, closure, lambda or decorated name of the file that is an AUC metric."""
    definitions = [*_functions(source), *_assigned(source)]
    seen = _seen(source, definitions)
    for definition in definitions:
        holder = source.enclosing(definition.statement, cst.ClassDef, cst.FunctionDef)
        if isinstance(holder, cst.ClassDef):
            definition.references = list(_method_references(source, definition, holder))
        else:
            definition.references = seen.get(_bound_node(definition), [])
    return definitions


def _functions(source: Source) -> Iterator[Definition]:
    for node in nodes_near(source, cst.FunctionDef):
        holder = source.enclosing(node, cst.ClassDef, cst.FunctionDef)
        is_method = isinstance(holder, cst.ClassDef) and not _is_static(node)
        count = len(node.params.params) + len(node.params.posonly_params) - is_method
        if count < 2 and not isinstance(node.params.star_arg, cst.Param):
            continue
        interpreter = Interpreter(source)
        value = interpreter.define(node, Env())
        if isinstance(holder, cst.ClassDef) and is_method and isinstance(value, Function):
            value = Function(value.node, value.env, value.name, first=Free("self", holder))
        auc, visited, pair = understand(interpreter, value)
        if not is_cut(interpreter, auc, node) and auc is not None:
            yield Definition(node.name.value, log_name(value) or node.name.value, node, auc, visited, returns_pair=pair)


def is_cut(interpreter: Interpreter, auc: Auc | NotUnderstood | None, node: cst.CSTNode) -> bool:
    """Whether code that may be an AUC was not followed to its end. The budget remembers it, for a finding to say."""
    if not interpreter.is_cut or isinstance(auc, Auc):
        return False
    names = {part.value for part in inside(node) if isinstance(part, cst.Name)}
    if auc is not None or names & WORDS:
        interpreter.note_cut(node)
    return True


def _is_static(node: cst.FunctionDef) -> bool:
    return any(
        isinstance(decorator.decorator, cst.Name) and decorator.decorator.value == "staticmethod"
        for decorator in node.decorators
    )


def _assigned(source: Source) -> Iterator[Definition]:
    """Find names assigned a callable: ``auc = as_keras_metric(tf.metrics.auc)``, a lambda, a partial."""
    for node in nodes_near(source, cst.Assign):
        target = node.targets[0].target
        if len(node.targets) != 1 or not isinstance(node.value, (cst.Call, cst.Lambda)):
            continue
        if not isinstance(target, cst.Name):
            continue
        interpreter = Interpreter(source)
        if isinstance(node.value, cst.Call) and _makes_no_metric(interpreter.value(node.value.func, Env())):
            continue
        value = interpreter.value(node.value, Env())
        if isinstance(value, (Function, Partial, Term)):
            auc, visited, pair = understand(interpreter, value)
            if not is_cut(interpreter, auc, node) and auc is not None:
                function = value.node if isinstance(value, Function) else None
                yield Definition(
                    target.value, log_name(value), node, auc, visited, returns_pair=pair, function=function
                )


def _makes_no_metric(function: Value) -> bool:
    """Whether a call of this gives no metric, whatever its arguments are: most calls of most files."""
    if isinstance(function, Term):
        return function.op not in ("attribute:get", "attribute:pop", "attribute:setdefault")
    return isinstance(function, Free) or (isinstance(function, Ref) and function.name.split(".")[0] in _LIBRARIES)


def _seen(source: Source, definitions: list[Definition]) -> dict[cst.CSTNode, list[cst.CSTNode]]:
    """Return the uses of each definition. One name may be bound several times."""
    metrics = {_bound_node(definition) for definition in definitions}
    seen: dict[cst.CSTNode, list[cst.CSTNode]] = {}
    done: set[cst.Name] = set()
    names = (getattr(node, "name", node) for node in metrics)
    for own in (name for name in names if isinstance(name, cst.Name)):
        every = [binding.node for binding in source.bindings(own)]
        binds = {getattr(node, "name", node) for node in every}
        last = next((node for node in reversed(every) if node in metrics), None)
        for name in source.uses(own) if own not in done else ():
            done.add(name)
            target = _target(source, name, metrics, last) if name not in binds else None
            if target is not None:
                seen.setdefault(target, []).append(name)
    return seen


def _bound_node(definition: Definition) -> cst.CSTNode:
    """The node that a binding of the definition points at: the ``def``, or the assigned name."""
    statement = definition.statement
    return statement.targets[0].target if isinstance(statement, cst.Assign) else statement


def _target(source: Source, name: cst.Name, metrics: set[cst.CSTNode], last: cst.CSTNode | None) -> cst.CSTNode | None:
    """Return the metric that a name means at this place, if it is bound several times. ``last`` is the last metric."""
    bound = source.binding(name)
    if bound is None or bound.node in metrics:
        return bound and bound.node
    return None if bound.scope is source.scopes.get(name) or not in_metric_place(source, name) else last


def _method_references(source: Source, definition: Definition, holder: cst.ClassDef) -> Iterator[cst.CSTNode]:
    """Yield ``self.auc`` inside the class, and ``ClassName.auc`` anywhere."""
    for name in source.named(definition.name):
        node = source.parents[name]
        if not isinstance(node, cst.Attribute) or node.attr is not name or not isinstance(node.value, cst.Name):
            continue
        inside = any(parent is holder for parent in source.ancestors(node))
        if (inside and node.value.value in ("self", "cls")) or node.value.value == holder.name.value:
            yield node


def in_metric_place(source: Source, node: cst.CSTNode) -> bool:
    """Whether an expression stands where Keras takes a metric: in ``compile(metrics=...)`` or ``custom_objects=``."""
    argument = source.enclosing(node, cst.Arg)
    return argument is not None and keyword(argument) in _MAPPING_ARGUMENTS

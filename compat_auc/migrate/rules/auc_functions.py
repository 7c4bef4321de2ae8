"""Replace a function, method, closure, lambda or decorated name that is an AUC metric by ``compat_auc.auc_roc``."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Phase, rule
from compat_auc.migrate.source.graph import is_graph_file
from compat_auc.migrate.source.source import Source
from compat_auc.migrate.understand.definitions import (
    Definition,
    find_definitions,
    in_metric_place,
    metric_elements,
    understand,
)
from compat_auc.migrate.understand.interpreter import Env, Interpreter, log_name
from compat_auc.migrate.understand.recognise import Auc, NotUnderstood
from compat_auc.migrate.understand.replacement import Replacement, column_is_known, local_name, name_in_reach


@rule("CA101", "CA103", "CA104", "CA105", "CA106", "CA107", "CA108", phase=Phase.DEFINITIONS)
def auc_functions(source: Source) -> Iterator[Finding]:
    definitions = find_definitions(source)
    judged = [(definition, _judge(source, definition)) for definition in definitions]
    plans = _outermost(source, [plan for _, plan in judged if isinstance(plan, Replacement)])
    removed = {plan.definition.statement for plan in plans}
    auc_roc = local_name(source, "auc_roc", removed)
    dead = _dead_helpers(source, plans, removed)
    for plan in plans:
        yield plan.finding(source, auc_roc, dead)
        yield from plan.warnings(source)
    for definition, why in judged:
        if isinstance(why, NotUnderstood) and definition.statement not in dead:
            yield from _report(source, definition, why)
    yield from _inline(source, definitions, auc_roc)


def _judge(source: Source, definition: Definition) -> Replacement | NotUnderstood | None:
    """Say how to replace a definition, or why it has to stay. None if it is not a Keras metric."""
    auc = definition.auc
    if isinstance(auc, NotUnderstood):
        return auc
    if not column_is_known(source, auc):
        return NotUnderstood("it takes one column of an output whose width is not known here")
    for_keras = any(in_metric_place(source, node) for node in definition.references)
    # No compile uses it, and it does not look like a Keras metric: it is a helper of graph code.
    if not for_keras and (not auc.in_graph or definition.returns_pair or is_graph_file(source)):
        return None
    places = [_place(source, node) for node in definition.references]
    if "called" not in places and "other" not in places and _in_reach(source, auc, definition):
        return Replacement(definition, auc)
    return NotUnderstood("it is also called, or used in another way than as a metric") if "value" in places else None


def _in_reach(source: Source, auc: Auc, definition: Definition) -> bool:
    """Whether the names that the options use mean the same at every place of use."""
    references = definition.references
    if not name_in_reach(source, definition):
        return False
    for free in auc.free:
        if free.owner is source.module:
            continue
        if not references or not all(any(up is free.owner for up in source.ancestors(node)) for node in references):
            return False
    return True


def _place(source: Source, node: cst.CSTNode) -> str:
    """Return how a reference uses the metric: as a value, by a call, through its ``__name__``, or otherwise."""
    parent = source.parents[node]
    if isinstance(parent, cst.Call):
        return "called"
    if isinstance(parent, cst.Attribute):
        is_target = isinstance(source.parents[parent], cst.AssignTarget)
        return "named" if parent.attr.value == "__name__" and is_target else "other"
    if isinstance(parent, (cst.Element, cst.DictElement, cst.Arg, cst.Return, cst.Assign, cst.AnnAssign, cst.Param)):
        return "value"
    return "other"


def _outermost(source: Source, plans: list[Replacement]) -> list[Replacement]:
    """Return the plans whose definition is not inside another definition that goes."""
    statements = {plan.definition.statement for plan in plans}
    return [plan for plan in plans if not any(up in statements for up in source.ancestors(plan.definition.statement))]


def _dead_helpers(source: Source, plans: list[Replacement], removed: set[cst.CSTNode]) -> list[cst.FunctionDef]:
    """Return the functions that took part in a removed metric and that nothing else uses."""
    helpers = [
        node
        for plan in plans
        for node in plan.definition.visited
        if isinstance(node, cst.FunctionDef) and node not in removed
    ]
    dead: dict[cst.FunctionDef, None] = {}
    gone = set(removed)
    changed = True
    while changed:
        changed = False
        for helper in helpers:
            if helper not in dead and _only_used_in(source, helper, gone):
                dead[helper] = None
                gone.add(helper)
                changed = True
    return [function for function in dead if not any(up in gone for up in source.ancestors(function))]


def _only_used_in(source: Source, helper: cst.FunctionDef, gone: set[cst.CSTNode]) -> bool:
    if isinstance(source.enclosing(helper, cst.ClassDef, cst.FunctionDef), cst.ClassDef):
        return False
    uses = [name for name in source.uses(helper.name) if name is not helper.name]
    return all(any(up is helper or up in gone for up in source.ancestors(use)) for use in uses)


def _report(source: Source, definition: Definition, why: NotUnderstood) -> Iterator[Finding]:
    used = any(_place(source, node) == "value" for node in definition.references)
    if used and not is_graph_file(source):
        what = f"`{definition.name}`" if definition.name else "this expression"
        yield source.finding(
            "CA104",
            f"{what} computes an AUC, but {why.reason}; it is left as it is. "
            "Use compat_auc.auc_roc in its place by hand.",
            definition.statement,
        )


def _inline(source: Source, definitions: list[Definition], auc_roc: str) -> Iterator[Finding]:
    """Replace metrics inside the list: a lambda, ``tf.metrics.auc`` itself, a call of a wrapper."""
    statements = {definition.statement for definition in definitions}
    for element in metric_elements(source):
        if isinstance(element, (cst.Lambda, cst.Call)) or source.name(element):
            interpreter = Interpreter(source)
            value = interpreter.value(element, Env())
            if getattr(value, "node", None) in statements:
                continue
            auc, visited, _ = understand(interpreter, value)
            if auc is None:
                continue
            definition = Definition("", log_name(value), element, auc, visited, [element])
            if isinstance(auc, Auc):
                plan = Replacement(definition, auc)
                yield plan.finding(source, auc_roc, [])
                yield from plan.warnings(source)
            else:
                yield from _report(source, definition, auc)

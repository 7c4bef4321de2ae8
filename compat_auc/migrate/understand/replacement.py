"""Replace an AUC metric: make the new expression, the edits at every use, and the warnings for the user."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Collection, Iterator, Sequence

import libcst as cst

from compat_auc.migrate.edits import Edit, Finding
from compat_auc.migrate.source.outputs import Output
from compat_auc.migrate.source.source import Source, dotted, fact, inside
from compat_auc.migrate.understand.compiled import head, outputs_of_metric
from compat_auc.migrate.understand.definitions import Definition
from compat_auc.migrate.understand.recognise import Auc

LAMBDA = "<lambda>"
# What a metric of TensorFlow 1 does for its variables.
_OF_METRICS = re.compile(r"initializer|get_session|add_to_collection|update_state|reset_state|set_shape")
# TensorFlow 1 computed these from scores as truth values: any score above 0 was true.
_OF_CLASSES = ("Precision", "Recall", "TruePositives", "TrueNegatives", "FalsePositives", "FalseNegatives")


@dataclass
class Replacement:
    """A definition that can be replaced, and its AUC."""

    definition: Definition
    auc: Auc

    def kept_name(self, source: Source) -> str:
        """The name that the old metric was logged under; for a lambda, a name that a script can write."""
        name = self.definition.log_name
        assigned = _assigned_name(source, self.definition)
        if assigned is not None:
            name = str(assigned.value)
        return (self.definition.name or "auc_roc") if name == LAMBDA else name

    def expression(self, source: Source, auc_roc: str, uses: Sequence[cst.CSTNode] = ()) -> str:
        """Return the configured metric, as text for ``metrics=[...]``, for some of its uses or for all."""
        output = head(source, uses or self.definition.references)
        assigned = _assigned_name(source, self.definition)
        name = _quoted(self.kept_name(source)) if assigned is None or assigned.is_literal else assigned.value
        if self.auc.keras_class:
            return f"{local_name(source, self.auc.keras_class)}(name={name})"
        options = {**self.auc.options, **column_options(self.auc, output)}
        if self.auc.from_softmax:
            options["from_logits"] = '"softmax"'
        if self.uses_rank(output):
            options.update(_label_options(self.auc, output), name=name)
            return _written(local_name(source, "RankAUC"), options)
        if self.auc.from_logits:
            options["from_logits"] = "True"
        if name != '"auc_roc"':
            options["name"] = name
        return _written(auc_roc, options) if options else auc_roc

    def uses_rank(self, output: Output) -> bool:
        """Whether RankAUC replaces it, because scikit-learn's AUC is exact, takes any scores, and averages columns."""
        return self.auc.exact and not column_options(self.auc, output)

    def imports(self, source: Source, auc_roc: str) -> tuple[str, ...]:
        by_reference = [head(source, [reference]) for reference in self.definition.references] or [head(source, ())]
        if self.auc.exact:
            rank, plain = (import_line("compat_auc", name, local_name(source, name)) for name in ("RankAUC", "auc_roc"))
            return tuple(dict.fromkeys(rank if self.uses_rank(output) else plain for output in by_reference))
        if self.auc.keras_class:
            local = local_name(source, self.auc.keras_class)
            return (import_line(f"{source.package}.metrics", self.auc.keras_class, local),)
        return (import_line("compat_auc", "auc_roc", auc_roc),)

    def finding(self, source: Source, auc_roc: str, dead: list[cst.FunctionDef]) -> Finding:
        new = self.expression(source, auc_roc)
        edits = [*self._uses(source, auc_roc), *self._deleted(source), *self._definition(source, new)]
        visited = self.definition.visited
        edits.extend(source.remove_statement(helper) for helper in dead if helper in visited)
        edits.extend(_rename_strings(source, self.kept_name(source)) if self.definition.log_name == LAMBDA else ())
        what = f"`{self.definition.name}`" if self.definition.name else "in this expression"
        message = f"The AUC metric {what} is now {new} of compat_auc."
        if self.auc.keras_class:
            message = f"The TensorFlow 1 metric {what} is now {new} of Keras."
        message += "".join(f" `{line}` is removed, too." for line in _other_work(source, visited))
        return source.finding(
            "CA103" if self.auc.keras_class else "CA101",
            message,
            self.definition.statement,
            tuple(dict.fromkeys(edits)),
            self.imports(source, auc_roc),
        )

    def _uses(self, source: Source, auc_roc: str) -> Iterator[Edit]:
        for node in self.definition.references:
            new = self.expression(source, auc_roc, [node] if outputs_of_metric(source, node) else ())
            statement = source.statement(node)
            if isinstance(statement, cst.Del):
                continue
            if isinstance(source.parents[node], cst.Attribute):
                yield source.remove_statement(statement)
            elif source.code(node) != new:
                yield source.replace(node, new)

    def _deleted(self, source: Source) -> Iterator[Edit]:
        """Take the name out of ``del`` statements. Without any other name, the statement goes."""
        deleted = self.definition.references
        for statement in dict.fromkeys(map(source.statement, deleted)):
            if isinstance(statement, cst.Del):
                target = statement.target
                several = [part.value for part in target.elements] if isinstance(target, (cst.Tuple, cst.List)) else ()
                kept = [source.code(part) for part in several if part not in deleted]
                text = f"del {', '.join(kept)}"
                yield source.replace(statement, text) if kept else source.remove_statement(statement)

    def _definition(self, source: Source, new: str) -> Iterator[Edit]:
        statement = self.definition.statement
        if not isinstance(statement, (cst.FunctionDef, cst.Assign)):
            return
        wanted = self.definition.name in source.exported and source.enclosing(statement, cst.FunctionDef) is None
        removal = source.remove_statement(statement)
        text = f"{self.definition.name} = {new}"
        if (self.definition.references and not wanted) or new == self.definition.name:
            yield removal
        elif isinstance(statement, cst.Assign):
            yield source.replace(statement, text)
        else:
            if removal.text != "pass":  # the removal takes the blank lines below with it
                text += source.newline() * (3 if removal.end < len(source.text) else 1)
            yield source.edit(source.start_of_statement(statement), removal.end, text)

    def warnings(self, source: Source) -> Iterator[Finding]:
        """Yield what the user must know about the old number. None of it stops the replacement."""
        statement = self.definition.statement
        name = self.definition.name or source.code(statement)
        auc = self.auc
        if auc.keras_class:
            if auc.keras_class in _OF_CLASSES and not auc.hard:
                message = f"`{name}` took every score above 0 for positive. {auc.keras_class} takes scores above 0.5."
                yield source.finding("CA103", message, statement)
            return
        if auc.swapped:
            message = (
                f"`{name}` took the labels for predictions, and the predictions for labels. Its number was not an AUC."
            )
            yield source.finding("CA105", message, statement)
        if auc.hard:
            yield source.finding("CA106", self._of_classes(name), statement)
        if auc.soft_labels:
            message = f"`{name}` turned its labels into 0 and 1. The new metric raises an error for any other label."
            yield source.finding("CA106", message, statement)
        yield from self._flattened(source, name)
        was = (
            "the mean of the AUCs of batches"
            if auc.batch_mean
            else "a running value that nothing reset between epochs, or between training and validation"
        ) + (", each a sum of rectangles" if auc.rectangles else "")
        if auc.with_bounds:
            was += ", and the mean of the AUC and the two bounds of its interval"
        coarser = ""
        if auc.exact and not self.uses_rank(head(source, self.definition.references)):
            coarser = (
                " The new curve has 200 thresholds, and the curve of scikit-learn was exact. Set num_thresholds= for a "
                "finer curve, or use compat_auc.RocCallback for the exact AUC."
            )
        yield source.finding(
            "CA108",
            f"The number under `{self.kept_name(source)}` is now the AUC of the epoch, and was {was}.{coarser}",
            statement,
        )

    def _of_classes(self, name: str) -> str:
        """Say what changes where the old metric took the AUC of classes instead of scores."""
        message = (
            f"`{name}` took the AUC of hard classes (argmax or rounded predictions). "
            "The new metric takes the AUC of the scores, so the number changes."
        )
        if self.auc.class_labels:
            message += (
                " Only the predictions went through argmax, so the labels are class numbers. auc_roc counts class "
                "numbers as one-hot labels."
            )
        return message

    def _flattened(self, source: Source, name: str) -> Iterator[Finding]:
        """Report each use where the metric flattens the columns of a softmax, for each width of its outputs."""
        references = self.definition.references
        uses = [(reference, output) for reference in references for output in outputs_of_metric(source, reference)]
        kinds = {(node, output.width, output.activation): output for node, output in uses}
        if len({kind[1:] for kind in kinds}) < 2:
            kinds = {(self.definition.statement, None, None): head(source, references)}
        for (reference, _, _), output in kinds.items():
            is_softmax = output.activation == "softmax" or self.auc.from_softmax
            is_micro = self.auc.column is None and (self.auc.flat or not self.uses_rank(output))
            if is_micro and is_softmax and output.width != 1:
                yield source.finding("CA107", _of_softmax(name, output.width), reference)


def _other_work(source: Source, functions: Collection[cst.CSTNode]) -> Iterator[str]:
    """Yield what functions do besides an AUC: they print, log, or change a variable outside."""
    for node in (node for function in functions for node in inside(function)):
        call = node.value if isinstance(node, cst.Expr) else None
        does_more = isinstance(call, cst.Call) and source.bound_node(call.func) not in functions
        if isinstance(node, cst.Global) or (does_more and not _OF_METRICS.search(source.code(node))):
            yield source.code(node).split("\n")[0]


def _of_softmax(name: str, width: int | None) -> str:
    if width == 2:
        return (
            f"`{name}` flattens the two columns of a softmax into one (micro) AUC. For the AUC of the positive "
            "class, use auc_roc(multi_label=True, num_labels=2, label_weights=[0, 1])."
        )
    columns, count = (f"the {width} columns", width) if width else ("all columns", "...")
    return (
        f"`{name}` flattens {columns} of a softmax into one (micro) AUC. For the mean of the AUCs of each class "
        f"against the rest, use auc_roc(multi_label=True, num_labels={count})."
    )


def column_options(auc: Auc, output: Output) -> dict[str, str]:
    """Return the options that select one output column; none if the model has only one."""
    units = output.width
    if auc.column is None or not units or units == 1:
        return {}
    weights = [0] * units
    weights[auc.column] = 1
    return {"multi_label": "True", "num_labels": str(units), "label_weights": str(weights)}


def _label_options(auc: Auc, output: Output) -> dict[str, str]:
    """Return the options for scikit-learn's mean over labels; none for one label or flattened labels."""
    units = output.width
    if auc.flat or units == 1:
        return {}
    return {"multi_label": "True", **({"num_labels": str(units)} if units else {})}


def _quoted(text: str) -> str:
    """Write a string of Python in double quotes. What JSON escapes, Python reads the same way."""
    return json.dumps(text, ensure_ascii=False)


def _written(function: str, options: dict[str, str]) -> str:
    return f"{function}({', '.join(f'{key}={value}' for key, value in options.items())})"


def column_is_known(source: Source, auc: Auc, references: Sequence[cst.CSTNode]) -> bool:
    """Whether the outputs have the column that the metric takes, at every place of use."""
    in_metrics = [reference for reference in references if outputs_of_metric(source, reference)]
    widths = [head(source, [reference]).width for reference in in_metrics] or [head(source, ()).width]
    return auc.column is None or all(width is not None and -width <= auc.column < width for width in widths)


@dataclass(frozen=True)
class AssignedName:
    """The name in a ``metric.__name__ = ...`` statement: a literal's value, or the text of an expression.

    An expression has a meaning only in ``holder``, the function or class that the statement stands in.
    """

    value: str
    is_literal: bool
    holder: cst.CSTNode | None = None


def _assigned_name(source: Source, definition: Definition) -> AssignedName | None:
    for node in definition.references:
        parent = source.parents[node]
        if isinstance(parent, cst.Attribute) and isinstance(source.parents[parent], cst.AssignTarget):
            expression = source.parents[source.parents[parent]].value
            value = source.constant(expression)
            if isinstance(value, str):
                return AssignedName(value, True)
            return AssignedName(source.code(expression), False, source.enclosing(node, cst.FunctionDef, cst.ClassDef))
    return None


def name_in_reach(source: Source, definition: Definition) -> bool:
    """Whether a computed ``__name__`` means the same where the metric is used: in the same function or class."""
    assigned = _assigned_name(source, definition)
    holder = assigned.holder if assigned else None
    return all(holder is None or holder in source.ancestors(node) for node in definition.references)


def _rename_strings(source: Source, name: str) -> Iterator[Edit]:
    """Rename the log keys of lambdas, which Keras called ``<lambda>``, ``<lambda>_1`` and so on."""
    for node, value in source.strings:
        if re.fullmatch(rf"(val_)?{LAMBDA}(_\d+)?", value):
            yield source.replace(node, source.code(node).replace(LAMBDA, name))


def local_name(source: Source, name: str, removed: Collection[cst.CSTNode] = ()) -> str:
    """Return ``name``, or another name if the file uses it for something that is not ``removed``."""
    for node in _own_names(source).get(name, ()):
        if node not in removed and not any(up in removed for up in source.ancestors(node)):
            return f"compat_{name}"
    return name


@fact
def _own_names(source: Source) -> dict[str, list[cst.CSTNode]]:
    """Return the nodes that bind each name in the file. Imports from Keras or compat_auc do not count: they agree."""
    names: dict[str, list[cst.CSTNode]] = {}
    for node in source.all(cst.FunctionDef, cst.ClassDef, cst.Param, cst.AssignTarget, cst.For, cst.ImportAlias):
        bound = getattr(node, "name", None) or node.target
        if isinstance(node, cst.ImportAlias):
            statement = source.parents[node]
            if isinstance(statement, cst.ImportFrom) and dotted(statement.module).startswith(("compat_auc", "keras")):
                continue
            bound = node.asname.name if node.asname else node.name
        if isinstance(bound, cst.Name):
            names.setdefault(bound.value, []).append(node)
    return names


def import_line(module: str, name: str, local: str) -> str:
    """Return the import of ``name`` under the ``local_name`` that the edits write."""
    return f"from {module} import {name}" + ("" if local == name else f" as {local}")

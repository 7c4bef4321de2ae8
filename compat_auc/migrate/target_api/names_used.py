"""Find the names that a file imports or uses from the packages and that are missing there."""

from __future__ import annotations

import builtins
from typing import Iterator

import libcst as cst

from compat_auc.migrate.source.guards import catches, is_guarded
from compat_auc.migrate.source.source import Source, aliases, dotted, root
from compat_auc.migrate.target_api.api import PACKAGES, UNKNOWN, Api, Missing

# Parts of TensorFlow that an import statement finds, but an attribute does not.
_BY_IMPORT_ONLY = ("python", "core")


def missing_imports(source: Source, api: Api) -> Iterator[tuple[cst.CSTNode, Missing]]:
    """Yield import statements that fail, or the single names in them."""
    for node in [*source.all(cst.Import), *source.from_imports()]:
        failing = list(_failing(source, api, node))
        if failing and not (is_guarded(source, node) and not _no_branch_works(source, api, node)):
            yield from failing


def _failing(source: Source, api: Api, node: cst.Import | cst.ImportFrom) -> Iterator[tuple[cst.CSTNode, Missing]]:
    module = dotted(node.module) if isinstance(node, cst.ImportFrom) else ""
    if module and module.split(".")[0] in PACKAGES:
        if not api.is_module(module):
            yield node, _as_missing(api, module)
            return
        for alias in aliases(node):
            entry = api.find(f"{module}.{dotted(alias.name)}")
            if isinstance(entry, Missing):
                yield alias, entry
    elif not module:
        for alias in aliases(node):
            name = dotted(alias.name)
            if name.split(".")[0] in PACKAGES and not api.is_module(name):
                yield alias, _as_missing(api, name)


def _as_missing(api: Api, module: str) -> Missing:
    entry = api.find(module)
    return entry if isinstance(entry, Missing) else Missing(*module.rpartition(".")[::2])


def _no_branch_works(source: Source, api: Api, node: cst.CSTNode) -> bool:
    """Whether an import fails in every branch: in the ``try`` and in each handler of its error."""
    guard = next(
        (parent for parent in source.ancestors(node) if isinstance(parent, cst.Try) and catches(source, parent)), None
    )
    if guard is None:
        return False
    for branch in (guard.body, *(handler.body for handler in guard.handlers)):
        imports = [
            statement for statement in source.all(cst.Import, cst.ImportFrom) if branch in source.ancestors(statement)
        ]
        relative = any(isinstance(statement, cst.ImportFrom) and statement.relative for statement in imports)
        if relative or not imports or not any(True for statement in imports for _ in _failing(source, api, statement)):
            return False
    return True


def missing_uses(source: Source, api: Api) -> Iterator[tuple[cst.CSTNode, Missing]]:
    """Yield dotted names in expressions that do not exist."""
    targets = (node.target for node in source.all(cst.AssignTarget))
    assigned = {source.raw_name(target) for target in targets if isinstance(target, cst.Attribute)}
    for node in source.all(cst.Attribute, cst.Name):
        parent = source.parents[node]
        if isinstance(parent, (cst.Attribute, cst.ImportFrom, cst.ImportAlias, cst.AsName, cst.AssignTarget, cst.Del)):
            continue
        entries = [UNKNOWN if _is_given(raw, assigned) else api.find(raw) for raw in raw_names(source, api, node)]
        missing = [answer for answer in entries if isinstance(answer, Missing)]
        if missing and len(missing) == len(entries) and not is_guarded(source, node):
            base = root(node)
            if not (isinstance(base, cst.Name) and _is_said_of_import(source, api, base)):
                yield node, missing[-1]
    yield from _by_text(source, api)


def _by_text(source: Source, api: Api) -> Iterator[tuple[cst.CSTNode, Missing]]:
    """Yield what ``getattr(module, "name")`` does not find."""
    for call in source.spelled("getattr"):
        if len(call.args) == 2:
            owner, name = (arg.value for arg in call.args)
            text = source.constant(name)
            entries = [api.find(f"{raw}.{text}") for raw in raw_names(source, api, owner) if isinstance(text, str)]
            missing = [entry for entry in entries if isinstance(entry, Missing)]
            if missing and len(missing) == len(entries) and not is_guarded(source, call):
                yield owner, missing[-1]


def _is_given(raw: str, assigned: set[str | None]) -> bool:
    """Whether the file itself assigns to a dotted name, or to its first parts."""
    parts = raw.split(".")
    return any(".".join(parts[:size]) in assigned for size in range(2, len(parts) + 1))


def raw_names(source: Source, api: Api, node: cst.CSTNode) -> list[str]:
    """Return the imported names that a dotted name may stand for, one for each import; none if it may be anything."""
    base = root(node)
    if not isinstance(base, cst.Name):
        return []
    bound = source.bound(base)
    if not bound.every:
        names: list[str | None] = [_by_star(source, api, base)]
    elif len(bound.every) == 1:
        names = [source.raw_name(base)]
    elif bound.only_imports:
        names = list(bound.imports)
    else:
        return []
    imported = [name for name in names if name is not None and name.split(".")[0] in PACKAGES]
    rest = dotted(node)[len(base.value) :]
    return [_attribute(name, rest) for name in imported] if len(imported) == len(names) else []


def _attribute(name: str, rest: str) -> str:
    """Join a name and its attributes. A part that only an import finds becomes a name that does not exist."""
    first = rest.split(".")[1] if rest else ""
    return f"{name}.{first} (as an attribute)" if name == "tensorflow" and first in _BY_IMPORT_ONLY else name + rest


def _is_said_of_import(source: Source, api: Api, base: cst.Name) -> bool:
    """Whether the import of the name fails already, so that a finding says it."""
    return any(not api.has(name) for name in source.bound(base).imports)


def _by_star(source: Source, api: Api, name: cst.Name) -> str | None:
    """Return the full name that a star import gives. None if the name may come from outside of the packages."""
    is_use = name in source.scopes and not isinstance(source.parents[name], (cst.Param, cst.NameItem))
    if not is_use or hasattr(builtins, name.value) or not source.star_modules or name.value.startswith("__"):
        return None
    if any(node.relative or dotted(node.module).split(".")[0] not in PACKAGES for node in source.stars):
        return None
    if source.raw_name(name) is None:
        return None
    owners = [module for module in source.star_modules if api.has(f"{module}.{name.value}")]
    return f"{(owners or source.star_modules)[-1]}.{name.value}"

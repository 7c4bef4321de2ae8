"""Hold a result against what is promised of every result, whatever the rules do.

- An edit replaces the text that it says it replaces, and edits do not overlap.
- Outside of the edits, every token stays as it is, comments too.
- The result compiles.
- No name is read above its binding, without one or below its ``del``, that was not before. What other files take from
  this one stays bound.

Each condition takes the old text, the new text and the edits between them, and yields its complaints. Only top-level
statements that changed are read again, so that a check costs what the edits cost.
"""

from __future__ import annotations

import ast
import builtins
import io
import symtable
import tokenize
import warnings
from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import Iterable, Iterator, NamedTuple, Sequence

from compat_auc.migrate.edits import Cut, Edit, grown
from compat_auc.migrate.syntax import line_starts

# Tokens without text: where lines end and blocks begin follows from the others. Neither has the end of a
# last line without a newline any text.
_LAYOUT = (tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
_ALWAYS_BOUND = frozenset(dir(builtins)) | {"__file__", "__builtins__", "__path__", "__annotations__"}


class Token(NamedTuple):
    """A token's offsets in a text, and the token."""

    start: int
    end: int
    kind: int
    text: str


class Names(NamedTuple):
    """What a top-level statement reads and binds in the module.

    ``events`` are its reads (True) and bindings (False) in the order in which they run. ``later`` are the names of the
    module that its functions and classes read. ``declared`` are those that functions bind after ``global``.
    ``deleted`` are the names that it deletes for certain.
    """

    events: tuple[tuple[bool, str], ...]
    later: frozenset[str]
    declared: frozenset[str]
    deleted: frozenset[str]


def complaints(old: Cut, edits: Sequence[Edit], exported: Iterable[str] = ()) -> Iterator[str]:
    """Yield what is wrong with a result, as the end of the sentence "the result ...". Nothing: it may be written.

    ``exported`` are the names that other files take from this one.
    """
    ordered = sorted(set(edits))
    try:
        new = old.edited(ordered)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        yield f"would not be Python ({getattr(error, 'msg', error)})"
        return
    yield from wrong_tokens(old, new.text, ordered)
    yield from not_compiled(old, new)
    yield from not_bound(old, new)
    yield from not_exported(old, new, exported)


def misplaced(text: str, edits: Sequence[Edit]) -> Iterator[str]:
    """Yield a complaint for each edit that finds another text than the one that it replaces, or that overlaps."""
    end = 0
    for edit in sorted(set(edits)):
        if text[edit.start : edit.end] != edit.old:
            yield f"would lose {text[edit.start : edit.end]!r}, which stands where {edit.old!r} was expected"
        elif edit.start < end:
            yield f"would need two edits of {text[edit.start : end]!r} at once"
        end = max(end, edit.end)


# Tokens --------------------------------------------------------------------------------------------------------------
def wrong_tokens(old: Cut, new: str, edits: Sequence[Edit]) -> Iterator[str]:
    """Yield a complaint for each run of statements whose tokens outside of the edits are not what they were."""
    shift = 0
    for start, end, group in old.touched(edits):
        inside = [Edit(edit.start - start, edit.end - start, edit.text) for edit in group]
        stop = end + shift + grown(group)
        yield from _compared(old.text[start:end], new[start + shift : stop], inside)
        shift = stop - end


def _compared(old: str, new: str, edits: Sequence[Edit]) -> Iterator[str]:
    before = _tokens(old)
    if before is None:
        return
    after = _tokens(new)
    if after is None:
        yield "would end in the middle of a token"
        return
    shift = 0
    ranges: list[tuple[int, int]] = []
    for edit in edits:
        ranges.append((edit.start + shift, edit.start + shift + len(edit.text)))
        shift += len(edit.text) - (edit.end - edit.start)
    kept = _outside(before, [(edit.start, edit.end) for edit in edits])
    present = _outside(after, ranges)
    texts = [[(token.kind, token.text) for token in tokens] for tokens in (kept, present)]
    if texts[0] != texts[1]:
        lost = next((pair for pair in zip(*texts) if pair[0] != pair[1]), None)
        at_end = [text for _, text in [*texts[0][len(texts[1]) :], *texts[1][len(texts[0]) :]]]
        yield f"would change code outside of the edits: {lost[0][1] if lost else ' '.join(at_end)!r}"


def _outside(tokens: Sequence[Token], ranges: Sequence[tuple[int, int]]) -> list[Token]:
    """Return the tokens that no range touches, and what is left of those that a range cuts. Strings may be cut."""
    starts = [start for start, _ in ranges]
    ends = [end for _, end in ranges]
    outside: list[Token] = []
    for token in tokens:
        first = bisect_right(ends, token.start)
        last = bisect_left(starts, token.end)
        if first >= last:
            outside.append(token)
        elif token.kind != tokenize.STRING and not any(
            start <= token.start and token.end <= end for start, end in ranges[first:last]
        ):
            outside.append(token._replace(text=_left(token, ranges[first:last])))
    return outside


def _left(token: Token, ranges: Sequence[tuple[int, int]]) -> str:
    """Return the text of a token without what lies in the ranges. A cut shows as a character that no token has."""
    parts: list[str] = []
    position = token.start
    for start, end in ranges:
        parts.append(token.text[position - token.start : max(start, token.start) - token.start])
        position = end
    return "\0".join([*parts, token.text[position - token.start :]])


@lru_cache(maxsize=512)
def _tokens(text: str) -> list[Token] | None:
    """Return the tokens of a text that hold more than layout, or None if it does not end with a whole token."""
    starts = line_starts(text)
    tokens: list[Token] = []
    try:
        lines = tokenize.generate_tokens(io.StringIO(text, newline="").readline)
        for kind, string, (row, column), (last, end), _ in lines:
            if string and kind not in _LAYOUT and row <= len(starts):
                stop = starts[min(last, len(starts)) - 1] + end
                tokens.append(Token(starts[row - 1] + column, stop, kind, string.rstrip("\r\n")))
    except (tokenize.TokenError, SyntaxError):
        return None
    return tokens


# Syntax --------------------------------------------------------------------------------------------------------------
def not_compiled(old: Cut, new: Cut) -> Iterator[str]:
    """Yield a complaint for each statement that Python refuses, unless it refused one for the same reason before."""
    before, after = old.statements, new.statements
    old_statements = set(before)
    changed = [statement for statement in after if statement not in old_statements]
    if changed:
        changed.append(_to_the_last_future(after))
    errors = dict.fromkeys(error for error in (compile_error(statement) for statement in changed) if error)
    if errors:
        accepted = {compile_error(statement) for statement in [*before, _to_the_last_future(before)]}
        yield from (f"would not compile ({error})" for error in errors if error not in accepted)


def _to_the_last_future(statements: Sequence[str]) -> str:
    """Return the statements down to the last import from ``__future__``. In a notebook it may be in any cell."""
    last = max((index for index, statement in enumerate(statements) if "__future__" in statement), default=-1)
    return "".join(statements[: last + 1])


@lru_cache(maxsize=4096)
def compile_error(text: str) -> str:
    """Return what Python says against a text, or an empty string. Cells may await outside of functions."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the user's strings and escapes, which stay as they are
            compile(text, "<text>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except SyntaxError as error:
        return error.msg
    except (ValueError, RecursionError, MemoryError) as error:
        return str(error)
    return ""


# Names ---------------------------------------------------------------------------------------------------------------
def not_bound(old: Cut, new: Cut) -> Iterator[str]:
    """Yield a complaint for each name that is read above its binding, or without one, and was not before."""
    before, after = unbound(old), unbound(new)
    for name in sorted(after.keys() - before.keys()):
        yield f"would use `{name}` above the line that binds it" if after[name] else f"would not define `{name}`"


def not_exported(old: Cut, new: Cut, exported: Iterable[str]) -> Iterator[str]:
    """Yield a complaint for each name that other files take and that the module no longer binds."""
    taken = set(exported)
    for name in sorted(taken & bound_names(old) - bound_names(new)) if taken else ():
        yield f"would not define `{name}`, which another file takes from here"


def bound_names(cut: Cut) -> set[str]:
    """Return the names that a module binds."""
    every = [names_of(statement) for statement in cut.statements]
    return {name for names in every for is_read, name in names.events if not is_read} | {
        name for names in every for name in names.declared
    }


def unbound(cut: Cut) -> dict[str, bool]:
    """Return each name that is read above its first binding, and whether it is bound further down.

    What a function reads counts as read where the function is defined: it may be called in the next line.
    """
    bound = set(_ALWAYS_BOUND)
    early: set[str] = set()
    for statement in cut.statements:
        events, later, declared, deleted = names_of(statement)
        for is_read, name in events:
            if not is_read:
                bound.add(name)
            elif name not in bound:
                early.add(name)
        bound |= declared
        early |= later - bound
        bound -= deleted
    return {name: name in bound for name in early}


@lru_cache(maxsize=4096)
def names_of(statement: str) -> Names:
    """Read what a top-level statement does to the names of the module."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        body = ast.parse(statement).body
        events = tuple(dict.fromkeys(event for node in body for event in _events(node)))
        targets = [target for node in body if isinstance(node, ast.Delete) for target in node.targets]
        later, declared = set[str](), set[str]()
        tables = list(symtable.symtable(statement, "<text>", "exec").get_children())
    while tables:
        table = tables.pop()
        tables.extend(table.get_children())
        for symbol in table.get_symbols():
            if symbol.is_global():
                (declared if symbol.is_assigned() or symbol.is_imported() else later).add(symbol.get_name())
                if symbol.is_referenced():
                    later.add(symbol.get_name())
    inner = (node for target in targets for node in ast.walk(target))
    deleted = frozenset(node.id for node in inner if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del))
    return Names(events, frozenset(later), frozenset(declared), deleted)


def _events(node: ast.AST) -> Iterator[tuple[bool, str]]:
    """Yield the reads and bindings of names of the module, without those inside of functions and classes."""
    if isinstance(node, ast.Name):
        yield not isinstance(node.ctx, ast.Store), node.id
        return
    for child in _in_order(node):
        yield from _events(child)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield False, node.name
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from ((False, alias.asname or alias.name.partition(".")[0]) for alias in node.names)
    elif type(node).__name__ in ("MatchAs", "MatchStar", "MatchMapping"):
        captured = getattr(node, "name", None) or getattr(node, "rest", None)
        yield from [(False, captured)] if captured else []


def _in_order(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the children of a node in the order in which they run. What is inside of a scope runs elsewhere."""
    if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        yield node.generators[0].iter
        return
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        yield from getattr(node, "decorator_list", ())
        yield from node.args.defaults
        yield from (default for default in node.args.kw_defaults if default is not None)
        return
    if isinstance(node, ast.ClassDef):
        yield from (*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords))
        return
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.NamedExpr)):
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            yield ast.Name(node.target.id, ast.Load())
        yield node.value
        yield from node.targets if isinstance(node, ast.Assign) else (node.target,)
        return
    if isinstance(node, ast.AnnAssign):
        yield from [node.value, node.target] if node.value is not None else []
        return
    if isinstance(node, (ast.For, ast.AsyncFor)):
        yield from (node.iter, node.target, *node.body, *node.orelse)
        return
    if isinstance(node, ast.ExceptHandler):
        yield from [node.type] if node.type is not None else []
        yield from [ast.Name(node.name, ast.Store())] if node.name else []
        yield from node.body
        return
    yield from ast.iter_child_nodes(node)

"""What the tool reads off a file itself, for speed, is what libcst's own metadata say: positions, scopes, bindings."""

from pathlib import Path

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider, ScopeProvider
from libcst.metadata.scope_provider import Assignment

import compat_auc.migrate.engine
import compat_auc.migrate.understand.definitions
from compat_auc.migrate import migrate_source
from compat_auc.migrate.edits import Cut, line_starts
from compat_auc.migrate.source import source
from compat_auc.migrate.source.indents import Plain
from compat_auc.migrate.source.source import Source
from compat_auc.migrate.syntax import CannotMigrate

HERE = Path(__file__).parent
SCRIPTS = sorted(
    [
        *(HERE / "cases").rglob("*.py"),
        *(HERE / "legacy").glob("*.py"),
        *HERE.parents[1].glob("compat_auc/migrate/*/*.py"),
    ]
)
ODD = r'''# a comment at the top
"""And a docstring."""
from a import b as c, d; import e.f, g.h as i
first = 1; second = \
2; third \
  = 3
@c(first)
@ d
class Outer(c, metaclass=d):
    """x"""
    own: int = first
    def method(self, *args, key=own, **rest) -> own:
        global changed, first
        changed = first = own
        def inner():
            nonlocal key
            key, *others = args; self.attribute[key] = rest
            return [own for own in key if own for own in own], {changed: i for i in i}
        return lambda x, y=key: (x, y, own, inner)
    listed = [own for own in own]
if (walrus := first): pass
for second, (third, *fourth) in c: first += second
else: del third
with d(first) as fifth, d: fifth.x = f"{first!r:>{second}} and {third}"
try:
    import late.module
except (KeyError, c) as error:
    raise d from error
finally: print((first), ((c)).d(c=c, *e.f, **g))
async def waits(a, /, b=(yield_ for yield_ in first), *, c):
    await a; return late.module, changed, {**b}, (yield c)
print(first if second else third, not first, first < second <= third, first[second:third, ::fourth])
'''


def spans(text, positions):
    starts = line_starts(text)
    return {
        node: tuple(starts[where.line - 1] + where.column for where in (found.start, found.end))
        for node, found in positions.items()
        if not isinstance(node, (cst.Module, cst.TrailingWhitespace, cst.Newline))
    }


def as_libcst_has_it(text):
    """Every node by type and place, and what binds each name."""
    wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
    metadata = wrapper.resolve_many([PositionProvider, ScopeProvider])
    where, scopes = spans(text, metadata[PositionProvider]), metadata[ScopeProvider]
    nodes = {(type(node).__name__, *span) for node, span in where.items()}
    bound = {}
    for name in (node for node in where if isinstance(node, cst.Name)):
        scope = scopes.get(name)
        found = scope[name.value] if scope is not None else ()
        bound[where[name]] = sorted(where[one.node] for one in found if isinstance(one, Assignment))
    return nodes, bound


def check(text):
    source = Source(text)
    nodes, bound = as_libcst_has_it(text)
    for kind, found in source.nodes.items():
        starts = [source.start(node) for node in found]
        assert starts == sorted(starts), kind
        assert {(kind.__name__, *source.span(node)) for node in found} <= nodes
    names = source.all(cst.Name)
    assert {
        source.span(name): sorted(source.span(one.node) for one in source.bindings(name)) for name in names
    } == bound


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_positions_and_bindings_are_those_of_libcst(path):
    check(path.read_text("utf-8"))


@pytest.mark.parametrize(
    "text", [ODD, ODD.replace("\n", "\r\n"), ODD.replace("    ", "\t"), "", "\n# only this\n", "x=1"]
)
def test_so_are_those_of_unusual_code(text):
    check(text)


def test_a_file_is_cut_only_where_a_statement_starts_a_line():
    pieces = [piece for _, piece in source.read_pieces(Cut.of(ODD), [])]
    found = [piece.text.strip() for piece in pieces]
    assert found[0].endswith('docstring."""')
    assert found[2] == "first = 1; second = \\\n2; third \\\n  = 3"
    assert found[3].startswith("@c(first)") and found[3].endswith("[own for own in own]")
    assert "".join(piece.text for piece in pieces) == ODD


def test_what_an_edit_left_alone_is_not_parsed_again():
    before = Source("import a\nx = 1\ny = 2\nx = 1\n")
    after = Source("import a\nx = 1\nz = 3\nx = 1\n", before=before)
    assert [new in before.pieces for new in after.pieces] == [True, True, False, True]
    assert len(set(after.pieces)) == 4  # two equal lines are two places
    assert [after.span(name) for name in after.named("x")] == [(9, 10), (21, 22)]


@pytest.mark.parametrize("path", [path for path in SCRIPTS if "legacy" in path.parts], ids=lambda path: path.stem)
def test_what_is_kept_and_left_out_changes_nothing(path, monkeypatch):
    """The same without pieces from the round before, and with every function run on symbols."""
    text = path.read_text("utf-8")
    fast = migrate_source(text)
    read = source.read_pieces
    monkeypatch.setattr(source, "read_pieces", lambda cut, before: read(cut, []))
    monkeypatch.setattr(compat_auc.migrate.understand.definitions, "nodes_near", lambda source, kind: source.all(kind))
    assert migrate_source(text) == fast


def test_a_text_that_libcst_reads_as_another_is_refused(monkeypatch):
    monkeypatch.setattr(source, "plain", Plain)  # so that libcst gets the form feed, and loses it
    changed = Source("import keras\n\x0cx = 1\n")
    with pytest.raises(CannotMigrate, match="reads it as another text"):
        changed.span(changed.named("x")[0])


@pytest.mark.parametrize("end", ["\n\n\n    \n", "\n\n    \n", "\n    \n\n  \n", "\n\n        \n\n"])
def test_blank_lines_after_a_function_do_not_stop_it(end):
    """The parser loses some of them at the end of a text."""
    text = f"def f(x):\n    with x:\n        y = 1\n    return y{end}z = 2\n"
    check(text)
    assert Source(text).text == text

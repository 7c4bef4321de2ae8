"""Change scripts in ways that keep their meaning or their shape, and hold what migrate makes of them to its promises.

    python -m tests.migrate.mutants --count 5000 --seed 1 [--folder MORE_SCRIPTS]

prints each mutant that breaks a promise, and how many there were.
"""

import argparse
import ast
import io
import pathlib
import random
import re
import sys
import time
import tokenize
import traceback
import warnings
from functools import lru_cache
from typing import NamedTuple

from compat_auc.migrate import conditions, migrate_source
from compat_auc.migrate.edits import Cut
from compat_auc.migrate.syntax import TARGETS, line_starts

HERE = pathlib.Path(__file__).parent
WORD = re.compile(r"\w+")
LAYOUT = (tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)


class Mutant(NamedTuple):
    path: str
    how: tuple
    target: str
    text: str


@lru_cache(maxsize=None)
def originals(folder=None):
    """The scripts to change: the test cases and the old scripts, or those of a folder."""
    if folder is not None:
        paths = sorted(folder.rglob("*.py"))
    else:
        cases = [path for path in HERE.glob("cases/**/*.py") if not path.name.endswith((".keras3.py", ".tf_keras.py"))]
        paths = sorted([*cases, *HERE.glob("legacy/*.py")])
    texts = [(str(path), path.read_bytes().decode("utf-8", "replace")) for path in paths]
    return [(path, text) for path, text in texts if compiles(text)]


def compiles(text):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "<mutant>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        except (SyntaxError, ValueError):
            return False
    return True


def sample(seed, count, folder=None):
    """Yield ``count`` mutants. Each has one to four changes, and compiles as its original does."""
    chance = random.Random(seed)
    while count:
        path, text = chance.choice(originals(folder))
        how = [chance.choice(MUTATIONS) for _ in range(chance.randint(1, 4))]
        for mutation in how:
            try:
                new = mutation(text, chance)
            except (SyntaxError, tokenize.TokenError, IndexError):
                continue
            text = new if compiles(new) else text
        count -= 1
        yield Mutant(path, tuple(mutation.__name__ for mutation in how), chance.choice(TARGETS), text)


def faults(mutant):
    """Say which promises the result for a mutant breaks."""
    text, target = mutant.text, mutant.target
    try:
        migration = migrate_source(text, target)
        again = migrate_source(migration.code, target).code
    except Exception:
        return [traceback.format_exc(limit=-2)]
    cuts = Cut.of(text), Cut.of(migration.code)
    broken_promises = [*conditions.not_compiled(*cuts), *conditions.not_bound(*cuts)]
    broken_promises += [
        f"refused: {report.message}"
        for report in migration.reports
        if report.message.startswith("Not changed: the result ")
    ]
    broken_promises += [f"drops `{line}` unsaid" for line in unnamed_statements(migration)]
    if not compiles(migration.code):
        broken_promises.append("does not compile")
    if again != migration.code:
        broken_promises.append("is not idempotent")
    return broken_promises


def unnamed_statements(migration):
    """Yield the first lines of statements that are gone, and that no finding names or stands at."""
    kept = set(migration.origins)
    lines = {finding.line for finding in migration.findings}
    words = {word for finding in migration.findings for word in WORD.findall(finding.message)}

    def look(statements, is_named):
        for statement in statements:
            inner = list(block(statement))
            first = min([statement.lineno, *(node.lineno for node in getattr(statement, "decorator_list", ()))])
            last = min([node.lineno - 1 for node in inner], default=statement.end_lineno)
            header = {first, *range(first, last + 1)}
            is_said = is_named or lines & {*range(first, statement.end_lineno + 1)} or subjects(statement) & words
            if not kept & header and not is_said:
                yield ast.unparse(statement).partition("\n")[0]
            # What takes the place of a definition stands where its header was, and so does the finding about it.
            yield from look(inner, lines & header if kept & header else is_said)

    return look(ast.parse(migration.old).body, False)


def block(node):
    """The statements right inside of a statement, those of its handlers and cases too."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        elif not isinstance(child, ast.expr):
            yield from block(child)


def subjects(statement):
    """What a statement binds by its kind, or the name that it begins with."""
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        names = [name for alias in statement.names for name in (alias.name, alias.asname or "")]
        return {part for name in [*names, getattr(statement, "module", None) or ""] for part in name.split(".")}
    names = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
    begins = min(names, key=lambda node: (node.lineno, node.col_offset), default=None)
    return {getattr(statement, "name", None), begins and begins.id} - {None}


# Mutations: each returns another text -------------------------------------------------------------------------------
def logical_lines(text):
    """The offsets where logical lines start, without those inside of brackets and strings."""
    starts = line_starts(text)
    offsets, fresh = [], True
    for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
        if token.type == tokenize.NEWLINE:
            fresh = True
        elif fresh and token.type not in LAYOUT:
            offsets.append(starts[token.start[0] - 1] + token.start[1])
            fresh = False
    return offsets


def nodes(text, *kinds):
    """The start and end of each node of these kinds, in texts whose lines are ASCII."""
    starts = line_starts(text)
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, kinds) and lines[node.lineno - 1].isascii() and lines[node.end_lineno - 1].isascii():
            yield node, starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset


def line_start(text, offset):
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def insert_in_line(text, chance, new):
    offset = chance.choice(logical_lines(text))
    start = line_start(text, offset)
    return text[:start] + new(text[start:offset]) + text[offset:]


def form_feed(text, chance):
    return insert_in_line(text, chance, lambda indent: chance.choice(["\f", "  \f"]) + indent)


def lone_backslash(text, chance):
    return insert_in_line(text, chance, lambda indent: f"{indent}\\\n{indent}")


def tabs(text, chance):
    return "\n".join(_tabbed(line) for line in text.split("\n"))


def _tabbed(line):
    code = line.lstrip(" ")
    return "\t" * ((len(line) - len(code)) // 4) + " " * ((len(line) - len(code)) % 4) + code


def windows_newlines(text, chance):
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def parentheses(text, chance):
    spots = [
        (start, end)
        for node, start, end in nodes(text, ast.Call, ast.Name, ast.Attribute, ast.Constant, ast.List)
        if isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
    ]
    start, end = chance.choice(spots)
    return f"{text[:start]}({text[start:end]}){text[end:]}"


def semicolons(text, chance):
    """Join two simple statements of a block."""
    blocks = [body for node in ast.walk(ast.parse(text)) for body in [getattr(node, "body", None)] if body]
    simple = (ast.Assign, ast.Expr, ast.Import, ast.ImportFrom, ast.Return, ast.AugAssign)
    pairs = [
        (first, second)
        for body in blocks
        if isinstance(body, list)
        for first, second in zip(body, body[1:])
        if isinstance(first, simple) and isinstance(second, simple)
    ]
    if not pairs:
        return text
    first, second = chance.choice(pairs)
    starts = line_starts(text)
    end = starts[first.end_lineno - 1] + first.end_col_offset
    start = starts[second.lineno - 1] + second.col_offset
    between = text[end:start]
    return text if "#" in between else text[:end] + chance.choice(["; ", ";"]) + text[start:]


def one_line_if(text, chance):
    """Put a simple statement into an if or a for of one line."""
    spots = list(nodes(text, ast.Assign, ast.Expr, ast.Import, ast.ImportFrom, ast.AugAssign))
    _, start, _ = chance.choice(spots)
    head = chance.choice(["if True: ", "for _ in [0]: ", "if 1: pass; "])
    return text[:start] + head + text[start:] if not text[line_start(text, start) : start].strip() else text


def unicode_text(text, chance):
    return insert_in_line(text, chance, lambda indent: indent + chance.choice(['"é𝒳ü"; ', "日本 = 'ß'; "]))


def comment(text, chance):
    return insert_in_line(text, chance, lambda indent: f"{indent}# what is next: é 'quoted, (open\n{indent}")


def trailing_comment(text, chance):
    ends = [end for node, _, end in nodes(text, ast.Assign, ast.Expr, ast.ImportFrom) if text[end : end + 1] == "\n"]
    end = chance.choice(ends) if ends else 0
    return f"{text[:end]}  # noqa: F401, it's odd{text[end:]}" if ends else text


def decorator(text, chance):
    spots = [start for node, start, _ in nodes(text, ast.FunctionDef, ast.ClassDef) if not node.decorator_list]
    if not spots:
        return text
    start = chance.choice(spots)
    return f"{text[:start]}@staticmethod\n{text[line_start(text, start) : start]}{text[start:]}"


def star(text, chance):
    """Give one call more arguments by ``*`` or ``**``."""
    spots = [(node, end - 1) for node, _, end in nodes(text, ast.Call)]
    node, end = chance.choice(spots)
    extra = chance.choice(["*(0, 1)", "**{'name': None}", "**dict()"])
    if extra.startswith("*(") and node.keywords:
        extra = "**dict()"
    return f"{text[:end]}{comma_before(text, node, end)}{extra}{text[end:]}"


def comma_before(text, node, end):
    """The comma that one more argument at the end of a call needs."""
    written = re.sub(r"(#[^\n]*\n\s*)+$", "", text[:end]).rstrip()
    return ", " if (node.args or node.keywords) and not written.endswith(",") else ""


def with_stars(text, stars):
    """Give every call more arguments, where a call can take them."""
    spots = sorted(((end - 1, node) for node, _, end in nodes(text, ast.Call)), key=lambda spot: -spot[0])
    for end, node in spots:
        generator = any(isinstance(argument, ast.GeneratorExp) for argument in node.args)
        if not generator and (stars.startswith("**") or not node.keywords):
            text = f"{text[:end]}{comma_before(text, node, end)}{stars}{text[end:]}"
    assert compiles(text)
    return text


def late_import(text, chance):
    """Add an import below the code, or move one there."""
    spots = [node for node in ast.parse(text).body if isinstance(node, (ast.Import, ast.ImportFrom))]
    lines = text.splitlines(keepends=True)
    if not spots or not text.endswith("\n") or chance.random() < 0.5:
        return insert_in_line(text, chance, lambda indent: f"{indent}import json\n{indent}")
    node = chance.choice(spots)
    moved = "".join(lines[node.lineno - 1 : node.end_lineno])
    return "".join([*lines[: node.lineno - 1], *lines[node.end_lineno :], moved])


def continuation(text, chance):
    """Break a line with a backslash before an operator or a bracket."""
    starts = line_starts(text)
    tokens = [
        starts[token.start[0] - 1] + token.start[1]
        for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline)
        if token.type == tokenize.OP
    ]
    offset = chance.choice(tokens)
    return f"{text[:offset]} \\\n {text[offset:]}"


def no_last_newline(text, chance):
    return text.rstrip("\r\n")


def in_a_function(text, chance):
    """Put the whole script into a function."""
    if "import *" in text or "__future__" in text or '"""' in text or "'''" in text:
        return text
    lines = "".join(f"    {line}" if line.strip() else line for line in text.splitlines(keepends=True))
    return f"def main():\n{lines}\n\nmain()\n"


def repeated(text, chance):
    """Run the script twice in one."""
    return text + "\n" + text if "__future__" not in text else text


MUTATIONS = [
    form_feed,
    lone_backslash,
    tabs,
    windows_newlines,
    parentheses,
    parentheses,
    semicolons,
    semicolons,
    one_line_if,
    unicode_text,
    comment,
    trailing_comment,
    decorator,
    star,
    star,
    late_import,
    continuation,
    no_last_newline,
    in_a_function,
    repeated,
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=pathlib.Path)
    options = parser.parse_args()
    start, broken = time.process_time(), 0
    for mutant in sample(options.seed, options.count, options.folder):
        wrong = faults(mutant)
        if wrong:
            broken += 1
            print(f"{mutant.path} {mutant.target} {' '.join(mutant.how)}\n  " + "\n  ".join(wrong), flush=True)
    seconds = time.process_time() - start
    print(f"{broken} of {options.count} mutants break a promise ({seconds:.0f} s of CPU)")
    return broken > 0


if __name__ == "__main__":
    sys.exit(main())

"""Write messages.txt, all that ``compat-auc`` says: ``PYTHONPATH=. python tests/migrate/make_messages.py``.

Each finding comes from a recorded case, from the docstring of a rule, or from EXAMPLES below. The first one of its kind
is written. The errors come from BAD_FILES and BAD_COMMANDS, the texts of help from the parsers.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import subprocess
import sys
import tempfile
from functools import lru_cache
from pathlib import Path

import compat_auc
from compat_auc.command import cli
from compat_auc.migrate import codes
from compat_auc.migrate.documents import pipeline
from compat_auc.migrate.rules import packages
from compat_auc.migrate.target_api import advice

HERE = Path(__file__).parent
SNAPSHOT = HERE / "messages.txt"
PACKAGE = Path(compat_auc.__file__).parent
# Where the text of a finding stands.
TEMPLATES = ("rules/*.py", "understand/*.py", "documents/*.py", "target_api/*.py", "selection.py", "engine.py")
DIFF = re.compile(r"^```diff\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# What differs between two messages of a kind: names, code and numbers.
NAMES = re.compile(
    r"(?<=import of )[\w., ]+(?= is)|"
    r"`[^`]*`|'[^']*'|\S*[_.=(\[\]\d]\S*(?= )|\b[A-Z]\w*[A-Z]\w*|\b(?!Not)[A-Z]\w+(?= is| has)"
)
# Texts with words that are code, or a part of a pattern.
CODE = re.compile(
    r"[\\\n$]|^(import|from|for|tf_keras as) |^#: |^\[one|^os\.environ|positives$|as an attribute|or missing enc"
)
TABLES = {
    "Packages (CA423)": packages._PACKAGES,
    "TensorFlow Addons (CA423)": packages._ADDONS,
    "Names (CA601)": {**advice._ADVICE, **advice._BY_NAME},
    "Functions of keras.backend (CA404)": advice._OF_BACKEND,
    "Arguments (CA602)": advice._BY_ARGUMENT,
}

# Texts that no example reaches, by their beginning, and why.
UNREACHED = {
    "engine.py: would need the same rewrite again": "no rule does this; test_engine.py has one",
    "engine.py: Not changed: the result": "no rule does this; test_engine.py has one",
    "engine.py: The rules did not come to rest": "no rule does this; test_engine.py has one",
    "engine.py: target is": "argparse refuses the target first",
    "engine.py: The code has": "takes a file of megabytes",
    "not_followed.py: the search for an AUC stops": "takes seconds; test_conditions.py lowers the limit",
    "callbacks.py: to follow it takes too many steps": "takes seconds; test_conditions.py lowers the limit",
    "callbacks.py: it returns early": "another reason comes first in most classes",
    "loss_scale.py: dynamic=True is removed.": 'of one kind with loss_scale="dynamic"',
    "recognise.py: it swaps the labels": "another reason comes first in most functions",
    "roc_callbacks.py: another file may use it": "takes two files; test_project.py has them",
    "files.py: ": "of files that change or cannot be written; test_write.py has them",
    "document.py: The encoding": "takes an encoding with several spellings of one text",
    "document.py: Not a text in": "takes an encoding whose errors have no byte",
    "pipeline.py: The new text cannot": "takes an encoding that lacks a character of the new code",
    "pipeline.py: An error of compat-auc": "no file is known that does this",
    "ipython.py: A line for IPython stands": "the lines move in all known notebooks",
}
BAD_FILES = {
    "null.py": b"a\0",
    "latin.py": b"# caf\xe9\n",
    "twice.py": b"import keras\ndef f(a, a): pass\n",
    "mark.py": b"#: compat-auc cell 1\nimport keras\n",
    "gone.py": b"import tensorflow.contrib.metrics\n",
    "half.ipynb": b"{",
    "v3.ipynb": b'{"worksheets": []}',
    "number.ipynb": b'{"cells": [1]}',
    "empty.ipynb": b'{"cells": [{"cell_type": "code"}]}',
    "latin.ipynb": b'{"cells": "\xe9"}',
    "keys.ipynb": b'{"cells": [], "cells": []}',
    "gone.ipynb": b'{"cells": [{"cell_type": "code", "source": "import tensorflow.contrib.metrics"}]}',
}
BAD_COMMANDS = (
    "nothing at all",
    "train.py",
    "checks",
    "check missing.py",
    "check .",
    "check --select CA9 .",
    "check --jobs 0 .",
    "explain CA999",
    "explain zzzzzz",
    "run missing.py",
    "run .",
    "run -m no_such_module",
    "check --exclude x ./table",
)


def scripts():
    """Yield name, text and target of each example."""
    cases = HERE / "cases"
    for path in [*sorted(cases.glob("*/*.before.py")), *sorted(cases.glob("reports/*.py"))]:
        yield "x.py", path.read_text("utf-8"), "keras3"
    for path in sorted(cases.glob("rewrites/*.tf_keras.py")):
        yield "x.py", path.with_name(path.name.replace(".tf_keras.", ".before.")).read_text("utf-8"), "tf_keras"
    for section in codes.sections().values():
        for diff in DIFF.findall(section.text):
            old = "".join(line[1:] + "\n" for line in diff.splitlines() if not line.startswith("+"))
            name = "x.ipynb" if old.startswith("{") else "requirements.txt" if "requirements" in old else "x.py"
            yield name, old, "tf_keras" if "With `--target tf_keras`:" in section.text else "keras3"
    for text in (HERE / "message_examples.txt").read_text("utf-8").split("---\n"):
        option = "--target tf_keras\n"
        yield "x.py", text.removeprefix(option), "tf_keras" if text.startswith(option) else "keras3"


@lru_cache(maxsize=None)
def findings():
    """The first message of each kind, by code."""
    kinds = {}
    for name, text, target in scripts():
        outcome = pipeline.process(name, text.encode(), target)
        for finding in outcome.findings:
            kinds.setdefault((finding.code, NAMES.sub("_", finding.message)), finding.message)
    return sorted((code, message) for (code, _), message in kinds.items())


def templates():
    """Yield the place and the pattern of each text in the package that may be a part of a finding's message."""
    for path in sorted({path for pattern in TEMPLATES for path in (PACKAGE / "migrate").glob(pattern)}):
        tree = ast.parse(path.read_text("utf-8"))
        inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        skipped = {id(node.value) for node in ast.walk(tree) if isinstance(node, (ast.Expr, ast.Attribute))}
        for node in ast.walk(tree):
            if isinstance(node, (ast.JoinedStr, ast.Constant)) and id(node) not in inner | skipped:
                parts = node.values if isinstance(node, ast.JoinedStr) else [node]
                text = "".join(part.value if is_text(part) else "\0" for part in parts)
                if re.search(r"[a-z]{2,} [a-z]{2,}", text) and not CODE.search(text):
                    pattern = re.sub(r"\0|\\\{[\w!]*\\\}", ".*?", re.escape(text).replace("\\\0", "\0"))
                    yield f"{path.name}: {text}".replace("\0", "{}"), pattern


def is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def errors():
    """Yield what compat-auc says to each bad file and each bad command."""
    for name, data in BAD_FILES.items():
        outcome = pipeline.process(name, data, "keras3")
        yield f"{name}:{outcome.error_line}: {outcome.error}"
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder, "table")
        table.mkdir()
        (table / "pyproject.toml").write_text("[tool.compat-auc]\nselect = 1\n")
        variables = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        for command in BAD_COMMANDS:
            # A process each, because `run` changes where Python imports from.
            full = [sys.executable, "-m", "compat_auc", *command.split()]
            done = subprocess.run(full, cwd=folder, env=variables, capture_output=True, text=True)
            text = done.stderr.strip().splitlines()[-1].replace(os.path.realpath(folder), "FOLDER")
            yield f"compat-auc {command}\n    {text}"


def helps():
    """Yield the texts of help: of each command, and of each of its options."""
    parser = cli._parser()
    (commands,) = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    for name, command in {"": parser, **commands.choices}.items():
        yield f"compat-auc {name}\n    {command.description}"
        yield from ("    " + line.strip() for line in command.epilog.splitlines())
        for action in command._actions:
            if action.dest not in ("help", "version") and action is not commands:
                yield f"    {'/'.join(action.option_strings) or action.metavar}: {action.help}"


def snapshot():
    """The text of messages.txt."""
    parts = [f"## {code}: {section.title}" for code, section in codes.sections().items()]
    said = findings()
    for index, code in enumerate(codes.sections()):
        parts[index] += "".join(f"\n{message}" for of, message in said if of == code)
    tables = [
        f"## {title}" + "".join(f"\n{key}: {text}" for key, text in table.items()) for title, table in TABLES.items()
    ]
    others = ["## Errors\n" + "\n".join(errors()), "## Help\n" + "\n".join(helps())]
    return "\n\n".join([*parts, *tables, *others]) + "\n"


if __name__ == "__main__":
    SNAPSHOT.write_text(snapshot(), encoding="utf-8")

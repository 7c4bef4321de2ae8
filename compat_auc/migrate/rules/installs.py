"""Renew commands that install old versions: ``os.system("pip install ...")``, and cells of exported notebooks.

CA504: lines that install old versions

```diff
-%tensorflow_version 1.x
-!pip install tensorflow==1.15 keras==2.2.4
+%tensorflow_version 2.x
+!pip install "tensorflow>=2.16" "keras>=3"
 import keras
```

**Why.** The migrated code does not run on what these lines install. With `--target tf_keras`, `keras` becomes
`tf_keras`. If the migrated code imports `compat_auc`, install `compat-auc` in the same line. `compat-auc run` runs no
line that installs something, and says so.

The same holds for commands in strings: `os.system("pip install ...")`, `subprocess.run` and its like, and
`get_ipython().system(...)` of exported notebooks. `compat-auc run` runs those of `os` and `subprocess`, with the new
versions.

**Not rewritten.** Versions of other packages, addresses, strings that are put together or have escaped quotes, and
lines with `# compat-auc: ignore[CA504]`.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import INSTALLS, Stage, rule
from compat_auc.migrate.source.source import Source
from compat_auc.migrate.target_api import versions

_RUNNERS = ("os.system", "os.popen", "subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.Popen")
_SHELL = ("get_ipython().system", "get_ipython().getoutput", "get_ipython().run_line_magic")


@rule(INSTALLS, stage=Stage.CALLS)
def installs(source: Source) -> Iterator[Finding]:
    for call in (*source.calls(*_RUNNERS), *source.spelled(*_SHELL)):
        strings = list(_strings(call))
        if versions.installs(" ".join(text for _, text in strings)):
            for node, text in strings:
                yield from _renewed(source, node, text, is_command=not isinstance(source.parents[node], cst.Element))
    for call in source.spelled("get_ipython().run_line_magic"):
        if len(call.args) == 2:
            magic, release = (source.constant(arg.value) for arg in call.args)
            if magic == "tensorflow_version" and str(release).startswith("1"):
                edit = source.replace(call.args[1].value, "'2.x'")
                yield source.finding(INSTALLS, "The version is now TensorFlow 2.x.", call, (edit,))


def _strings(call: cst.Call) -> Iterator[tuple[cst.SimpleString, str]]:
    """Yield the strings of a command, each with its text: the whole, its words, or what follows a magic's name."""
    for arg in call.args[:2]:
        words = [element.value for element in arg.value.elements] if isinstance(arg.value, cst.List) else [arg.value]
        for word in words:
            text = word.evaluated_value if isinstance(word, cst.SimpleString) else None
            if isinstance(word, cst.SimpleString) and isinstance(text, str):
                yield word, text


def _renewed(source: Source, node: cst.SimpleString, old: str, is_command: bool) -> Iterator[Finding]:
    new = versions.renewed(old, source.target)
    if new == old:
        return
    if not is_command:
        new = new.strip("'\"")  # words of a list do not go through a shell
    kind, text = "command" if is_command else "requirement", new.strip()
    body = node.raw_value
    if node.quote == '"' and not set("'\"") & set(body):
        new = new.replace('"', "'")  # the shell takes both quotes
    if body != old or node.quote in new:
        yield source.report(INSTALLS, f"the new code needs other versions. Write `{text}`.", node)
    else:
        edit = source.replace(node, f"{node.prefix}{node.quote}{new}{node.quote}")
        yield source.finding(INSTALLS, f"The {kind} is now `{text}`.", node, (edit,))

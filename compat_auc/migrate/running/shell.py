"""Define what only a notebook has: ``display``, ``get_ipython()`` and the commands of its cells."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

from compat_auc.migrate.syntax import PYTHON_CELLS

# These would change the environment that the program runs in, mostly to old versions.
_INSTALLS = re.compile(r"\b(?:pip3?|conda|mamba|apt|apt-get|easy_install|npm)\b")
# These only change how something looks, or measure time.
_SILENT = {"matplotlib", "time", "timeit", "config", "load_ext", "autoreload", "pylab", "capture", "prun", "reload_ext"}


class Shell:
    """Stands in for IPython's shell. It prints what it leaves out, once each."""

    def __init__(self, name: str, names: dict[str, Any], quiet: bool = False) -> None:
        self._name = name
        self.user_ns = names
        self._told: set[str] | None = set() if not quiet else None

    def names(self) -> dict[str, Any]:
        """Return the names to define."""
        return {"get_ipython": lambda: self, "display": display}

    def _tell(self, text: str) -> None:
        if self._told is not None and text not in self._told:
            self._told.add(text)
            print(f"compat-auc: {self._name}: {text}", file=sys.stderr)

    def run_line_magic(self, name: str, line: str = "", **_: Any) -> None:
        """Do nothing, and say so: a line magic means nothing in a script."""
        if name not in _SILENT:
            self._tell(f"`%{name} {line}`".replace(" `", "`") + " does nothing in a script")

    def run_cell_magic(self, name: str, line: str, cell: str) -> None:
        """Run the body if it is Python."""
        if name in PYTHON_CELLS:
            code = compile(cell, self._name, "exec")
            exec(code, self.user_ns)  # nosec B102 # the user's program
        else:
            self._tell(f"the cell `%%{name}` is not Python, and is not run")

    def magic(self, line: str) -> None:
        """Answer ``get_ipython().magic("matplotlib inline")``, which old exports of notebooks have."""
        name, _, rest = line.lstrip("%").partition(" ")
        return self.run_line_magic(name, rest)

    def system(self, command: str) -> None:
        """Do not run a shell command that is the whole line, and say so."""
        self._tell(f"`!{command}` is not run. Run the command by hand where the script needs the result")

    def getoutput(self, command: str, **_: Any) -> list[str]:
        """Run a shell command whose output the program uses, unless it installs something."""
        if _INSTALLS.search(command):
            self.system(command)
            return []
        command = self._expand(command)
        self._tell(f"`!{command}` is run by the shell, for its output")
        done = subprocess.run(command, shell=True, stdout=subprocess.PIPE, text=True)  # nosec B602 # as in IPython
        return done.stdout.splitlines()

    def _expand(self, command: str) -> str:
        """Fill in ``{expression}`` and ``$name`` from the program, as IPython does."""
        command = re.sub(r"\{([^{}]+)\}", lambda match: str(eval(match[1], self.user_ns)), command)  # nosec B307
        return re.sub(r"\$(\w+)", lambda match: str(self.user_ns.get(match[1], match[0])), command)


def display(*objects: Any, **_: Any) -> None:
    """Print what a notebook shows."""
    for shown in objects:
        print(shown)

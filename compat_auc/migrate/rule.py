"""Declare a rule with the codes of its findings, its stage, and its targets."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable, Iterator

from compat_auc.migrate.syntax import TARGETS

if TYPE_CHECKING:
    from compat_auc.migrate.edits import Finding
    from compat_auc.migrate.source.source import Source


# Findings about a whole file. The code that reads the file makes them, for every target.
PYTHON_2, DIVISION, BAD_CELL, INSTALLS, REQUIREMENTS, UNUSED = (f"CA50{number}" for number in range(1, 7))
OF_THE_FILE = (PYTHON_2, DIVISION, BAD_CELL, INSTALLS, REQUIREMENTS, UNUSED)


class Stage(enum.IntEnum):
    """When a rule runs. A stage starts once the stages before it have nothing left to change."""

    DEFINITIONS = 1  # Metrics and callbacks that go as a whole, so that no later rule reports what is in them.
    CALLS = 2
    NAMES = 3  # Late, because the rules before know calls by their old names.
    LEFTOVERS = 4  # What the rules before left without a use.
    API = 5  # Names that no rule moved and that the target does not have.


@dataclass(frozen=True)
class Rule:
    """A rule with its declaration. Call it with a source to get its findings."""

    codes: tuple[str, ...]
    stage: Stage
    targets: tuple[str, ...]
    find: Callable[[Source], Iterator[Finding]]

    @property
    def name(self) -> str:
        return self.find.__name__

    def __call__(self, source: Source) -> Iterator[Finding]:
        return self.find(source) if source.target in self.targets else iter(())


def rule(
    *codes: str, stage: Stage, targets: tuple[str, ...] = TARGETS
) -> Callable[[Callable[[Source], Iterator[Finding]]], Rule]:
    """Declare a generator of findings as a rule.

    Args:
        codes: All codes that its findings have.
        stage: When it runs.
        targets: The targets that it runs for; by default all.

    Returns:
        The decorator that turns the generator into a ``Rule``.

    Example:
        >>> @rule("CA999", stage=Stage.NAMES, targets=("keras3",))
        ... def nothing(source):
        ...     yield from ()
        >>> nothing.name, nothing.codes, nothing.stage.name
        ('nothing', ('CA999',), 'NAMES')
    """
    return lambda find: Rule(codes, stage, targets, find)

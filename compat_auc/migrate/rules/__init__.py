"""Collect every rule, one from each file, by its phase."""

from __future__ import annotations

import importlib
import pkgutil

from compat_auc.migrate.rule import Phase, Rule

# Sorted by phase, then by the file's name.
RULES: tuple[Rule, ...] = tuple(
    sorted(
        (
            getattr(importlib.import_module(f"{__name__}.{module.name}"), module.name)
            for module in pkgutil.iter_modules(__path__)
        ),
        key=lambda rule: rule.phase,
    )
)
PHASES = tuple(tuple(rule for rule in RULES if rule.phase == phase) for phase in Phase)

"""Collect every rule, one from each file, by its stage."""

from __future__ import annotations

import importlib
import pkgutil

from compat_auc.migrate.rule import Rule, Stage

# Sorted by stage, then by the file's name.
RULES: tuple[Rule, ...] = tuple(
    sorted(
        (
            getattr(importlib.import_module(f"{__name__}.{module.name}"), module.name)
            for module in pkgutil.iter_modules(__path__)
        ),
        key=lambda rule: rule.stage,
    )
)
STAGES = tuple(tuple(rule for rule in RULES if rule.stage == stage) for stage in Stage)

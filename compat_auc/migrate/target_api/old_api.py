"""Look up what old releases of Keras and TensorFlow had and the targets lack or understand in another way.

The data is in ``old_api.json``, which ``tests/migrate/make_old_api.py`` makes from the packages themselves. For each
target, it has:

- ``attributes``: the methods and properties that only old classes have, each with the path of such a class. Names that
  other libraries use as well, and names of parameters, are left out: they say nothing about their object.
- ``defaults``: by canonical name of a callable and by parameter, the default of every old release, and that of today.
- ``failing``: functions that are there and fail when they are called, for both targets.
- ``reordered``: by canonical name of a callable and by position, the parameter that was there in every old release, and
  the one that is there now. Only those are listed that the callable still has in another position.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).with_name("old_api.json")


@lru_cache(maxsize=None)
def _data() -> dict[str, Any]:
    return json.loads(DATA.read_bytes())


def lost_attributes(target: str) -> dict[str, str]:
    """Return the attributes that only old classes have, each with the path of such a class."""
    return _data()["attributes"][target]


def failing_functions() -> list[str]:
    """Return the full names of functions that are there and fail when they are called."""
    return _data()["failing"]


def changed_defaults(target: str) -> dict[str, dict[str, list[str]]]:
    """Return the old and the new default of each parameter that changed it, by the canonical name of the callable."""
    return _data()["defaults"][target]


def moved_parameters(target: str) -> dict[str, dict[str, list[str]]]:
    """Return the old and the new parameter at each position that changed, by the canonical name of the callable."""
    return _data()["reordered"][target]

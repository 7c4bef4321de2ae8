"""No types here hold for every release from 1.15 on, so all of it is `Any`."""

from typing import Any

def __getattr__(name: str) -> Any: ...

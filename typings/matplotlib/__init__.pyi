"""It need not be installed, so all of it is `Any`."""

from typing import Any

def __getattr__(name: str) -> Any: ...

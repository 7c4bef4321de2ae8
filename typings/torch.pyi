"""All of it is `Any`, like the tensors of the other backends."""

from typing import Any

def __getattr__(name: str) -> Any: ...

"""Check whether the arguments of a call bind to a signature."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.target_api.api import Signature


def unbound(call: cst.Call, signature: Signature, what: str) -> Iterator[tuple[cst.CSTNode, str]]:
    """Yield each argument without a parameter, or the call if an argument is missing, with a message like Python's."""
    stars = [arg.star for arg in call.args]
    bound: set[str] = set()
    for index, arg in enumerate(call.args):
        if arg.star:
            continue
        if arg.keyword is not None:
            key = arg.keyword.value
            if key in bound:
                yield arg, f"{what} gets {key} twice"
            elif not signature.takes(key):
                yield arg, f"{what} takes no {key}="
            bound.add(key)
        elif "*" not in stars[:index]:
            if index < len(signature.names):
                bound.add(signature.names[index])
            elif not signature.takes_rest:
                yield arg, f"{what} takes {_count(len(signature.names))} by position"
                return
    lacking = sorted(signature.required - bound)
    if lacking and not any(stars):
        yield call, f"{what} needs {', '.join(lacking)}"


def _count(number: int) -> str:
    return f"{number or 'no'} argument{'' if number == 1 else 's'}"

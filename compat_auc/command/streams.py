"""Handle standard streams that are closed, that nobody reads any more, or whose disk is full."""

from __future__ import annotations

import contextlib
import errno
import os
import sys


def open_closed_ones() -> None:
    """Open ``/dev/null`` for each closed stream. Else the next file that is opened would become that stream."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            with contextlib.suppress(OSError):
                os.open(os.devnull, os.O_RDWR)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - for good; print(file=None) would print to standard output


def read_input() -> bytes:
    """Return the bytes of standard input."""
    if sys.stdin is None:
        raise OSError(errno.EBADF, "standard input is closed")
    return sys.stdin.buffer.read()


def write_output(data: bytes) -> None:
    """Write bytes to standard output."""
    if sys.stdout is None:
        raise OSError(errno.EBADF, "standard output is closed")
    sys.stdout.buffer.write(data)


def flush_output() -> None:
    """Write what is left, while an error can still be reported."""
    if sys.stdout is not None:
        sys.stdout.flush()


def give_up_output() -> None:
    """Throw away what standard output still holds. Else Python would write it again at exit and print a traceback."""
    with contextlib.suppress(OSError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

"""``python -m compat_auc``."""

from __future__ import annotations

import sys

from compat_auc.command.cli import main

if __name__ == "__main__":
    sys.exit(main())

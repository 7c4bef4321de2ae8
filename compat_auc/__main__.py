"""``python -m compat_auc``."""

import sys

from compat_auc.command.cli import main

if __name__ == "__main__":
    sys.exit(main())

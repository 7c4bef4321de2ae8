"""The command ``compat-auc``."""

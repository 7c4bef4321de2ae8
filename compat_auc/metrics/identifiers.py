"""Names of metrics as Keras needs them: a name to look up at compile, and a plain string in the logs."""

from __future__ import annotations

NAME: str = "auc_roc"
LEGACY_NAME: str = "legacy_auc_roc"

# Keras 2 looks `auc_roc` up by NAME with this prefix. By NAME alone it would find the callable that old programs pass
# to load_model, because it looks among custom objects first.
PREFIX = "compat_auc."


class MetricName(str):
    """A name that Keras makes a new metric from at each compile. Subclasses define what a call does.

    ``help()`` takes any ``str`` for the path of what to look up, so write ``help("compat_auc.auc_roc")``.
    """

    __slots__ = ()

    def __str__(self) -> str:
        # Keras 2 looks up str(metric); see PREFIX.
        return PREFIX + str.__str__(self)

    def __format__(self, spec: str) -> str:
        return format(str.__str__(self), spec)

    def __repr__(self) -> str:
        return f"<{self!s}>"

    def __reduce__(self) -> str:
        return str.__str__(self)


class NamedByText:
    """Mixin: store the metric's name as a plain ``str``. Keras 3 assigns the `MetricName` that it looked up."""

    @property
    def name(self) -> str:
        return self._plain_name

    @name.setter
    def name(self, name: str) -> None:
        self._plain_name = str.__str__(name)


class NamedWithoutPrefix:
    """Mixin: drop `PREFIX` from the name that Keras gives to a metric.

    For several outputs, TensorFlow 2.0 and 2.1 make it with ``"%s_%s" % (output, metric)``, which includes the prefix.
    Can go with these.
    """

    @property
    def _name(self) -> str:
        return self._name_without_prefix

    @_name.setter
    def _name(self, name: str) -> None:
        self._name_without_prefix = name.replace(PREFIX, "")

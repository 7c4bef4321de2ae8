"""What a metric is called, as Keras wants it: a name to look up at compile, and a plain string in the logs."""

from __future__ import annotations

NAME: str = "auc_roc"
LEGACY_NAME: str = "legacy_auc_roc"

# What `auc_roc` itself is looked up by begins with this. Keras 2 looks among custom objects first, and would find the
# callable there that old programs pass to load_model, under NAME.
PREFIX = "compat_auc."


class MetricName(str):
    """A name that Keras makes a new metric from at each compile. What a call does is up to the subclasses.

    ``help()`` takes any ``str`` for the path of what to look up: write ``help("compat_auc.auc_roc")``.
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

    For several outputs TensorFlow 2.0 and 2.1 name it ``"%s_%s" % (output, metric)``, with the text of `MetricName`.
    Can go with these.
    """

    @property
    def _name(self) -> str:
        return self._given_name

    @_name.setter
    def _name(self, name: str) -> None:
        self._given_name = name.replace(PREFIX, "")

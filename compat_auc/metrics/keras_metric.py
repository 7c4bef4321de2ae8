"""For type checkers: the Keras class that comes after the metrics' own classes; see `metric_class`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

    import numpy as np

    from compat_auc.backends import Backend, Tensor

    class KerasMetric:
        """The part of ``keras.metrics.Metric`` that is used here."""

        name: str
        dtype: Any
        variables: list[Any]
        weights: list[Any]
        # Added by `metric_class`.
        _keras: ModuleType
        _backend: Backend

        def _restore(self, counted: list[np.ndarray]) -> None: ...

        def __init__(self, **options: Any) -> None: ...

        def add_weight(self, **options: Any) -> Any: ...

        def add_variable(self, shape: Any, initializer: Any, dtype: Any = None, **options: Any) -> Any: ...

        def add_update(self, update: Any) -> None: ...

        def get_weights(self) -> list[np.ndarray]: ...

        def set_weights(self, weights: list[np.ndarray]) -> None: ...

        def get_config(self) -> dict[str, Any]: ...

        def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any: ...

        def result(self) -> Tensor: ...

        def reset_state(self) -> None: ...

else:
    KerasMetric = object

"""The operations in ``torch``, on the device that Keras computes on."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Callable, ClassVar

import numpy as np
import torch

from compat_auc.backends import FLOAT32_BITS, Backend, to_numpy
from compat_auc.counting import checks
from compat_auc.counting.buckets import LARGEST_MIRRORED, ladder


class Torch(Backend):
    """The operations in ``torch``."""

    @property
    def count_dtype(self) -> str:
        """float64, or float32 on Apple's GPUs, which have no float64.

        Keras chooses the device, and does not tell torch.
        """
        return "float32" if self._keras.ops.convert_to_tensor(0.0).device.type == "mps" else "float64"

    def tensor(self, data: Any, dtype: str | None = None) -> Any:
        # Keras knows its device, and has had this function since 3.0.
        tensor = self._keras.ops.convert_to_tensor(data).detach()
        return tensor if dtype is None else tensor.to(getattr(torch, dtype))

    def as_scores(self, tensor: Any) -> Any:
        if not tensor.is_floating_point() and tensor.element_size() >= 4:
            return tensor.to(getattr(torch, self.count_dtype))
        return tensor if tensor.dtype == torch.float64 else tensor.to(torch.float32)

    def value(self, variable: Any) -> Any:
        return variable.value.detach()

    def read_now(self, variable: Any) -> np.ndarray | None:
        # Not `value`: where Keras builds a model, that is what stand-ins for data have been counted to.
        value = variable._value
        if value is None or value.device.type == "meta" or self.is_compiling():
            return None
        return np.asarray(to_numpy(value), np.float64)

    def is_compiling(self) -> bool:
        is_compiling = getattr(getattr(torch, "compiler", None), "is_compiling", None)  # Since torch 2.2.
        return is_compiling is not None and is_compiling()

    reshape: ClassVar[Callable[..., Any]] = staticmethod(torch.reshape)
    concat: ClassVar[Callable[..., Any]] = staticmethod(torch.cat)
    floor: ClassVar[Callable[..., Any]] = staticmethod(torch.floor)
    log: ClassVar[Callable[..., Any]] = staticmethod(torch.log)
    log1p: ClassVar[Callable[..., Any]] = staticmethod(torch.log1p)
    min: ClassVar[Callable[..., Any]] = staticmethod(torch.amin)
    zeros_like: ClassVar[Callable[..., Any]] = staticmethod(torch.zeros_like)
    sigmoid: ClassVar[Callable[..., Any]] = staticmethod(torch.sigmoid)
    where: ClassVar[Callable[..., Any]] = staticmethod(torch.where)

    def softmax(self, logits: Any) -> Any:
        return torch.softmax(logits, -1)

    def equal(self, tensor: Any, other: Any) -> Any:
        return tensor == other  # torch.equal compares two tensors as a whole.

    def maximum(self, tensor: Any, other: Any) -> Any:
        return torch.maximum(tensor, torch.as_tensor(other, dtype=tensor.dtype, device=tensor.device))

    def minimum(self, tensor: Any, other: Any) -> Any:
        return torch.minimum(tensor, torch.as_tensor(other, dtype=tensor.dtype, device=tensor.device))

    def sum(self, tensor: Any, axis: Any = None, keepdims: bool = False) -> Any:
        return tensor.sum() if axis is None else tensor.sum(axis, keepdim=keepdims)

    def cumsum(self, values: Any, axis: int, reverse: bool = False) -> Any:
        return values.flip(axis).cumsum(axis).flip(axis) if reverse else values.cumsum(axis)

    def matmul(self, tensor: Any, matrix: np.ndarray) -> Any:
        return torch.matmul(tensor, torch.as_tensor(matrix, dtype=tensor.dtype, device=tensor.device))

    def columns(self, count: int, dtype: str = "int32") -> Any:
        return self.tensor(np.arange(count), dtype)

    def one_for_each(self, weights: Any, scores: Any) -> Any:
        fitting = tuple(weights.shape[: scores.ndim])
        return weights.reshape(fitting + (1,) * (scores.ndim - len(fitting))).expand(scores.shape)

    def infers_shapes(self, scores: Any) -> bool:
        return scores.device.type != "meta" and bool(torch.all(scores == 1))

    def even_bucket(self, scores: Any, num_thresholds: int) -> Any:
        # In place, because a new vector costs as much as what is computed in it. In float32, because torch takes six
        # times as long for a comparison that gives bool (2.13, CPU). `ge_` gives 0.0 and 1.0.
        nearest = (scores * (num_thresholds - 1)).add_(0.5).floor_()
        not_above = (nearest / (num_thresholds - 1)).ge_(scores)
        return nearest.sub_(not_above).clamp_(min=0).to(torch.int32)

    def bucket(self, scores: Any, thresholds: np.ndarray) -> Any:
        return torch.bucketize(scores, torch.as_tensor(thresholds, device=scores.device), out_int32=True)

    def rank_bucket(self, scores: Any, resolution: int) -> Any:
        _, shift, table = ladder(resolution)
        half = len(table) // 2
        mirrored = 1 - scores
        if scores.dtype == torch.float64:
            mirrored = torch.where(scores > LARGEST_MIRRORED, -scores, mirrored)
        values = torch.minimum(scores, mirrored)
        if values.dtype == torch.float64:
            values = (values.contiguous().view(torch.int64) & FLOAT32_BITS).view(torch.float64).to(torch.float32)
        index = (values.contiguous().view(torch.int32) >> shift).bitwise_and_(half - 1)
        # Without a comparison, as in `even_bucket`: the sign of the difference tells which scores are above 0.5.
        signs = (0.5 - scores).to(torch.float32).contiguous().view(torch.int32) >> 31
        index += signs.bitwise_and_(half)
        flat = torch.index_select(_table(resolution, index.device), 0, index.reshape(-1))
        return flat.reshape(index.shape)

    def count(self, buckets: Any, weights: Any | None, size: int, dtype: str) -> Any:
        return torch.bincount(buckets, weights, minlength=size).to(getattr(torch, dtype))

    def count_by_label(self, buckets: Any, weights: Any | None, size: int, dtype: str, poison: Any = None) -> Any:
        labels = buckets.shape[1]
        index = buckets if labels == 1 else buckets + size * self.columns(labels)
        weights = None if weights is None else weights.reshape(-1)
        # Without weights these are int64. To convert them here would be one more pass over the buckets.
        return torch.bincount(index.reshape(-1), weights, minlength=labels * size).reshape(labels, size)

    def parts_by_label(self, buckets: Any, weights: Any | None, size: int) -> list[Any]:
        # For Apple's GPUs.
        counts = self.count_by_label(buckets, weights, size, "float64")
        if weights is not None:
            return [counts.to(torch.float32)]
        low = counts & 0xFFFFFF  # 24 bits are exact.
        return [(counts - low).to(torch.float32), low.to(torch.float32)]

    def are_right(self, labels: Any, scores: Any, any_score: bool) -> bool:
        if scores.device.type == "meta" or self.is_compiling() or not scores.numel():
            return False
        if labels.dtype not in (torch.float32, torch.float64):
            labels = labels.to(torch.float32)
        # 0 only where a label is 0 or 1, however close another label may be. NaN for NaN.
        product = (labels - 1).mul_(labels)
        extremes = torch.stack((*torch.aminmax(product), *torch.aminmax(scores)))
        least, most, lowest, highest = extremes.tolist()
        if not least == most == 0:
            return False
        return lowest == lowest if any_score else lowest >= 0 and highest <= 1

    def enforce(self, expectations: list[checks.Expectation], scores: Any) -> tuple[Any, Any | None]:
        if scores.device.type == "meta":  # Keras infers shapes with tensors that have no values.
            return scores, None
        accepted = expectations[0][0]
        for other, _, _ in expectations[1:]:
            accepted = accepted & other
        if not torch.all(accepted):
            checks.check_values([(to_numpy(a), complaint, to_numpy(v)) for a, complaint, v in expectations])
        return scores, None


@lru_cache(maxsize=None)
def _table(resolution: int, device: Any) -> Any:
    return torch.tensor(ladder(resolution).table.astype(np.int32), device=device)

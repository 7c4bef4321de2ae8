"""Join the kernel sizes of Keras 1 convolutions: ``Convolution2D(8, 3, 3)`` becomes ``Conv2D(8, (3, 3))``.

CA419: kernel sizes of Keras 1

```diff
 from keras.layers import Convolution2D, Input

 a = Input((28, 28, 1))
-b = Convolution2D(32, 3, 3)(a)
+b = Convolution2D(32, (3, 3))(a)
```

**Why.** Keras 1 took the sizes of a kernel as separate arguments. Keras 3 takes the second of them for the stride.

**Not rewritten.** A third number of a `Conv2D` that also has keywords of Keras 2: that number is the stride.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Edit, Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.source import Source, argument

_SIZES = {
    "keras.layers.Conv2D": ("nb_row", "nb_col"),
    "keras.layers.SeparableConv2D": ("nb_row", "nb_col"),
    "keras.layers.Conv3D": ("kernel_dim1", "kernel_dim2", "kernel_dim3"),
}


@rule("CA419", stage=Stage.CALLS)
def convolutions(source: Source) -> Iterator[Finding]:
    for call in source.calls(*_SIZES):
        names = _SIZES[source.name(call.func) or ""]
        if not _may_be_old(source, call):
            continue
        positional = [arg for arg in call.args if arg.keyword is None and not arg.star]
        if len(positional) == len(names) + 1 and all(_is_size(source, arg) for arg in positional[1:]):
            sizes = ", ".join(source.code(arg.value) for arg in positional[1:])
            edit = source.edit(source.start(positional[1]), source.span(positional[-1])[1], f"({sizes})")
            yield _finding(source, call, (edit,), sizes)
            continue
        by_name = [arg for arg in (argument(call, name) for name in names) if arg is not None]
        if len(by_name) == len(names):
            sizes = ", ".join(source.code(arg.value) for arg in by_name)
            first = source.edit(*source.span(by_name[0]), f"kernel_size=({sizes})")
            yield _finding(source, call, (first, *(source.remove_argument(call, arg) for arg in by_name[1:])), sizes)


def _may_be_old(source: Source, call: cst.Call) -> bool:
    """Whether a third number may be a size. In tf.keras, and beside keywords of Keras 2, it is the stride."""
    of_keras = (source.raw_name(call.func) or "").startswith("keras.")
    return of_keras and not any(argument(call, name) for name in ("padding", "strides", "data_format"))


def _is_size(source: Source, arg: cst.Arg) -> bool:
    value = source.constant(arg.value)
    return isinstance(value, int) or (value is ... and isinstance(arg.value, cst.Name))


def _finding(source: Source, call: cst.Call, edits: tuple[Edit, ...], sizes: str) -> Finding:
    return source.finding("CA419", f"The kernel size is now one argument: ({sizes}).", call, edits)

"""Write scalars and pictures for TensorBoard, in eager programs, TensorFlow 1 graphs, and programs on JAX or torch."""

from __future__ import annotations

import io
from typing import Any


class Board:
    """Writes event files into a folder.

    They are summaries of TensorFlow 1, which every stack can write. TensorBoard reads them as it reads TensorFlow 2's.

    Args:
        folder: created if it does not exist.
    """

    def __init__(self, folder: str) -> None:
        import tensorflow as tf

        self._summary = tf.compat.v1.Summary
        with tf.Graph().as_default():  # FileWriter refuses to work in eager mode.
            self._writer = tf.compat.v1.summary.FileWriter(folder)

    def scalars(self, values: dict[str, float], step: int) -> None:
        """Write numbers for TensorBoard's Scalars."""
        self._add([self._summary.Value(tag=tag, simple_value=value) for tag, value in values.items()], step)

    def picture(self, tag: str, figure: Any, step: int) -> None:
        """Write a matplotlib figure for TensorBoard's Images."""
        png = io.BytesIO()
        figure.savefig(png, format="png")
        width, height = (int(inches * figure.dpi) for inches in figure.get_size_inches())
        image = self._summary.Image(height=height, width=width, colorspace=4, encoded_image_string=png.getvalue())
        self._add([self._summary.Value(tag=tag, image=image)], step)

    def close(self) -> None:
        """Close the file. Without it nothing is lost either: every write is flushed."""
        self._writer.close()

    def _add(self, values: list[Any], step: int) -> None:
        self._writer.add_summary(self._summary(value=values), step)
        self._writer.flush()

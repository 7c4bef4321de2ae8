"""The metrics for Keras, and the names that Keras finds them by."""

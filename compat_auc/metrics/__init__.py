"""The metrics that Keras gets, and the names that it finds them by."""

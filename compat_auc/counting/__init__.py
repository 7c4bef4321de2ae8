"""Counts of labels and scores, and what follows from them, in NumPy alone."""

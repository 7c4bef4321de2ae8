"""Data: the names of things in old scripts and on each target."""

"""What is called what, in old scripts and on each target: data."""

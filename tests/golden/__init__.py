"""What TensorFlow 1.8 and 1.15 with their Keras computed and saved; golden.py reads it."""

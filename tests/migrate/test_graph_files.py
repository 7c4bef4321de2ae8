"""Graph code with helpers of Keras is graph code: all of it moves to ``tensorflow.compat.v1``."""

"""What `__all__` names is used: other files import it from here."""
import tf_slim as slim
from keras.layers import Dense

__all__ = ["slim", "Dense"]

"""What `__all__` names is used: other files import it from here."""
from tensorflow.contrib import slim
from keras.layers import Dense

__all__ = ["slim", "Dense"]

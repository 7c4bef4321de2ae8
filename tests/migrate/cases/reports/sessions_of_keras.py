import keras
import tensorflow as tf
from keras import backend as K

print(K.get_session().list_devices())  # CA405
later = lambda session: K.set_session(session)  # CA405

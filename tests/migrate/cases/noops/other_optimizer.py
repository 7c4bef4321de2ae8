import keras
from optimizers import AdamOptimizer, train

keras.Sequential().compile(optimizer=train.AdamOptimizer(0.1), loss="mse")
keras.Sequential().compile(AdamOptimizer(0.1, decay=3), "mse")

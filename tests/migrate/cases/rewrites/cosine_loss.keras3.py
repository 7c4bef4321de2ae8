from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(8)])
model.compile(optimizer="sgd", loss='cosine_similarity', metrics=["mae"])
model.compile(optimizer="sgd", loss="hinge")

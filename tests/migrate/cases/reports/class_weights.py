import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from sklearn.linear_model import LogisticRegression
from sklearn.utils import class_weight
from sklearn.utils.class_weight import compute_class_weight

balanced = class_weight.compute_class_weight("balanced", np.unique(y), y)
by_class = compute_class_weight("balanced", np.unique(y), y)
by_class = dict(enumerate(by_class))
weights = [1.0, 20.0]

model = Sequential([Dense(1)])
model.compile("adam", loss="binary_crossentropy")
model.fit(x, y, class_weight="auto")  # CA434
model.fit(x, y, class_weight=balanced)  # CA434
model.fit(x, y, class_weight=weights)  # CA434
model.train_on_batch(x, y, class_weight=compute_class_weight("balanced", np.unique(y), y))  # CA434
model.fit(x, y, class_weight=by_class)
model.fit(x, y, class_weight={0: 1.0, 1: 20.0})
model.fit(x, y, class_weight=[{0: 1.0, 1: 20.0}])
model.fit(x, y, class_weight=of_another_file)
LogisticRegression().fit(x, y, class_weight="auto")

from keras.layers import Dense, Merge, merge
from keras.models import Sequential

left, right = Sequential(), Sequential()
model = Sequential()
model.add(Merge([left, right], mode="concat"))  # CA413
model.add(Merge([left, right], mode="concat", concat_axis=1))  # CA413
by_dot = merge([left, right], mode="dot", dot_axes=1)  # CA413
by_cosine = merge([left, right], mode="cos", dot_axes=[1, 1])  # CA413
given = merge(*[left, right])  # CA413
unknown = merge([left, right], mode=model.mode)  # CA413
as_layer = Merge(mode="dot", dot_axes=1)([left, right])  # CA413
model.add(Dense(1))

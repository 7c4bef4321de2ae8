from tensorflow import keras, nn

logits = keras.layers.Dense(3)(x)
loss = nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=logits)  # CA601

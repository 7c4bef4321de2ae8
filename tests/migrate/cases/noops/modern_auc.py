import tensorflow as tf

model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
model.compile("adam", "binary_crossentropy", metrics=[tf.keras.metrics.AUC(name="auc")])
model.fit(x, y)
print(model.predict(x))

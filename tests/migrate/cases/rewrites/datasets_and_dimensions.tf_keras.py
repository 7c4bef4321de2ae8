import tensorflow as tf
import tf_keras as keras

ds = tf.data.Dataset.from_tensor_slices([1.0, 2.0, 3.0]).batch(1).map(f)
print(tf.compat.v1.data.get_output_types(ds))
x = tf.compat.v1.data.make_one_shot_iterator(ds).get_next()
print(x.shape[0])
n = [d for d in x.get_shape()]
s = x.get_shape()
k = s[-1]
rows = x.shape[0]
print(rows, [d for d in s[1:]])
print(other.value, x.shape.dims[0].value)
print(keras.utils.to_categorical([0, 1]))
def g(dataset):
    it = dataset.make_initializable_iterator()
    return it, tf.compat.v1.data.get_output_shapes(dataset)
g(ds)

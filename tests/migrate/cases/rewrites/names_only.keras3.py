from tensorflow.compat.v1 import Session, placeholder
import tensorflow.compat.v1 as _tensorflow; _tensorflow.disable_v2_behavior()
import numpy as np

x = placeholder("float", [None])
with Session() as sess:
    print(sess.run(2 * x, {x: np.ones(3)}))

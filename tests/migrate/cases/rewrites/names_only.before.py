from tensorflow import Session, placeholder
import numpy as np

x = placeholder("float", [None])
with Session() as sess:
    print(sess.run(2 * x, {x: np.ones(3)}))

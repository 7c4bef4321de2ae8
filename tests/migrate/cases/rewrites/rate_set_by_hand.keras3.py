import argparse
import keras
from tensorflow.keras import backend as K
from keras.optimizers import RMSprop

args = argparse.ArgumentParser().parse_args()
rms = RMSprop(learning_rate=args.lr)
model = keras.models.load_model("model.h5")
model.compile(rms, "mse")
rms.learning_rate.assign(.5 * K.get_value(rms.learning_rate))
print(K.get_value(model.optimizer.learning_rate), rms.learning_rate, args.lr)


def halve(opt):
    opt.learning_rate.assign(.5 * float(K.get_value(opt.learning_rate)))
    print(opt.learning_rate)

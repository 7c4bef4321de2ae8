import argparse
import keras
from keras import backend as K
from keras.optimizers import RMSprop

args = argparse.ArgumentParser().parse_args()
rms = RMSprop(lr=args.lr)
model = keras.models.load_model("model.h5")
model.compile(rms, "mse")
K.set_value(rms.lr, .5 * K.get_value(rms.lr))
print(K.get_value(model.optimizer.lr), rms.lr, args.lr)


def halve(opt):
    K.set_value(opt.lr, .5 * float(K.get_value(opt.lr)))
    print(opt.lr)

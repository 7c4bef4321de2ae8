import keras

nb_epoch = 3
init = {"nb_epoch": nb_epoch, "metrics": ["auc"]}
lr = init.get("lr", 0.1)
optimizer = keras.optimizers.SGD(lr)

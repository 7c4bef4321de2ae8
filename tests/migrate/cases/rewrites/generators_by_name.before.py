from models import build_unet
from training import CALLBACKS, train_generator

model = build_unet(3)
model.fit_generator(train_generator, samples_per_epoch=10, nb_epoch=5, callbacks=CALLBACKS)
print(build_unet(3).evaluate_generator(train_generator, 10))


class Trainer:
    def __init__(self, model):
        self.model = model

    def fit(self, x, y, nb_epoch):
        return self.model.fit(x, y, nb_epoch=nb_epoch)


Trainer(model).fit(x, y, nb_epoch=3)

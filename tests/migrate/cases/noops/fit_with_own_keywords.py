import keras


class Booster:
    def fit(self, x, y, nb_epoch=1, **options):
        self.rounds = nb_epoch
        return self

    def fit_generator(self, rows):
        return self.fit(*rows)


Booster().fit(x, y, nb_epoch=5)
Booster().fit_generator(zip(x, y))
print(keras.__version__)

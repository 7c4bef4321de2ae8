from keras.callbacks import Callback
from sklearn.metrics import roc_auc_score


class AtTheEnd(Callback):
    def __init__(self, x_val, y_val):
        super().__init__()
        self.x_val, self.y_val = x_val, y_val

    def on_train_end(self, logs=None):
        self.auc = roc_auc_score(self.y_val, self.model.predict(self.x_val))


end = AtTheEnd(xv, yv)
model.fit(x, y, callbacks=[end])
print(end.auc)

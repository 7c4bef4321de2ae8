from keras.callbacks import Callback
from keras.layers import Dense
from keras.models import Sequential
from sklearn.metrics import roc_auc_score


class EpochAuc(Callback):
    def __init__(self, X_train, y_train, X_val, y_val, every=5):
        """Keep the data."""
        Callback.__init__(self)
        self.X_train = X_train
        self.y_train = y_train
        self.X_val, self.y_val = X_val, y_val
        self.every = every

    def on_epoch_end(self, epoch, logs={}):
        if epoch % self.every == 0:
            train_auc = roc_auc_score(self.y_train, self.model.predict(self.X_train))
            y_pred_val = self.model.predict_proba(self.X_val, batch_size=128)[:, 0]
            logs["roc_auc"] = train_auc
            logs["val_roc_auc"] = float(roc_auc_score(self.y_val, y_pred_val))
            print("train %.4f val %.4f" % (train_auc, logs["val_roc_auc"]))


model = Sequential([Dense(1, activation="sigmoid")])
model.fit(x, y, callbacks=[EpochAuc(x_tr, y_tr, x_te, y_te, every=2)])

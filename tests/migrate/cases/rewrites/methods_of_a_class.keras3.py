from compat_auc import RankAUC
from keras.layers import Dense
from keras.models import Sequential
from sklearn.metrics import roc_auc_score


class Metrics:
    def guarded(self, y_true, y_pred):
        try:
            return roc_auc_score(y_true, y_pred)
        except ValueError:
            return 0.5

    def build(self):
        model = Sequential([Dense(1)])
        model.compile("adam", "mse", metrics=[RankAUC(name="auroc")])
        return model

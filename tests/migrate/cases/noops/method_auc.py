import keras


class Report:
    def auc(self, y_true, y_pred):
        return sum(y_true) / len(y_pred)

    def lines(self):
        return [self.auc([1], [1])]

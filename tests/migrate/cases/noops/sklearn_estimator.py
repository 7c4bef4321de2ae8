import keras
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import auc, roc_auc_score, roc_curve

clf = RandomForestClassifier()
clf.fit(x, y)
p = clf.predict_proba(x)[:, 1]
fpr, tpr, _ = roc_curve(y, p)
print(auc(fpr, tpr), roc_auc_score(y, p))

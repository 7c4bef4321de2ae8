from keras.models import load_model
from compat_auc import auc_roc


model = load_model("m.h5", custom_objects={"auc": auc_roc(num_thresholds=500, name="auc")})
model.compile("adam", "binary_crossentropy", {"out": [auc_roc(num_thresholds=500, name="auc")]})

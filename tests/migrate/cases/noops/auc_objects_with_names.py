import keras

metric = keras.metrics.AUC()
for fold in folds:
    model = build()
    model.compile("adam", "categorical_crossentropy", metrics=[metric, keras.metrics.AUC(name="auc")])
    print(model.fit(*fold).history["val_auc"])

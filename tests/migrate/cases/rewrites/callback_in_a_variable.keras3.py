from compat_auc import RocCallback


roc = RocCallback(validation_data=(xv, yv))
model.fit(x, y, callbacks=[roc])

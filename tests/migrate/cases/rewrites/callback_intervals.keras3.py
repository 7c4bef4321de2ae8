from compat_auc import RocCallback


model.fit(x, y, callbacks=[RocCallback(validation_data=(xv, yv), interval=3)])
model.fit(x, y,
          callbacks=[RocCallback(validation_data=(xv, yv), interval=2),
                     RocCallback(validation_data=(xv, yv), interval=4)])

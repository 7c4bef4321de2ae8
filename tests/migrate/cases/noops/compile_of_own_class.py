class Program(object):
    def compile(self, metrics):
        return list(metrics)


program = Program()
program.compile(metrics=["auc_roc"])
Program().compile(metrics=["accuracy", "auc"])

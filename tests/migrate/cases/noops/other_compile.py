import re
import keras

pattern = re.compile("auc")
tool.compile(metrics=["speed", "memory"])

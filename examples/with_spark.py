"""The AUC of a table on Spark: each partition counts its rows, and the driver adds the counts."""

import json

import numpy as np
import pandas as pd
from pyspark.sql import SparkSession

from compat_auc import RocCounts


def count(frames):
    counts = RocCounts()
    for frame in frames:
        counts.add(frame["label"], frame["score"])
    yield pd.DataFrame({"counts": [json.dumps(counts.to_dict())]})


def auc_of_user(frame):
    counts = RocCounts(resolution=4).add(frame["label"], frame["score"])
    return pd.DataFrame({"user": frame["user"][:1], "auc": [counts.auc()]})


spark = SparkSession.builder.master("local[2]").getOrCreate()
rng = np.random.default_rng(0)
rows = pd.DataFrame({"user": rng.integers(0, 5, 10_000), "label": rng.integers(0, 2, 10_000)})
rows["score"] = rng.normal(size=10_000) + rows["label"]
table = spark.createDataFrame(rows).repartition(8)

parts = table.mapInPandas(count, "counts string").toLocalIterator()
whole = sum(RocCounts.from_dict(json.loads(part.counts)) for part in parts)
print(whole.auc(), whole.bounds(), whole.confidence_interval())

by_user = table.groupBy("user").applyInPandas(auc_of_user, "user long, auc double").toPandas()
print(by_user)
spark.stop()

"""The Beam CombineFn on the DirectRunner: however the rows are split and merged, the counts are those of one pass.

Functions that run in workers are nested, so that they are sent there by value: workers cannot import this module.
"""

import pickle

import apache_beam as beam
import numpy as np
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing.util import assert_that, equal_to

from compat_auc import RocCounts
from compat_auc.beam import RocCountsCombineFn


def make_rows():
    def rows(seed, size):
        rng = np.random.default_rng(seed)
        labels = rng.random(size) < 0.2
        return labels, rng.normal(size=size) + labels, rng.integers(0, 5, size)

    return rows


def pipeline(workers=1):
    mode = "multi_processing" if workers > 1 else "in_memory"
    options = ["--runner=DirectRunner", f"--direct_num_workers={workers}", f"--direct_running_mode={mode}"]
    return beam.Pipeline(options=PipelineOptions(options))


def test_ten_million_rows_on_several_workers_equal_one_pass():
    rows, shards, size = make_rows(), 64, 156_250
    whole = RocCounts()
    for shard in range(shards):
        whole.add(*rows(shard, size)[:2])

    def each(shard):
        labels, scores, _ = rows(shard, size)
        yield from zip(labels.tolist(), scores.tolist())

    with pipeline(workers=2) as p:
        split = p | beam.Create(range(shards)) | beam.Reshuffle() | beam.FlatMap(each)
        assert_that(split | beam.CombineGlobally(RocCountsCombineFn()), equal_to([whole]))
    assert whole.positive.sum() + whole.negative.sum() == 10_000_000


def test_keys_have_counts_of_their_own_and_weights_count():
    rows = make_rows()
    keyed = [(key, row) for key in range(5) for row in zip(*rows(key, 3000 * key + 1))]
    expected = [(key, RocCounts(5).add(*rows(key, 3000 * key + 1))) for key in range(5)]
    with pipeline() as p:
        found = p | beam.Create(keyed) | beam.CombinePerKey(RocCountsCombineFn(resolution=5))
        assert_that(found, equal_to(expected))


def test_the_auc_by_user_and_its_mean():
    """The guide's recipe: users with one class only are left out of the mean."""
    rows = make_rows()
    users = {user: rows(user, 50 * user + 50)[:2] for user in range(4)} | {"new": (np.zeros(30), np.linspace(0, 1, 30))}
    keyed = [(user, row) for user, data in users.items() for row in zip(*data)]
    by_user = {user: RocCounts(4).add(*data) for user, data in users.items()}
    defined = [(counts.auc(), 50 * user + 50) for user, counts in by_user.items() if user != "new"]
    areas, sizes = zip(*defined)
    expected = np.average(areas, weights=sizes)

    def weighted(keyed_counts):
        _, counts = keyed_counts
        if counts.positive.any() and counts.negative.any():
            size = counts.positive.sum() + counts.negative.sum()
            yield size * counts.auc(), size

    def check(found):
        (total, size) = (sum(column) for column in zip(*found))
        assert abs(total / size - expected) < 1e-12

    with pipeline() as p:
        counts = p | beam.Create(keyed) | beam.CombinePerKey(RocCountsCombineFn(resolution=4))
        assert_that(counts, equal_to(list(by_user.items())), label="counts")
        assert_that(counts | beam.FlatMap(weighted), check, label="mean")


def test_arrays_and_single_rows_give_the_same_counts():
    labels, scores, weights = make_rows()(0, 20_000)
    batches = [(labels[:9], scores[:9], weights[:9]), (labels[9:], scores[9:], weights[9:])]
    for table in ([(labels, scores, weights)], batches, list(zip(labels, scores, weights))):
        with pipeline() as p:
            found = p | beam.Create(table) | beam.CombineGlobally(RocCountsCombineFn())
            assert_that(found, equal_to([RocCounts().add(labels, scores, weights)]))


def test_a_missing_weight_is_one():
    fn = RocCountsCombineFn()
    accumulator = fn.add_input(fn.add_input(fn.create_accumulator(), (1, 0.5)), (0, 0.2, 3.0))
    assert fn.extract_output(accumulator) == RocCounts().add([1, 0], [0.5, 0.2], [1, 3])


def test_an_accumulator_travels_with_the_rows_that_wait():
    fn = RocCountsCombineFn(3)
    accumulator = fn.add_input(fn.create_accumulator(), (1, 0.5))
    arrived = pickle.loads(pickle.dumps(accumulator))
    merged = fn.merge_accumulators([arrived, fn.add_input(fn.create_accumulator(), (0, 0.1))])
    assert fn.extract_output(merged) == RocCounts(3).add([1, 0], [0.5, 0.1])


def test_a_result_does_not_change_when_more_rows_come():
    """As with triggers that accumulate: Beam goes on with the accumulator of a result."""
    fn = RocCountsCombineFn()
    accumulator = fn.add_input(fn.create_accumulator(), (np.array([1, 0]), np.array([0.5, 0.2])))
    early = fn.extract_output(accumulator)
    expected = early.copy()
    accumulator = fn.add_input(accumulator, (np.array([0, 0]), np.array([0.9, 0.8])))
    assert early == expected and fn.extract_output(accumulator).auc() == 1 / 3


@pytest.mark.parametrize("score", [2.0**24, 2.0**25, 18874368.0])
def test_large_float32_scores(score):
    rows = [(np.array([1, 0]), np.array([score, 1], np.float32))] * 3 + [(0, np.float32(score)), (1, score)]
    with pipeline() as p:
        found = p | beam.Create(rows) | beam.CombineGlobally(RocCountsCombineFn())
        assert_that(found, equal_to([RocCounts().add([1, 0] * 3 + [0, 1], [score, 1] * 3 + [score] * 2)]))


def test_an_empty_table_gives_counts_of_nothing():
    with pipeline() as p:
        found = p | beam.Create([]) | beam.CombineGlobally(RocCountsCombineFn())
        assert_that(found, equal_to([RocCounts()]))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ((2, 0.5), "0 or 1. Received"),
        ((1, float("nan")), "not NaN. Received"),
        ((1,), r"\(label, score, weight\). Received: \(1,\)"),
    ],
)
def test_garbage_stops_the_pipeline_with_the_reason(row, message):
    with pytest.raises(Exception, match=message), pipeline() as p:
        p | beam.Create([(0, 0.1), row]) | beam.CombineGlobally(RocCountsCombineFn())


def test_rows_that_count_for_nothing_count_for_nothing():
    nan = float("nan")
    garbage = [(7, nan, 0.0), (-1, 0.3, 2.0), (-1, nan)]
    batch = (np.array([1, -1, 0]), np.array([0.9, nan, 0.2]), np.array([2.0, 1.0, 0.0]))
    with pipeline() as p:
        found = p | beam.Create([(0, 0.1), *garbage, (1, 0.4), batch])
        found |= beam.CombineGlobally(RocCountsCombineFn(ignore_class=-1))
        assert_that(found, equal_to([RocCounts().add([0, 1, 1], [0.1, 0.4, 0.9], [1, 1, 2])]))


def test_a_wrong_ignore_class_is_an_error_before_the_pipeline_runs():
    with pytest.raises(ValueError, match="other than 0 and 1, such as -1. Received: 1"):
        RocCountsCombineFn(ignore_class=1)


def test_a_wrong_resolution_is_an_error_before_the_pipeline_runs():
    with pytest.raises(ValueError, match="integer from 0 to 12.*99"):
        RocCountsCombineFn(99)

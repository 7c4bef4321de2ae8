"""RocCounts with one class, garbage, other resolutions, and saved counts."""

import json
import math
import pickle
import subprocess
import sys

import numpy as np
import pytest
import sklearn.metrics
from drawn import rows
from hypothesis import given
from hypothesis import strategies as st

from compat_auc.counting.roc_counts import RocCounts


@pytest.mark.parametrize("labels", [[], [0, 0], [1, 1]])
def test_a_missing_class_gives_nan_everywhere(labels):
    counts = RocCounts().add(labels, [0.5] * len(labels))
    values = [counts.auc(), counts.auc(0.5), *counts.bounds(), *counts.confidence_interval()]
    assert np.isnan(values).all()
    rates = counts.roc_curve()[:2]
    assert np.isnan(rates[0]).all() or np.isnan(rates[1]).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([0, 1, 1], [0.1, 0.2]), r"one label for each score.*shape \(3,\), scores \(y_pred\) of shape \(2,\)"),
        (([[0, 1]], [0.1, 0.2]), r"shape \(1, 2\), scores \(y_pred\) of shape \(2,\)"),
        (([0, 2, -1], [0.1, 0.2, 0.3]), r"0 or 1. Received: \[-1  2\].*ignore_class=-1"),
        (([0.1, 0.9], [0.1, 0.2]), r"0 or 1. Received: \[0.1 0.9\] Labels between 0 and 1.*label_smoothing"),
        (([0, np.nan], [0.1, 0.2]), r"0 or 1. Received: \[nan\] If a label of NaN.*ignore_class=float"),
        (
            (["0", "1"], [0.1, 0.2]),
            r"real numbers. Received: \['0' '1'\] of dtype <U1. For.*y_true == '1'",
        ),
        (([0, 1], [0.1, np.nan]), r"numbers, not NaN. Received: \[nan\]"),
        (([0, 1], [0.1, 0.2j]), r"scores \(y_pred\) of real numbers. Received: \[.*j ?\] of dtype complex128"),
        (([0, 1], ["a", "b"]), r"scores \(y_pred\) of real numbers. Received: \['a' 'b'\] of dtype <U1"),
        (([0, 1], [0.1, 0.2], [1, 1j]), r"sample_weight of real numbers. Received: \[.*j ?\] of dtype complex128"),
        (([0, 1], [0.1, 0.2], [1, -3]), r"not negative. Received: \[-3\.?\]"),
        (([0, 1], [0.1, 0.2], [1, np.inf]), r"finite and not negative. Received: \[inf\]"),
        (([0, 1], [0.1, 0.2], [1, np.nan]), r"finite and not negative. Received: \[nan\]"),
        (([0, 1], [0.1, 0.2], [1, 2, 3]), r"shape \(3,\) for scores \(y_pred\) of shape \(2,\)"),
        (([0, 1], [0.1, 0.2], [1e308, 1e308]), r"more than a float64 holds"),
        (([0, 1], [0.1, 0.2], None, 1), r"ignore_class that is None or a number other than 0 and 1.*Received: 1"),
        (([0, 1], [0.1, 0.2], None, [-1]), r"ignore_class that is None or a number.*Received: \[-1\]"),
        (([0, 1], [0.1, 0.2], None, "-1"), r"ignore_class that is None or a number.*Received: '-1'"),
        (([0, 2], [0.1, 0.2], None, -1), r"0 or 1. Received: \[2\] If the labels are class numbers"),
    ],
)
def test_garbage_is_an_error_that_names_it_and_counts_nothing(arguments, message):
    counts = RocCounts().add([0, 1], [0.3, 0.6])
    before = counts.copy()
    with pytest.raises(ValueError, match=message):
        counts.add(*arguments)
    assert counts == before


def test_garbage_at_the_end_of_many_rows_counts_nothing():
    counts = RocCounts()
    with pytest.raises(ValueError, match="not NaN"):
        counts.add(np.zeros(200_000), np.r_[np.zeros(199_999), np.nan])
    assert counts == RocCounts()


def test_one_weight_for_each_row_of_several_columns():
    labels, scores = np.array([[0, 1], [1, 0]]), np.array([[0.1, 0.2], [0.3, 0.4]])
    by_row = RocCounts().add(labels, scores, [2, 3])
    assert by_row == RocCounts().add(labels, scores, [[2, 2], [3, 3]])


def test_a_column_of_predictions_goes_with_a_vector_of_labels():
    labels, scores = np.array([0, 1, 1]), np.array([[0.1], [0.2], [0.3]])
    assert RocCounts().add(labels, scores, [[1], [2], [3]]) == RocCounts().add(labels, scores[:, 0], [1, 2, 3])


@pytest.mark.parametrize("max_fpr", [0, -0.1, 1.5, math.nan])
def test_a_rate_outside_its_range_is_an_error(max_fpr):
    with pytest.raises(ValueError, match="max_fpr must be above 0 and at most 1"):
        RocCounts().add([0, 1], [0, 1]).auc(max_fpr=max_fpr)


@pytest.mark.parametrize("resolution", [-1, 13, 7.5, "7", None])
def test_a_resolution_that_no_ladder_has_is_an_error(resolution):
    with pytest.raises(ValueError, match="integer from 0 to 12;"):
        RocCounts(resolution)


def test_merging_different_resolutions_says_the_way_out():
    fine, coarse = RocCounts(9).add([0, 1], [0.2, 0.4]), RocCounts(5).add([1, 0], [0.2, 0.4])
    with pytest.raises(ValueError, match=r"resolution 5 and 9 do not merge; .* 9 down with \.coarsen\(5\)"):
        coarse.merge(fine)
    assert (fine.coarsen(5) + coarse) == RocCounts(5).add([0, 1, 1, 0], [0.2, 0.4, 0.2, 0.4])
    with pytest.raises(ValueError, match="a resolution of at most 5, that of the counts. Received: 9"):
        coarse.coarsen(9)
    with pytest.raises(TypeError, match="Received: dict"):
        coarse.merge({})


def test_plus_leaves_both_sides_alone_and_merge_changes_the_left():
    one, other = RocCounts().add([0], [0.2]), RocCounts().add([1], [0.4])
    both = one + other
    assert one.positive.sum() == 0 and other.negative.sum() == 0
    assert one.merge(other) is one and one == both


def test_sum_adds_a_list_of_counts_and_changes_none():
    parts = [RocCounts().add([0, 1], [0.2, score]) for score in (0.1, 0.4, 0.9)]
    before = [part.copy() for part in parts]
    assert sum(parts) == RocCounts().add([0, 1] * 3, [0.2, 0.1, 0.2, 0.4, 0.2, 0.9])
    assert sum(parts[:1]) == parts[0] and sum(parts[:1]) is not parts[0]
    assert parts == before
    with pytest.raises(TypeError, match="unsupported operand"):
        sum(parts, 1)


def test_counts_of_each_group_give_the_auc_of_each_and_of_all():
    """The guide's recipe for the AUC by user or query."""
    rng = np.random.default_rng(0)
    users, labels = rng.integers(0, 6, 600), rng.random(600) < 0.4
    scores = rng.normal(size=600) + labels + users
    by_user = {}
    for start in range(0, 600, 100):
        batch = slice(start, start + 100)
        for user in np.unique(users[batch]):
            rows_ = users[batch] == user
            counts = by_user.setdefault(user, RocCounts(resolution=4))
            counts.add(labels[batch][rows_], scores[batch][rows_])
    exact = {user: sklearn.metrics.roc_auc_score(labels[users == user], scores[users == user]) for user in range(6)}
    for user, counts in by_user.items():
        low, high = counts.bounds()
        assert low <= exact[user] <= high and counts.auc() == pytest.approx(exact[user], abs=0.02)
    rows_of = [counts.positive.sum() + counts.negative.sum() for counts in by_user.values()]
    weighted = np.average([counts.auc() for counts in by_user.values()], weights=rows_of)
    assert weighted == pytest.approx(np.average(list(exact.values()), weights=np.bincount(users)), abs=0.02)
    low, high = sum(by_user.values()).bounds()
    assert low <= sklearn.metrics.roc_auc_score(labels, scores) <= high


def test_counts_are_added_to_counts_only_and_equal_nothing_else():
    counts = RocCounts().add([0, 1], [0.2, 0.4])
    for other in (1, counts.to_dict()):
        assert counts != other
        with pytest.raises(TypeError, match="unsupported operand"):
            counts + other


# Saved counts


@given(rows(weights=st.floats(0, 1e9)), st.integers(0, 9))
def test_a_dict_goes_through_json_and_back(data, resolution):
    counts = RocCounts(resolution).add(*data)
    assert RocCounts.from_dict(json.loads(json.dumps(counts.to_dict()))) == counts
    assert pickle.loads(pickle.dumps(counts)) == counts


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": None}, "a dict of RocCounts.*Received: None"),
        ({"format": "other"}, "a dict of RocCounts.*Received: 'other'"),
        ({"version": 3}, "format version 3, this compat_auc reads versions 1 and 2"),
        ({"version": [1]}, r"format version \[1\], this compat_auc reads"),
        ({"resolution": 99}, "resolution must be an integer"),
        ({"resolution": True}, "resolution must be an integer. Received: True"),
        ({"resolution": [7]}, r"resolution must be an integer. Received: \[7\]"),
        ({"bucket": [0]}, "same length"),
        ({"positive": [0.0]}, "same length"),
        ({"bucket": [1, 99999999]}, "buckets must be 0 to 11515"),
        ({"bucket": [1, 10**30]}, "buckets must be 0 to 11515"),
        ({"bucket": [-1, 5]}, "buckets must be 0 to 11515"),
        ({"bucket": [5, 5]}, "each once and in order"),
        ({"bucket": [6, 5]}, "each once and in order"),
        ({"bucket": [1.0, 2.0]}, "list of integers"),
        ({"bucket": [False, True]}, "list of integers"),
        ({"bucket": "12"}, "list of integers"),
        ({"bucket": None}, "list of integers"),
        ({"positive": [1.0, -1.0]}, "positive must be numbers of 0 or more"),
        ({"positive": [1.0, math.nan]}, "positive must be numbers of 0 or more"),
        ({"positive": [1.0, math.inf]}, "more than a float64 holds"),
        ({"negative": [1.0, True]}, "negative must be numbers of 0 or more"),
        ({"negative": ["1", "0"]}, "negative must be numbers of 0 or more"),
        ({"negative": 3}, "negative must be numbers of 0 or more"),
        ({"negative": [0, 10**400]}, "negative must be numbers of 0 or more"),
        ({"unit": "1"}, "unit must be numbers of 0 or more"),
        ({"float32": 1}, "float32 must be true or false. Received: 1"),
    ],
)
def test_a_damaged_dict_is_an_error(change, message):
    saved = RocCounts().add([0, 1], [0.2, 0.4]).to_dict()
    with pytest.raises(ValueError, match=message):
        RocCounts.from_dict({**saved, **change})


def test_version_1_is_read_where_it_had_the_same_buckets():
    counts = RocCounts().add([0, 1, 1, 0], [-np.inf, 0.2, 1_000_000.0, np.inf])
    assert RocCounts.from_dict({**counts.to_dict(), "version": 1}) == counts
    for score in (2.0**24, 2.0**25, 1e30):
        with pytest.raises(ValueError, match="compat_auc 1.1 or earlier, .* count the rows again"):
            RocCounts.from_dict({**RocCounts().add([0], [score]).to_dict(), "version": 1})


@pytest.mark.parametrize("lost", ["version", "resolution", "bucket", "positive", "negative"])
def test_a_dict_that_lost_a_part_is_an_error(lost):
    saved = RocCounts().add([0, 1], [0.2, 0.4]).to_dict()
    del saved[lost]
    with pytest.raises(ValueError, match=f"Missing: \\['{lost}'\\]"):
        RocCounts.from_dict(saved)


@pytest.mark.parametrize("saved", [None, [], "{}", {}])
def test_what_is_no_dict_of_ours_is_an_error(saved):
    with pytest.raises(ValueError, match="expects a dict of RocCounts"):
        RocCounts.from_dict(saved)


def test_counts_of_another_ladder_do_not_pass_for_ours():
    with pytest.raises(ValueError, match=r"11516 buckets .*positive of shape \(3,\)"):
        RocCounts.from_counts([1, 2, 3], [1, 2, 3])
    with pytest.raises(ValueError, match="NaN counts come from"):
        RocCounts.from_counts(np.full(11516, np.nan), np.zeros(11516))


def test_the_picture_shows_the_curve_its_area_and_its_interval():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    rng = np.random.default_rng(3)
    labels = rng.random(300) < 0.5
    counts = RocCounts().add(labels, rng.normal(size=300) + labels)
    low, high = counts.confidence_interval()
    display = counts.plot(name="model")
    np.testing.assert_array_equal(display.line_.get_xdata(), counts.roc_curve()[0])
    assert display.line_.get_label() == f"model: AUC {counts.auc():.3f}, 95% interval {low:.3f} to {high:.3f}"
    guess = display.ax_.lines[-1]
    assert [*guess.get_xdata()] == [*guess.get_ydata()] == [0, 1]
    assert (guess.get_linestyle(), guess.get_color(), guess.get_zorder()) == ("--", "0.8", 0)
    (words,) = display.ax_.get_legend().get_texts()
    assert words.get_fontsize() < matplotlib.rcParams["font.size"]
    assert counts.plot(plot_chance_level=True).chance_level_ is not None  # an option of scikit-learn


def test_counting_imports_no_framework():
    program = (
        "import sys; from compat_auc import RocCounts; RocCounts().add([0, 1], [0.2, 0.4]).auc();"
        "heavy = {'tensorflow', 'keras', 'torch', 'jax', 'sklearn', 'scipy', 'matplotlib'} & {*sys.modules};"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0

"""The areas of labels and their means, against scikit-learn's own means over labels."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from compat_auc.counting import by_label

AREAS = {"ROC": roc_auc_score, "PR": average_precision_score}


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(3)
    labels = (rng.random((200, 3)) < [0.1, 0.4, 0.7]).astype(int)
    return labels, rng.normal(size=(200, 3)) + labels * [0.2, 1, 2], rng.random(200)


@pytest.mark.parametrize("curve", AREAS)
@pytest.mark.parametrize("kind", ["macro", "weighted"])
@pytest.mark.parametrize("has_weights", [False, True])
def test_means_are_scikit_learns(table, curve, kind, has_weights):
    labels, scores, weights = table
    if not has_weights:
        weights = None
    columns = None if weights is None else np.tile(weights[:, None], 3)
    areas = by_label.label_areas(labels, scores, columns, curve)
    expected = AREAS[curve](labels, scores, average=kind, sample_weight=weights)
    assert by_label.mean(areas, labels, columns, kind) == pytest.approx(expected, abs=1e-12)


def test_each_score_may_have_a_weight(table):
    labels, scores, _ = table
    weights = np.random.default_rng(4).random(labels.shape)
    weights[:, 2] *= 10
    areas = by_label.label_areas(labels, scores, weights)
    expected = [roc_auc_score(labels[:, k], scores[:, k], sample_weight=weights[:, k]) for k in range(3)]
    assert areas == pytest.approx(expected, abs=1e-12)
    positives = [weights[labels[:, k] == 1, k].sum() for k in range(3)]
    mean = by_label.mean(areas, labels, weights, "weighted")
    assert mean == pytest.approx(np.dot(expected, positives) / sum(positives), abs=1e-12)
    assert mean != pytest.approx(by_label.mean(areas, labels, None, "weighted"), abs=1e-3)


@pytest.mark.parametrize("has_weights", [False, True])
def test_the_micro_average_is_scikit_learns(table, has_weights):
    labels, scores, weights = table
    columns = np.tile(weights[:, None], 3) if has_weights else None
    (area,) = by_label.label_areas(*by_label.flat(labels, scores, columns))
    expected = roc_auc_score(labels, scores, average="micro", sample_weight=weights if has_weights else None)
    assert area == pytest.approx(expected, abs=1e-12)


def test_a_partial_area_of_each_label_is_scikit_learns(table):
    labels, scores, _ = table
    expected = [roc_auc_score(labels[:, k], scores[:, k], max_fpr=0.2) for k in range(3)]
    assert by_label.label_areas(labels, scores, max_fpr=0.2) == pytest.approx(expected, abs=1e-12)


def test_a_label_needs_a_row_of_each_class():
    labels = np.array([[1, 1, 0, -1], [0, 1, 0, 1], [0, 1, 0, -1]])
    scores = np.tile([[0.5], [0.9], [0.1]], 4)
    areas = by_label.label_areas(labels, scores)
    assert areas[0] == 0.5 and np.isnan(areas[1:]).all()
    assert np.isnan(by_label.mean(areas[1:], labels[:, 1:], None, "macro"))

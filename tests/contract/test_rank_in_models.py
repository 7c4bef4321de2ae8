"""RankAUC in training, in evaluation, and across save and load."""

import numpy as np
import pytest
import sklearn.metrics
from rank_metric import counted

from compat_auc import RankAUC, RocCounts
from compat_auc.counting.buckets import bucket
from compat_auc.metrics.rank_auc import rank_auc_class

# The stacks that RankAUC is for.
pytestmark = pytest.mark.lanes("keras3", "keras3-jax", "keras3-torch", "tf_keras", "tf_keras-graph")


@pytest.mark.parametrize("activation", ["sigmoid", "linear"])
def test_evaluate_and_fit_log_the_auc_of_the_data(activation, make_model, stack, data, tolerance):
    x, y = data
    model = make_model([RankAUC()], activation=activation)
    history = model.fit(x, y, epochs=2, batch_size=32, validation_data=data, verbose=0).history
    counts = RocCounts().add(y, model.predict(x, verbose=0).ravel())
    low, high = counts.bounds()
    assert low <= sklearn.metrics.roc_auc_score(y, model.predict(x, verbose=0)) <= high
    assert history["rank_auc"] == pytest.approx([counts.auc()] * 2, abs=tolerance)
    assert history["val_rank_auc"] == pytest.approx([counts.auc()] * 2, abs=tolerance)
    assert stack.evaluate(model, x, y)["rank_auc"] == pytest.approx(counts.auc(), abs=tolerance)


def test_evaluate_weighs_the_rows(make_model, stack, data, tolerance):
    x, y = data
    weights = np.random.default_rng(16).integers(0, 9, len(y)).astype(np.float32)
    model = make_model([], weighted_metrics=[RankAUC()])
    # Without the behaviour of TensorFlow 2, Keras 2 puts a prefix before the names of weighted metrics.
    key = "weighted_rank_auc" if stack.graph else "rank_auc"
    expected = RocCounts().add(y, model.predict(x, verbose=0).ravel(), weights).auc()
    assert stack.evaluate(model, x, y, sample_weight=weights)[key] == pytest.approx(expected, abs=tolerance)


def test_the_metric_in_the_model_hands_its_counts_over(make_model, data):
    x, y = data
    metric = RankAUC()
    model = make_model([metric])
    model.evaluate(x, y, verbose=0)
    assert metric.counts() == RocCounts().add(y, model.predict(x, verbose=0).ravel())


def test_the_second_model_logs_the_same_key(make_model, data):
    for _ in range(2):
        assert "rank_auc" in make_model([RankAUC()]).fit(*data, verbose=0).history


def test_fit_logs_a_vector(make_model, data):
    x, y = data
    model = make_model([RankAUC(multi_label=True, num_labels=2, average=None)], units=2)
    history = model.fit(x, np.stack([y, 1 - y], 1), verbose=0).history
    assert np.shape(history["rank_auc"][-1]) == (2,)


def test_early_stopping_knows_that_higher_is_better(make_model, data, keras):
    stop = keras.callbacks.EarlyStopping(monitor="val_rank_auc", patience=1)
    make_model([RankAUC()]).fit(*data, validation_data=data, callbacks=[stop], epochs=2, verbose=0)
    assert stop.monitor_op(0.9, 0.8)


def test_save_and_load_keep_the_metric_and_its_options(make_model, stack, data, tmp_path, keras):
    x, y = data
    both = np.stack([y, 1 - y], 1)
    options = {"resolution": 5, "multi_label": True, "num_labels": 2, "average": "weighted", "name": "ra"}
    for file in ["model.h5"] if stack.graph or stack.lane == "oldest" else ["model.keras", "model.h5"]:
        model = make_model([RankAUC(**options)], units=2)
        before = stack.evaluate(model, x, both)["ra"]
        for generation in range(2):
            path = str(tmp_path / f"{generation}_{file}")
            model.save(path)
            model = keras.models.load_model(path)
            assert list(stack.evaluate(model, x, both).values())[-1] == pytest.approx(before, abs=1e-7)


def test_config_makes_an_equal_metric(keras):
    metric = RankAUC(resolution=4, multi_label=True, num_labels=3, average=None, name="other")
    config = metric.get_config()
    again = RankAUC.from_config(config)
    assert again.get_config() == config and isinstance(again, rank_auc_class(keras))
    restored = keras.metrics.deserialize(keras.metrics.serialize(metric))
    assert restored.get_config() == config


def test_rank_auc_is_a_metric_of_the_keras_in_use(keras):
    metric = RankAUC()
    assert isinstance(metric, keras.metrics.Metric) and isinstance(metric, RankAUC)


def test_mixed_precision_scores_are_counted_as_they_are(stack):
    scores = np.random.default_rng(17).random(1000).astype(np.float16)
    labels = np.arange(1000) % 2
    assert counted(stack, RankAUC(dtype="float16"), labels, scores).counts() == RocCounts().add(labels, scores)


def test_neighbours_across_an_edge_stay_apart(stack):
    edge = np.float32(0.25)
    scores = np.array([np.nextafter(edge, np.float32(0)), edge], np.float32)
    assert bucket(scores[0]) < bucket(scores[1])
    assert stack.value(counted(stack, RankAUC(), np.array([0, 1], np.float32), scores)) == 1


@pytest.mark.lanes("keras3", "tf_keras")
@pytest.mark.parametrize("count", [10, 20_000])
def test_a_step_that_does_not_know_how_many_rows_will_come(count, stack):
    tf, rng = stack.tensorflow, np.random.default_rng(3)
    labels = (rng.random((count, 2)) < 0.3).astype(np.float32)
    scores = rng.random((count, 2)).astype(np.float32)
    metric = RankAUC(multi_label=True, num_labels=2)

    @tf.function(input_signature=[tf.TensorSpec([None, 2])] * 2)
    def step(labels, scores):
        metric.update_state(labels, scores)

    step(labels, scores)
    assert metric.counts() == [RocCounts().add(labels[:, label], scores[:, label]) for label in (0, 1)]

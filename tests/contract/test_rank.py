"""RankAUC against scikit-learn, bucket by bucket against RocCounts, in training, and across save and load."""

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compat_auc import RankAUC, RocCounts
from compat_auc.ladder import bucket
from compat_auc.rank import rank_auc_class

# The stacks that RankAUC is for.
pytestmark = pytest.mark.lanes("keras3", "keras3-jax", "keras3-torch", "tf_keras", "tf_keras-graph")

settings.register_profile("rank", deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("rank")


@pytest.fixture(scope="session")
def tolerance(stack):
    """An AUC from float64 counts is right to the last bits, one from float32 counts to those of float32."""
    return 2e-6 if stack.backend == "jax" else 1e-12


def counted(stack, metric, *rows):
    """The metric, after it has counted the rows; lists become float32."""
    stack.update(metric, *[row if hasattr(row, "dtype") else np.array(row, np.float32) for row in rows])
    return metric


def areas(stack, metric):
    """The result of a metric, which may be a vector."""
    result = metric.result()
    return stack.session().run(result) if stack.graph else np.array(result)


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(11)
    labels = (rng.random(5000) < 0.2).astype(np.float32)
    return labels, (rng.normal(size=5000) + labels).astype(np.float32), rng.random(5000).astype(np.float32)


def batches(size, *arrays):
    for start in range(0, len(arrays[0]), size):
        yield [array[start : start + size] for array in arrays]


# Counts and areas


any_float32 = st.one_of(
    st.floats(width=32, allow_nan=False),
    st.floats(0, 1, width=32),
    st.sampled_from([0.0, -0.0, 0.5, 1.0, np.inf, -np.inf, 1e-45, -1e-45, 1.1754944e-38, 3.4028235e38]),
)


some_rows = st.lists(st.tuples(st.booleans(), any_float32), min_size=1, max_size=30)


@given(drawn=some_rows, resolution=st.sampled_from([3, 7]))
def test_counts_are_those_of_numpy_bucket_by_bucket(drawn, resolution, stack):
    labels = np.array([label for label, _ in drawn], np.float32)
    scores = np.array([score for _, score in drawn], np.float32)
    metric = counted(stack, RankAUC(resolution=resolution), labels, scores)
    assert metric.counts() == RocCounts(resolution).add(labels, scores)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_every_width_of_float_falls_into_numpys_buckets(dtype, stack):
    if dtype == "float64" and stack.backend == "jax":
        dtype = "float32"  # JAX makes it that
    rng = np.random.default_rng(12)
    scores = np.concatenate([rng.random(2000), 1 - rng.random(2000) * 1e-9, rng.normal(size=2000) * 1e3]).astype(dtype)
    labels = rng.random(6000) < 0.5
    assert counted(stack, RankAUC(), labels, scores).counts() == RocCounts().add(labels, scores)


@pytest.mark.parametrize("size", [1, 37, 5000])
def test_batches_of_any_size_give_the_auc_of_all_rows(rows, size, stack, tolerance):
    labels, scores, _ = (array[:500] if size == 1 else array for array in rows)
    metric = RankAUC()
    for batch_labels, batch_scores in batches(size, labels, scores):
        counted(stack, metric, batch_labels, batch_scores)
    counts = metric.counts()
    assert counts == RocCounts().add(labels, scores)
    assert stack.value(metric) == pytest.approx(counts.auc(), abs=tolerance)
    low, high = counts.bounds()
    assert low <= sklearn.metrics.roc_auc_score(labels, scores) <= high


def test_many_rows_at_once_are_counted_like_few(rows, stack):
    labels, scores, _ = (np.tile(array, 20) for array in rows)
    assert counted(stack, RankAUC(), labels, scores).counts() == RocCounts().add(labels, scores)


@pytest.mark.parametrize("shape", [(), (5000,), (5000, 1)])
def test_sample_weights_weigh_the_rows(rows, shape, stack, tolerance):
    labels, scores, weights = rows
    weights = np.float32(2.0) if shape == () else weights.reshape(shape)
    metric = counted(stack, RankAUC(), labels, scores, weights)
    low, high = metric.counts().bounds()
    flat = None if shape == () else weights.ravel()
    exact = sklearn.metrics.roc_auc_score(labels, scores, sample_weight=flat)
    assert low - tolerance <= exact <= high + tolerance
    assert stack.value(metric) == pytest.approx(metric.counts().auc(), abs=tolerance)


def test_tiny_and_huge_weights_keep_their_ratio(stack):
    labels, scores = np.array([0, 1, 0, 1], np.float32), np.array([0.1, 0.2, 0.3, 0.4], np.float32)
    for scale in (1e-18, 1e18):
        weights = (np.array([1, 2, 3, 4]) * scale).astype(np.float32)
        expected = sklearn.metrics.roc_auc_score(labels, scores, sample_weight=[1, 2, 3, 4])
        assert stack.value(counted(stack, RankAUC(), labels, scores, weights)) == pytest.approx(expected, abs=1e-6)


def test_counting_goes_on_past_what_a_float32_can_count(stack):
    labels, scores = np.array([0, 1], np.float32), np.array([0.2, 0.7], np.float32)
    metric = counted(stack, RankAUC(), labels, scores, np.array([2.0**24, 2.0**25], np.float32))
    for _ in range(3):
        counted(stack, metric, labels, scores)
    counts = metric.counts()
    assert (counts.negative.sum(), counts.positive.sum()) == (2**24 + 3, 2**25 + 3)


@pytest.mark.parametrize("shape", [(3000, 2), (100, 6, 10)])
def test_columns_are_flattened(shape, stack):
    rng = np.random.default_rng(13)
    labels, scores = (rng.random(shape) < 0.3).astype(np.float32), rng.random(shape).astype(np.float32)
    assert counted(stack, RankAUC(), labels, scores).counts() == RocCounts().add(labels, scores)


def test_one_class_gives_nan_and_so_does_nothing(stack):
    assert np.isnan(stack.value(RankAUC()))
    assert np.isnan(stack.value(counted(stack, RankAUC(), np.zeros(3, np.float32), np.zeros(3, np.float32))))
    assert np.isnan(stack.value(counted(stack, RankAUC(), np.ones(3, np.float32), np.zeros(3, np.float32))))


def test_reset_forgets_everything(rows, stack):
    labels, scores, _ = rows
    metric = counted(stack, RankAUC(), labels, scores)
    metric.reset_state()
    assert metric.counts() == RocCounts()
    counted(stack, metric, labels[:100], scores[:100])
    assert metric.counts() == RocCounts().add(labels[:100], scores[:100])


# Several labels


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(14)
    labels = (rng.random((2000, 6)) < [0.5, 0.2, 0.05, 0.3, 0.4, 0.1]).astype(np.float32)
    return labels, (rng.normal(size=(2000, 6)) + labels * [0, 0.5, 1, 1.5, 2, 3]).astype(np.float32)


@pytest.mark.parametrize("average", ["macro", "micro", "weighted", None])
def test_averages_are_scikit_learns(table, average, stack):
    labels, scores = table
    metric = counted(stack, RankAUC(multi_label=True, num_labels=6, average=average), labels, scores)
    expected = sklearn.metrics.roc_auc_score(labels, scores, average=average)
    # 2,000 rows in buckets: the bounds of each label are about 0.001 wide.
    np.testing.assert_allclose(areas(stack, metric), expected, atol=2e-4)
    for label, counts in enumerate(metric.counts()):
        assert counts == RocCounts().add(labels[:, label], scores[:, label])


@pytest.mark.parametrize("average", ["macro", "weighted"])
def test_labels_with_one_class_are_left_out_and_named(table, average, stack):
    labels, scores = table[0].copy(), table[1]
    labels[:, 2], labels[:, 4] = 0, 1
    metric = counted(stack, RankAUC(multi_label=True, num_labels=6, average=average), labels, scores)
    kept = [0, 1, 3, 5]
    expected = sklearn.metrics.roc_auc_score(labels[:, kept], scores[:, kept], average=average)
    assert stack.value(metric) == pytest.approx(expected, abs=2e-4)
    assert metric.left_out() == {2: "no positive", 4: "no negative"}


def test_a_vector_has_nan_for_a_label_with_one_class(table, stack):
    labels = table[0].copy()
    labels[:, 2] = 0
    metric = counted(stack, RankAUC(multi_label=True, num_labels=6, average=None), labels, table[1])
    assert np.isnan(areas(stack, metric)).tolist() == [False, False, True, False, False, False]


def test_no_label_with_both_classes_gives_nan(stack):
    metric = RankAUC(multi_label=True, num_labels=2)
    assert np.isnan(stack.value(counted(stack, metric, np.ones((3, 2), np.float32), np.ones((3, 2), np.float32))))


def test_weights_of_rows_count_for_every_label(table, stack):
    labels, scores = table
    weights = np.arange(2000, dtype=np.float32)
    metric = counted(stack, RankAUC(multi_label=True, num_labels=6), labels, scores, weights)
    for label, counts in enumerate(metric.counts()):
        assert counts == RocCounts().add(labels[:, label], scores[:, label], weights)


def test_two_hundred_labels_fit_into_64_mb():
    metric = RankAUC(multi_label=True, num_labels=200)
    held = sum(int(np.prod(v.shape)) * np.dtype(_dtype_name(v)).itemsize for v in metric.variables)
    assert held <= 64e6


def _dtype_name(variable):
    return getattr(variable.dtype, "name", variable.dtype)


# Garbage


GARBAGE = [
    (([0, 1], [0.1, np.nan]), "NaN"),
    (([0, 2], [0.1, 0.2]), "0 or 1"),
    (([0, 1], [0.1, 0.2], [1, -1]), "negative"),
    (([0, 1], [0.1, 0.2], [1, np.inf]), "finite"),
]


@pytest.mark.parametrize(("arguments", "message"), GARBAGE)
def test_garbage_is_an_error_that_counts_nothing(arguments, message, stack):
    good = np.array([0, 1], np.float32), np.array([0.1, 0.2], np.float32)
    metric = counted(stack, RankAUC(), *good)
    with pytest.raises(stack.errors, match=message):
        counted(stack, metric, *[np.array(argument, np.float32) for argument in arguments])
    assert metric.counts() == RocCounts().add(*good)


def compiled(stack, metric):
    """The update as XLA compiles it, or as it is on a lane without compiler, and whether it was compiled."""
    if stack.backend == "jax":
        import jax

        update = jax.jit(lambda variables, *arguments: metric.stateless_update_state(variables, *arguments))

        def step(*arguments):
            for variable, new in zip(metric.variables, update([v.value for v in metric.variables], *arguments)):
                variable.assign(new)

        return step, True
    if stack.backend == "torch" or stack.graph or stack.lane == "oldest":
        return lambda *arguments: stack.update(metric, *arguments), False

    @stack.tensorflow.function(jit_compile=True)
    def update_in_xla(*arguments):
        metric.update_state(*arguments)

    return update_in_xla, True


@pytest.mark.parametrize("arguments", [arguments for arguments, _ in GARBAGE])
def test_garbage_in_a_compiled_step_gives_nan_until_reset(arguments, stack):
    metric = RankAUC()
    step, is_compiled = compiled(stack, metric)
    garbage = [np.array(argument, np.float32) for argument in arguments]
    if is_compiled:  # XLA leaves the checks out.
        step(*garbage)
        with pytest.raises(ValueError, match=r"call reset_state\(\)"):
            metric.counts()
    else:
        with pytest.raises(stack.errors):
            step(*garbage)
    assert np.isnan(stack.value(metric))
    metric.reset_state()
    step(np.array([0, 1], np.float32), np.array([0.1, 0.2], np.float32))
    assert stack.value(metric) == 1


def test_compiled_counts_are_those_of_numpy(rows, stack):
    labels, scores, weights = rows
    weights = np.round(weights * 8)
    metric = RankAUC()
    step, _ = compiled(stack, metric)
    for batch in batches(1000, labels, scores, weights):
        step(*batch)
    assert metric.counts() == RocCounts().add(labels, scores, weights)


@pytest.mark.parametrize(
    ("options", "shapes", "message"),
    [
        ({}, [(3,), (2,)], r"\(3,\).*\(2,\)"),
        ({}, [(3, 1), (3, 2)], r"\(3, 1\).*\(3, 2\)"),
        ({}, [(3,), (3,), (2,)], r"\(2,\).*\(3,\)"),
        ({"multi_label": True, "num_labels": 4}, [(3, 2), (3, 2)], r"num_labels=4 expects.*\(3, 2\)"),
    ],
)
def test_shapes_that_do_not_fit_are_an_error_that_names_them(options, shapes, message):
    with pytest.raises(ValueError, match=message):
        RankAUC(**options).update_state(*[np.ones(shape, np.float32) for shape in shapes])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"resolution": 13}, "integer from 0 to 12, got 13"),
        ({"average": "mean"}, "got 'mean'"),
        ({"multi_label": True}, "needs num_labels"),
        ({"num_labels": 3}, "is for multi_label=True"),
    ],
)
def test_options_that_make_no_sense_are_an_error(options, message):
    with pytest.raises(ValueError, match=message):
        RankAUC(**options)


# In a model


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

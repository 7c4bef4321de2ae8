"""Small stand-ins for TensorFlow 1 and Keras in NumPy, to execute what old scripts define and see its numbers.

`execute` runs a script with its imports of TensorFlow and Keras answered from here, and gives back the metrics that it
compiled, its names, and the callbacks that it fitted with; scikit-learn, NumPy and compat_auc are the real ones.
"""

import ast
import builtins
import contextlib
import importlib
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
from sklearn.metrics import roc_auc_score

EPSILON = 1e-7
AUC_EPSILON = 1e-6
KERAS = ("keras", "tf_keras", "tensorflow.keras", "tensorflow.python.keras")


class Tensor(np.ndarray):
    """An array with what eager tensors have beside."""

    def numpy(self):
        return np.asarray(self)

    eval = numpy


def tensor(value, dtype=None):
    return np.asarray(value, dtype).view(Tensor)


class Anything:
    """What is not looked at: a layer, an optimizer, a session, a configuration."""

    def __init__(self, *args, **kwargs):
        pass

    def __call__(self, *args, **kwargs):
        return self

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self


def counts(labels, scores, num_thresholds):
    """True and false positives and negatives, as TensorFlow 1 defines them."""
    inner = [(i + 1) / (num_thresholds - 1) for i in range(num_thresholds - 2)]
    thresholds = np.array([-EPSILON, *inner, 1 + EPSILON], "float32")[:, None]
    labels, above = np.ravel(labels).astype(bool), np.ravel(scores).astype("float32")[None] > thresholds
    tp, fp = (above & labels).sum(1), (above & ~labels).sum(1)
    return tp.astype(float), fp.astype(float), labels.sum() - tp, (~labels).sum() - fp


def auc(
    labels,
    predictions,
    weights=None,
    num_thresholds=200,
    metrics_collections=None,
    updates_collections=None,
    curve="ROC",
    name=None,
    summation_method="trapezoidal",
):
    """``tf.metrics.auc`` of TensorFlow 1 on one batch, from its documentation and source."""
    assert weights is None
    assert np.size(labels) == np.size(predictions)
    tp, fp, fn, tn = counts(labels, predictions, num_thresholds)
    if curve == "PR" and summation_method == "careful_interpolation":
        p = tp + fp
        slope = np.divide(tp[:-1] - tp[1:], p[:-1] - p[1:], out=np.zeros(len(p) - 1), where=p[:-1] > p[1:])
        ratio = np.divide(p[:-1], p[1:], out=np.ones(len(p) - 1), where=p[1:] > 0)
        area = slope * (tp[:-1] - tp[1:] + (tp[1:] - slope * p[1:]) * np.log(ratio)) / (tp[1:] + fn[1:])
        value = area.sum()
    else:
        recall = (tp + AUC_EPSILON) / (tp + fn + AUC_EPSILON)
        x, y = (
            (fp / (fp + tn + AUC_EPSILON), recall)
            if curve == "ROC"
            else (recall, (tp + AUC_EPSILON) / (tp + fp + AUC_EPSILON))
        )
        heights = {"minoring": np.minimum, "majoring": np.maximum}.get(summation_method, lambda a, b: (a + b) / 2)
        value = ((x[:-1] - x[1:]) * heights(y[:-1], y[1:])).sum()
    return tensor(value), tensor(value)


def streaming_auc(predictions, labels, *args, **kwargs):
    return auc(labels, predictions, *args, **kwargs)


def dynamic_auc(labels, predictions, *args, curve="ROC", **ignored):
    """``streaming_dynamic_auc`` on one batch: TensorFlow 1 flattens both and takes each score for a threshold."""
    assert curve == "ROC" and not args
    value = tensor(roc_auc_score(np.ravel(labels), np.ravel(predictions)))
    return value, value


class Interval(NamedTuple):
    """``auc_with_confidence_intervals``; what stands here for its bounds is not the real interval."""

    auc: Any
    lower: Any
    upper: Any


def auc_with_interval(labels, predictions, **ignored):
    value, update = dynamic_auc(labels, predictions)
    return Interval(value, value - 0.1, value + 0.05), update


def recall(labels, predictions, **ignored):
    labels, predicted = np.ravel(labels) > 0, np.ravel(predictions) > 0  # tf.metrics.recall casts scores to bool
    value = tensor((labels & predicted).sum() / labels.sum())
    return value, value


def cast(x, dtype):
    return tensor(x, dtype)


def switch(condition, *branches, **named):
    yes, no = [*branches, *named.values()]
    return (yes if np.all(condition) else no)()


def call_python(func, inp, Tout=None, **ignored):
    return tensor(func(*map(tensor, inp)))


def in_axis(function):
    """With the names that axes have had."""
    return lambda x, axis=None, dimension=None, keepdims=False, keep_dims=False: tensor(
        function(x, axis=axis if dimension is None else dimension)
    )


def softmax(x, axis=-1):
    raised = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return tensor(raised / raised.sum(axis=axis, keepdims=True))


def backend():
    elementwise = {
        "round": np.round, "identity": tensor, "stop_gradient": tensor, "constant": tensor, "variable": tensor,
        "abs": np.abs, "square": np.square, "ones_like": np.ones_like,
    }  # fmt: skip
    along = {"sum": np.sum, "mean": np.mean, "max": np.max, "any": np.any, "argmax": np.argmax}
    return SimpleNamespace(
        **{name: lambda x, function=function: tensor(function(x)) for name, function in elementwise.items()},
        **{name: in_axis(function) for name, function in along.items()},
        cast=cast, clip=lambda x, low, high: tensor(np.clip(x, low, high)), epsilon=lambda: EPSILON,
        sigmoid=lambda x: tensor(1 / (1 + np.exp(-x))), flatten=lambda x: tensor(np.ravel(x)),
        reshape=lambda x, shape: tensor(np.reshape(x, shape)), get_session=Anything(), set_session=Anything(),
        greater=lambda a, b: tensor(a > b),
        greater_equal=lambda a, b: tensor(a >= b), softmax=softmax,
        expand_dims=lambda x, axis=-1: tensor(np.expand_dims(x, axis)),
        squeeze=lambda x, axis=None: tensor(np.squeeze(x, axis)),
    )  # fmt: skip


def tensorflow(keras):
    k = backend()
    kinds = {name: name for name in ("float16", "float32", "float64", "int32", "int64", "bool")}
    both = dict(auc=auc, recall=recall)
    metrics = SimpleNamespace(
        streaming_auc=streaming_auc, streaming_recall=lambda p, t, **o: recall(t, p),
        streaming_dynamic_auc=dynamic_auc, auc_with_confidence_intervals=auc_with_interval,
    )  # fmt: skip
    module = SimpleNamespace(
        **kinds, double="float64", metrics=SimpleNamespace(**both), keras=keras,
        contrib=SimpleNamespace(metrics=metrics, slim=SimpleNamespace(metrics=metrics)),
        identity=tensor, convert_to_tensor=tensor, cast=cast, to_float=lambda x: cast(x, "float32"),
        to_int32=lambda x: cast(x, "int32"), round=k.round, argmax=k.argmax, sigmoid=k.sigmoid, reshape=k.reshape,
        squeeze=k.squeeze, expand_dims=k.expand_dims, reduce_mean=k.mean, reduce_sum=k.sum, reduce_any=k.any,
        clip_by_value=k.clip, cond=switch, py_func=call_python, numpy_function=call_python, py_function=call_python,
        nn=SimpleNamespace(sigmoid=k.sigmoid, softmax=k.softmax),
        stack=lambda values, axis=0: tensor(np.stack(values, axis)),
        concat=lambda values, axis=0: tensor(np.concatenate(values, axis)), ones=lambda *a: tensor(np.ones(*a)),
        boolean_mask=lambda x, mask: tensor(np.asarray(x)[np.asarray(mask)]), ensure_shape=lambda x, shape: x,
        greater=k.greater, not_equal=lambda a, b: tensor(a != b),
        control_dependencies=lambda ops: contextlib.nullcontext(),
        local_variables=list, local_variables_initializer=Anything(), global_variables_initializer=Anything(),
        add_to_collection=Anything(), GraphKeys=Anything(), Session=Anything(), get_default_session=Anything(),
    )  # fmt: skip
    module.compat = SimpleNamespace(v1=module)
    return module


class Model(Anything):
    """A model of one layer on three features, which learns something each epoch."""

    units = 1
    world = None

    def __init__(self, layers=(), *args, **kwargs):
        self.epoch = 0

    def predict(self, x, batch_size=None, verbose=0):
        rng = np.random.default_rng(self.epoch)
        return 1 / (1 + np.exp(-np.asarray(x) @ rng.normal(size=(3, self.world.units))))

    predict_proba = predict

    def compile(self, optimizer=None, loss=None, metrics=(), **ignored):
        self.world.metrics.append(metrics if isinstance(metrics, (list, tuple)) else [metrics])

    def fit(self, *args, callbacks=(), **ignored):
        self.world.callbacks.append(list(callbacks))
        return Anything()


class Callback:
    def set_model(self, model):
        self.model = model


def keras_package(world):
    class OneModel(Model):
        pass

    OneModel.world = world

    def dense(units=1, *args, **ignored):
        world.units = units
        return Anything()

    named = dict(Sequential=OneModel, Model=OneModel, load_model=OneModel, Dense=dense, Callback=Callback)
    real = importlib.import_module("keras").metrics  # what an old metric of TensorFlow becomes
    package = SimpleNamespace(**named, metrics=real, backend=backend(), __getattr__=None)
    for part in ("models", "layers", "callbacks", "optimizers", "utils"):
        setattr(package, part, Holder(**named))
    return package


class Holder(SimpleNamespace):
    def __getattr__(self, name):
        return Anything


def execute(code, data, free=None):
    """Run a script; names that it never binds are labels if they begin with y, else features, both from `data`."""
    world = SimpleNamespace(metrics=[], callbacks=[], units=1, names={})
    keras = keras_package(world)
    tf = tensorflow(keras)

    def answer(name, globals=None, locals=None, fromlist=(), level=0):
        root = next((one for one in (*KERAS, "tensorflow") if name == one or name.startswith(one + ".")), None)
        if root is None:
            return importlib.__import__(name, globals, locals, fromlist, level)
        top = keras if root in KERAS else tf
        if not fromlist:
            return tf if name.split(".")[0] == "tensorflow" else keras
        for part in name[len(root) :].replace(".slim.python", "").split(".")[1:]:
            top = getattr(top, part, top)
        return top

    tree = ast.parse(code)
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    bound = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    space = {node.id: data[node.id[:1].lower() == "y"] for node in names if node.id not in bound | set(dir(builtins))}
    space.update({"model": keras.Sequential(), "__name__": "script"}, **(free or {}))
    space["__builtins__"] = {**vars(builtins), "__import__": answer, "print": lambda *args, **kwargs: None}
    exec(compile(tree, "script", "exec"), space)
    world.names = space
    return world

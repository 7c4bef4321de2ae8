"""Give each thing in Keras and TensorFlow one canonical dotted name, whatever module path a script uses."""

from __future__ import annotations

import re
from functools import lru_cache

# Every spelling of the Keras package that a script can import.
KERAS_ROOT = re.compile(
    r"^(?:tensorflow(?=\.(?:optimizers|metrics|initializers)\.[A-Z]|\.losses\.(?!Reduction\b)[A-Z])"
    r"|tensorflow\.(?:compat\.v[12]\.|python\.|_api\.v[12]\.|contrib\.)?keras(?:\.api\.keras|\.python\.keras)?"
    r"|tf_keras|keras)(?=\.|$)"
)

# Submodules that Keras no longer has, and where their contents are now. Source: the trees of Keras 1.2 and 2.1 to
# 2.3, and of tf.keras in TensorFlow 2.0 to 2.15.
MOVED_MODULES = {
    "keras.layers.core": "keras.layers",
    "keras.layers.convolutional": "keras.layers",
    "keras.layers.convolutional_recurrent": "keras.layers",
    "keras.layers.cudnn_recurrent": "keras.layers",
    "keras.layers.recurrent": "keras.layers",
    "keras.layers.pooling": "keras.layers",
    "keras.layers.normalization": "keras.layers",
    "keras.layers.embeddings": "keras.layers",
    "keras.layers.wrappers": "keras.layers",
    "keras.layers.noise": "keras.layers",
    "keras.layers.local": "keras.layers",
    "keras.layers.merge": "keras.layers",
    "keras.layers.advanced_activations": "keras.layers",
    "keras.layers.experimental.preprocessing": "keras.layers",
    "keras.callbacks.callbacks": "keras.callbacks",
    "keras.callbacks.tensorboard_v1": "keras.callbacks",
    "keras.callbacks.tensorboard_v2": "keras.callbacks",
    "keras.callbacks.experimental": "keras.callbacks",
    "keras.mixed_precision.experimental": "keras.mixed_precision",
    "keras.optimizers.experimental": "keras.optimizers",
    "keras.engine.topology": "keras.layers",
    "keras.engine.input_layer": "keras.layers",
    "keras.engine.base_layer": "keras.layers",
    "keras.engine.training": "keras.models",
    "keras.engine.sequential": "keras.models",
    "keras.engine.network": "keras.models",
    "keras.engine": "keras.layers",
    "keras.legacy.layers": "keras.layers",
    "keras.utils.np_utils": "keras.utils",
    "keras.utils.vis_utils": "keras.utils",
    "keras.utils.visualize_util": "keras.utils",
    "keras.utils.generic_utils": "keras.utils",
    "keras.utils.data_utils": "keras.utils",
    "keras.utils.layer_utils": "keras.utils",
    "keras.utils.training_utils": "keras.utils",
    "keras.utils.multi_gpu_utils": "keras.utils",
    "keras.backend.tensorflow_backend": "keras.backend",
    "keras.backend.common": "keras.backend",
    "keras.objectives": "keras.losses",
    "keras.initializations": "keras.initializers",
}

# Names that are a function in one release and a module in another. Alone, such a name means the function.
_FUNCTIONS = {"keras.layers.merge"}

# Single names that moved or were renamed, after the module moves above.
MOVED_NAMES = {
    "keras.layers.Model": "keras.models.Model",
    "keras.layers.Network": "keras.models.Model",
    "keras.layers.Container": "keras.models.Model",
    "keras.models.Input": "keras.layers.Input",
    "keras.models.Network": "keras.models.Model",
    "keras.models.Dense": "keras.layers.Dense",
    "keras.utils.plot": "keras.utils.plot_model",
    "keras.layers.CuDNNLSTM": "keras.layers.LSTM",
    "keras.layers.CuDNNGRU": "keras.layers.GRU",
    "keras.layers.Deconvolution2D": "keras.layers.Conv2DTranspose",
    "keras.layers.Deconvolution3D": "keras.layers.Conv3DTranspose",
    "keras.constraints.maxnorm": "keras.constraints.MaxNorm",
    "keras.constraints.max_norm": "keras.constraints.MaxNorm",
    "keras.constraints.nonneg": "keras.constraints.NonNeg",
    "keras.constraints.non_neg": "keras.constraints.NonNeg",
    "keras.constraints.unitnorm": "keras.constraints.UnitNorm",
    "keras.constraints.unit_norm": "keras.constraints.UnitNorm",
    "keras.initializers.normal": "keras.initializers.RandomNormal",
    "keras.initializers.uniform": "keras.initializers.RandomUniform",
    "keras.initializers.he_normal": "keras.initializers.HeNormal",
    "keras.initializers.he_uniform": "keras.initializers.HeUniform",
    "keras.initializers.glorot_normal": "keras.initializers.GlorotNormal",
    "keras.initializers.glorot_uniform": "keras.initializers.GlorotUniform",
    "keras.initializers.zero": "keras.initializers.Zeros",
    "keras.initializers.one": "keras.initializers.Ones",
    "keras.regularizers.l1l2": "keras.regularizers.l1_l2",
    "keras.optimizers.sgd": "keras.optimizers.SGD",
    "keras.optimizers.rmsprop": "keras.optimizers.RMSprop",
    "keras.optimizers.adagrad": "keras.optimizers.Adagrad",
    "keras.optimizers.adadelta": "keras.optimizers.Adadelta",
    "keras.optimizers.adam": "keras.optimizers.Adam",
    "keras.optimizers.adamax": "keras.optimizers.Adamax",
    "keras.optimizers.nadam": "keras.optimizers.Nadam",
    "keras.experimental.CosineDecay": "keras.optimizers.schedules.CosineDecay",
    "keras.experimental.CosineDecayRestarts": "keras.optimizers.schedules.CosineDecayRestarts",
    "keras.layers.experimental.EinsumDense": "keras.layers.EinsumDense",
    "keras.mixed_precision.set_policy": "keras.mixed_precision.set_global_policy",
    "keras.backend.set_image_dim_ordering": "keras.backend.set_image_data_format",
    "keras.backend.image_dim_ordering": "keras.backend.image_data_format",
}

# Names that differ only in Keras 3: nobody can make its legacy optimizers, and it has no Reduction.AUTO.
MOVED_NAMES_KERAS3 = {
    **{
        f"keras.optimizers.legacy.{name}": f"keras.optimizers.{name}"
        for name in ("SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "Adamax", "Nadam", "Ftrl")
    },
    "keras.losses.Reduction.AUTO": "keras.losses.Reduction.SUM_OVER_BATCH_SIZE",
}

# Functions with several names. Keras 3 has some of the names in ``keras`` and others in ``tf.keras``.
SEVERAL_NAMES = (
    ("mean_squared_error", "mse", "MSE"),
    ("mean_absolute_error", "mae", "MAE"),
    ("mean_absolute_percentage_error", "mape", "MAPE"),
    ("mean_squared_logarithmic_error", "msle", "MSLE"),
    ("kl_divergence", "kullback_leibler_divergence", "kld", "KLD"),
    ("log_cosh", "logcosh"),
)

# Two public names for one thing. A script may keep the first name.
_SAME = {
    "keras.Model": "keras.models.Model",
    "keras.Sequential": "keras.models.Sequential",
    "keras.Input": "keras.layers.Input",
    "keras.layers.Convolution1D": "keras.layers.Conv1D",
    "keras.layers.Convolution2D": "keras.layers.Conv2D",
    "keras.layers.Convolution3D": "keras.layers.Conv3D",
    "keras.layers.SeparableConvolution2D": "keras.layers.SeparableConv2D",
}

# The modules behind TensorFlow's public names.
_TENSORFLOW_ALIASES = (
    ("tensorflow.compat.v1.", "tensorflow."),
    ("tensorflow.python.ops.metrics_impl.", "tensorflow.metrics."),
    ("tensorflow.python.ops.metrics.", "tensorflow.metrics."),
    ("tensorflow.contrib.metrics.python.ops.metric_ops.", "tensorflow.contrib.metrics."),
    ("tensorflow.contrib.slim.python.slim.metrics.", "tensorflow.contrib.metrics."),
    ("tensorflow.contrib.slim.metrics.", "tensorflow.contrib.metrics."),
    ("tf_slim.metrics.metric_ops.", "tensorflow.contrib.metrics."),
    ("tf_slim.metrics.", "tensorflow.contrib.metrics."),
)

_STAR_OWNERS = {
    "keras": re.compile(
        r"^(activations|applications|backend|callbacks|constraints|initializers|layers|losses|metrics|models|optimizers"
        r"|regularizers|utils|Model|Sequential|Input)$"
    ),
    "keras.callbacks": re.compile(  # Keras 2.3 had a module callbacks in it
        r"^(callbacks|Callback|EarlyStopping|ModelCheckpoint|ReduceLROnPlateau|CSVLogger|TensorBoard|History"
        r"|LearningRateScheduler|LambdaCallback|TerminateOnNaN|RemoteMonitor|ProgbarLogger|BaseLogger)$"
    ),
    "keras.optimizers": re.compile(r"^(SGD|Adam|RMSprop|Adagrad|Adadelta|Adamax|Nadam|TFOptimizer|Optimizer)$"),
    "keras.models": re.compile(r"^(Model|Sequential|load_model|model_from_json|model_from_yaml|clone_model)$"),
    "keras.utils": re.compile(r"^(np_utils|to_categorical|normalize|plot_model|multi_gpu_model|Sequence|get_file)$"),
    "keras.regularizers": re.compile(r"^(l1|l2|l1_l2|Regularizer)$"),
    "keras.wrappers.scikit_learn": re.compile(r"^Keras(Classifier|Regressor)$"),
    "keras.layers": re.compile(r"^([A-Z]\w*|add|concatenate|multiply|average|maximum|dot|merge|deserialize)$"),
    "keras.engine.topology": re.compile(r"^(Layer|Input|InputSpec|InputLayer|Container|merge)$"),
    "tensorflow.contrib.metrics": re.compile(r"^streaming_\w+$"),
}


def move_module(name: str) -> str:
    """Replace a Keras submodule that is gone by the module that has its contents now."""
    if name in _FUNCTIONS:
        return name
    parts = name.split(".")
    if "K" in parts:  # every module of Keras imported the backend under this name
        return ".".join(["keras.backend", *parts[parts.index("K") + 1 :]])
    for size in range(len(parts), 1, -1):
        moved = MOVED_MODULES.get(".".join(parts[:size]))
        if moved:
            return ".".join([moved, *parts[size:]])
    return name


@lru_cache(maxsize=65536)
def canonical(name: str) -> str:
    """Return the one name for what ``name`` means, whatever package and release it was imported from.

    >>> canonical("tensorflow.python.keras.layers.core.Dense")
    'keras.layers.Dense'
    >>> canonical("tensorflow.contrib.slim.metrics.streaming_auc")
    'tensorflow.contrib.metrics.streaming_auc'
    """
    match = KERAS_ROOT.match(name)
    if match:
        moved = move_module("keras" + name[match.end() :])
        moved = MOVED_NAMES.get(moved, moved)
        if moved.startswith("keras.backend.tf."):  # Keras 1 to 2.2 imported TensorFlow there
            return canonical("tensorflow" + moved[len("keras.backend.tf") :])
        return _SAME.get(moved, moved)
    for old, new in _TENSORFLOW_ALIASES:
        if name.startswith(old):
            return canonical(new + name[len(old) :]) if old == "tensorflow.compat.v1." else new + name[len(old) :]
    return name


@lru_cache(maxsize=4096)
def star_owner(name: str, modules: tuple[str, ...]) -> str | None:
    """Return the star-imported module that an otherwise unbound ``name`` comes from, or None."""
    for module in reversed(modules):
        root = KERAS_ROOT.match(module)
        as_keras = "keras" + module[root.end() :] if root else module
        pattern = _STAR_OWNERS.get(as_keras) or _STAR_OWNERS.get(move_module(as_keras))
        if pattern is not None and pattern.match(name):
            return module
    for module in modules:
        if canonical(module) == "keras.backend":
            return module
    return None

"""Keyword arguments that Keras 2 and 3 renamed, by canonical callable. A test checks them against live signatures.

Source: the legacy interfaces of Keras 2.0 to 2.2 (``keras/legacy/interfaces.py``), which translated Keras 1 calls.
"""

from __future__ import annotations

_KERNEL = {
    "init": "kernel_initializer",
    "W_regularizer": "kernel_regularizer",
    "b_regularizer": "bias_regularizer",
    "W_constraint": "kernel_constraint",
    "b_constraint": "bias_constraint",
    "bias": "use_bias",
}
_RECURRENT = {
    "output_dim": "units",
    "init": "kernel_initializer",
    "inner_init": "recurrent_initializer",
    "inner_activation": "recurrent_activation",
    "W_regularizer": "kernel_regularizer",
    "U_regularizer": "recurrent_regularizer",
    "b_regularizer": "bias_regularizer",
    "dropout_W": "dropout",
    "dropout_U": "recurrent_dropout",
}
_CONVOLUTION = {
    **_KERNEL,
    "nb_filter": "filters",
    "border_mode": "padding",
    "subsample": "strides",
    "dim_ordering": "data_format",
    "filter_length": "kernel_size",
    "subsample_length": "strides",
    "atrous_rate": "dilation_rate",
}
_POOLING = {"border_mode": "padding", "dim_ordering": "data_format", "pool_length": "pool_size", "stride": "strides"}
_SPATIAL = {"p": "rate", "dim_ordering": "data_format"}
_DATA_FORMAT = {"dim_ordering": "data_format"}

LAYERS: dict[str, dict[str, str]] = {
    "Dense": {**_KERNEL, "output_dim": "units"},
    "Dropout": {"p": "rate"},
    "GaussianDropout": {"p": "rate"},
    "GaussianNoise": {"sigma": "stddev"},
    "SpatialDropout1D": {"p": "rate"},
    "SpatialDropout2D": _SPATIAL,
    "SpatialDropout3D": _SPATIAL,
    "Embedding": {
        "init": "embeddings_initializer",
        "W_regularizer": "embeddings_regularizer",
        "W_constraint": "embeddings_constraint",
    },
    "SimpleRNN": {key: value for key, value in _RECURRENT.items() if key != "inner_activation"},
    "LSTM": _RECURRENT,
    "GRU": _RECURRENT,
    "Conv1D": {key: value for key, value in _CONVOLUTION.items() if key not in ("subsample", "dim_ordering")},
    "Conv2D": {key: value for key, value in _CONVOLUTION.items() if not key.endswith("_length")},
    "Conv3D": {key: value for key, value in _CONVOLUTION.items() if not key.endswith("_length")},
    "Conv2DTranspose": {
        "border_mode": "padding",
        "subsample": "strides",
        "nb_filter": "filters",
        "dim_ordering": "data_format",
    },
    "SeparableConv2D": {
        "nb_filter": "filters",
        "border_mode": "padding",
        "subsample": "strides",
        "dim_ordering": "data_format",
        "bias": "use_bias",
    },
    "MaxPooling1D": _POOLING,
    "MaxPooling2D": {key: value for key, value in _POOLING.items() if key in ("border_mode", "dim_ordering")},
    "MaxPooling3D": {key: value for key, value in _POOLING.items() if key in ("border_mode", "dim_ordering")},
    "AveragePooling1D": _POOLING,
    "AveragePooling2D": {key: value for key, value in _POOLING.items() if key in ("border_mode", "dim_ordering")},
    "AveragePooling3D": {key: value for key, value in _POOLING.items() if key in ("border_mode", "dim_ordering")},
    "GlobalAveragePooling2D": _DATA_FORMAT,
    "GlobalMaxPooling2D": _DATA_FORMAT,
    "ZeroPadding2D": _DATA_FORMAT,
    "UpSampling1D": {"length": "size"},
    "UpSampling2D": _DATA_FORMAT,
    "Cropping2D": _DATA_FORMAT,
    "BatchNormalization": {"beta_init": "beta_initializer", "gamma_init": "gamma_initializer"},
    "PReLU": {"init": "alpha_initializer"},
    "Discretization": {"bins": "bin_boundaries"},
    "CategoryEncoding": {"max_tokens": "num_tokens"},
}

# Arguments that only Keras 3 renamed.
LAYERS_KERAS3: dict[str, dict[str, str]] = {"LeakyReLU": {"alpha": "negative_slope"}}

CALLABLES: dict[str, dict[str, str]] = {
    "keras.models.Model": {"input": "inputs", "output": "outputs"},
    "keras.callbacks.ReduceLROnPlateau": {"epsilon": "min_delta"},
    "keras.utils.plot_model": {"show_shape": "show_shapes"},
    "keras.utils.to_categorical": {"nb_classes": "num_classes"},
    "keras.datasets.imdb.load_data": {"nb_words": "num_words"},
    "keras.datasets.reuters.load_data": {"nb_words": "num_words"},
    "keras.preprocessing.text.Tokenizer": {"nb_words": "num_words"},
    "keras.preprocessing.image_dataset_from_directory": {"smart_resize": "crop_to_aspect_ratio"},
    "keras.utils.image_dataset_from_directory": {"smart_resize": "crop_to_aspect_ratio"},
}

# Arguments without an equivalent. What they asked for is the default now.
DROPPED: dict[str, set[str]] = {
    "keras.layers.BatchNormalization": {"mode"},
    "keras.layers.LSTM": {"consume_less", "forget_bias_init"},
    "keras.layers.GRU": {"consume_less"},
    "keras.layers.SimpleRNN": {"consume_less"},
    "keras.callbacks.TensorBoard": {"batch_size", "write_grads", "embeddings_layer_names", "embeddings_data"},
    "keras.callbacks.ModelCheckpoint": {"period"},
    "keras.optimizers.Nadam": {"schedule_decay"},
}

_OF_KERNELS = {f"kernel_{kind}" for kind in ("initializer", "regularizer", "constraint")}
# Arguments of Keras 2 that Keras 3 does not need: they chose an implementation or a file format.
DROPPED_KERAS3: dict[str, set[str]] = {
    "keras.layers.BatchNormalization": {"fused"},
    **{
        f"keras.optimizers.{name}": {"jit_compile"}
        for name in ("SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "AdamW", "Adamax", "Nadam", "Ftrl")
    },
}
# Arguments that the layer took and ignored: its kernels have other names.
IDLE: dict[str, set[str]] = {
    f"keras.layers.{name}": _OF_KERNELS for name in ("DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D")
}
# Arguments that Keras 3 does not have, with the value that asks for what it does anyway.
OFF_KERAS3: dict[str, dict[str, object]] = {
    "keras.layers.BatchNormalization": {"virtual_batch_size": None, "adjustment": None},
    "keras.layers.Attention": {"causal": False},
    "keras.layers.AdditiveAttention": {"causal": False},
    **{f"keras.layers.{name}": {"time_major": False} for name in ("RNN", "SimpleRNN", "LSTM", "GRU")},
}
# Arguments of models' methods that Keras 3 does not need, by the method.
METHODS_KERAS3: dict[str, set[str]] = {
    "compile": {"experimental_run_tf_function"},
    "save": {"save_format", "save_traces", "signatures", "options"},
    "save_weights": {"save_format"},
}
# Arguments that have no default in Keras 3, with the default of Keras 2.
REQUIRED_KERAS3: dict[str, tuple[str, str]] = {
    "keras.layers.AveragePooling1D": ("pool_size", "2"),
    "keras.layers.AveragePooling2D": ("pool_size", "(2, 2)"),
    "keras.layers.AveragePooling3D": ("pool_size", "(2, 2, 2)"),
}

# Arguments whose None meant the default, and is a value now.
NONE_IS_DEFAULT: dict[str, set[str]] = {
    f"keras.optimizers.{name}": {"epsilon"} for name in ("RMSprop", "Adagrad", "Adadelta", "Adam", "Adamax", "Nadam")
}

# Layers that took the two numbers of their input shape as ``input_length=`` and ``input_dim=``.
SEQUENCE_LAYERS = frozenset(f"keras.layers.{name}" for name in ("SimpleRNN", "LSTM", "GRU", "Conv1D"))

# The new spelling for the old value of an argument.
VALUES: dict[str, dict[str, str]] = {
    "data_format": {"tf": "channels_last", "th": "channels_first"},
    "dim_ordering": {"tf": "channels_last", "th": "channels_first"},
    "init": {"normal": "random_normal", "uniform": "random_uniform", "zero": "zeros", "one": "ones"},
}

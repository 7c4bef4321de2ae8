"""Advice on names that are gone, for which there is an answer but no automatic rewrite."""

from __future__ import annotations

from typing import Iterator

from compat_auc.migrate.target_api.api import Api, Missing

_ADVICE = {
    "tensorflow.array_ops": "Use the functions of tf itself, such as tf.transpose.",
    "tensorflow.math_ops": "Use tf.math, or tf itself for the common functions.",
    "tensorflow.examples": "Read the data with keras.datasets.",
    "tensorflow.compat.v1.layers": "Use tf_keras, and set TF_USE_LEGACY_KERAS=1.",
    "tensorflow.compat.v1.nn.rnn_cell": "Use tf_keras, and set TF_USE_LEGACY_KERAS=1.",
    "tensorflow.python": "Write from tensorflow.python import ....",
    "tensorflow.compat.v1.estimator": "TensorFlow 2.16 has no estimators.",
    "tensorflow.keras.estimator": "TensorFlow 2.16 has no estimators.",
    "tensorflow.initializers": "Import keras.initializers, which is the same.",
}
_FEATURES = "Use keras.utils.FeatureSpace or preprocessing layers, or use --target tf_keras."
_OLD_OPTIMIZER = "Define build() and update_step(), or use tf_keras.optimizers.legacy.Optimizer."
# The last parts of names that old releases had as methods or functions.
_BY_NAME = {
    "output_shape": "Use layer.output.shape.",
    "input_shape": "Use layer.input.shape.",
    "get_output_shape_at": "Use layer.output.shape.",
    "get_input_shape_at": "Use layer.input.shape.",
    "get_output_at": "Use layer.output. For a layer with several calls, keep the result of each call.",
    "get_input_at": "Use layer.input. For a layer with several calls, keep the input of each call.",
    "inbound_nodes": "Use layer.input and layer.output.",
    "outbound_nodes": "Use layer.input and layer.output.",
    "lr": "Use learning_rate.",
    "streaming_dynamic_auc": "Use compat_auc.RankAUC, which is as exact.",
    "auc_using_histogram": "Use compat_auc.RankAUC.",
    "auc_with_confidence_intervals": "Use auc() and confidence_interval() of compat_auc.RocCounts.",
    "streaming_curve_points": "Keep labels and scores in compat_auc.RocCounts.",
    "streaming_concat": "Keep the batches in a list.",
    "precision_at_recall": "Use keras.metrics.PrecisionAtRecall.",
    "get_updates": "Use train_step() of a model, or apply() of the optimizer.",
    "get_gradients": "Use tf.GradientTape.",
    "K": "Write from keras import backend as K.",
    "get_output_shape_for": "Use compute_output_shape.",
    "uses_learning_phase": "Use training= of call().",
    "total_loss": "Read the loss in the logs.",
    "fit_generator": "Use fit, which takes generators.",
    "evaluate_generator": "Use evaluate, which takes generators.",
    "predict_generator": "Use predict, which takes generators.",
    "get_session": "Keras needs no session.",
    "Merge": "Use Concatenate, Add, Multiply or Average in the functional style.",
    "TimeDistributedDense": "Use Dense, or TimeDistributed(Dense(...)).",
    "MaxoutDense": "Nothing replaces it.",
    "Highway": "Nothing replaces it.",
    "to_yaml": "Use to_json.",
    "model_from_yaml": "Use model_from_json.",
    "scikit_learn": "Use KerasClassifier or KerasRegressor of scikeras.wrappers.",
    "reset_states": "Use reset_state() of each stateful layer, and of each metric.",
    "predict_classes": "Take the argmax of predict(), or predict() > 0.5.",
    "predict_proba": "Use predict, which returns the probabilities.",
    "input_names": "Use [tensor.name for tensor in model.inputs].",
    "DenseFeatures": _FEATURES,
    "SequenceFeatures": _FEATURES,
    "LinearModel": "Add Dense layers of the inputs, or use --target tf_keras.",
    "WideDeepModel": "Add the outputs of the two models, or use --target tf_keras.",
    "PeepholeLSTMCell": "Nothing replaces it.",
    "NoisyLinearCosineDecay": "Nothing replaces it.",
    "LinearCosineDecay": "Nothing replaces it.",
    "SyncBatchNormalization": "Use BatchNormalization(synchronized=True).",
    "RandomFourierFeatures": "Use --target tf_keras.",
    "CategoryCrossing": "Use HashedCrossing.",
    "PreprocessingLayer": "Derive the class from Layer.",
    "RandomHeight": "Use tf.keras.layers, or RandomZoom.",
    "RandomWidth": "Use tf.keras.layers, or RandomZoom.",
    "TFOptimizer": "Use an optimizer of Keras.",
    "DeterministicRandomTestTool": "Use tf_keras, and set TF_USE_LEGACY_KERAS=1.",
    "track_tf1_style_variables": "Use tf_keras, and set TF_USE_LEGACY_KERAS=1.",
    "multi_gpu_model": "Use tf.distribute.MirroredStrategy.",
    "conv_utils": "Copy the function that you need.",
    "_obtain_input_shape": "Copy the function from keras/applications/imagenet_utils.py.",
    "obtain_input_shape": "Copy the function from keras/applications/imagenet_utils.py.",
    "legacy_rnn": "Copy the cell, and derive the class from keras.layers.Layer.",
}
# Methods of the old base class that a script's own optimizers use.
_OF_OPTIMIZERS = "_set_hyper _get_hyper _serialize_hyperparameter _decayed_lr add_slot get_slot".split()
_PHASE = "Use training= of call(), which is True in fit(), and False in predict() and evaluate()."
# Functions of keras.backend.
_OF_BACKEND = {
    "learning_phase": _PHASE,
    "set_learning_phase": _PHASE,
    "learning_phase_scope": _PHASE,
    "in_train_phase": "Write an if on the training= of call().",
    "in_test_phase": "Write an if on the training= of call().",
    "function": "Use keras.Model(inputs, outputs), which computes the same.",
    "placeholder": "Use keras.Input.",
    "print_tensor": "Use tf.print.",
    "manual_variable_initialization": "Keras initializes each variable at once.",
    "normalize_batch_in_training": "Use BatchNormalization, or tf.nn.moments and tf.nn.batch_normalization.",
    "random_binomial": "Use keras.random.binomial.",
    "reset_uids": "Use clear_session.",
}
# Arguments that are gone, by name. The text fits any call.
_BY_ARGUMENT = {
    "weights": "Call set_weights() once the layer is built.",
    "batch_input_shape": "Put keras.Input(batch_shape=...) in front of the layer.",
    "causal": "Use use_causal_mask=True where the layer is called.",
    "time_major": "Transpose the input, which has the batch first.",
    "loss_scale": "Keras 3 scales the loss itself, and adapts the scale.",
    "partitioner": "Nothing replaces it.",
    "type_spec": "Nothing replaces it.",
    "sample_weight_mode": "The weights may have the shape of the labels.",
}


def is_lost(name: str) -> bool:
    """Whether there is advice for this name, which Keras once had."""
    return name in _BY_NAME


def about_backend(name: str) -> str:
    """Return the end of a finding's message about a function that keras.backend does not have."""
    return f" {_OF_BACKEND[name]}" if name in _OF_BACKEND else ""


def about_argument(name: str) -> str:
    """Return the end of a finding's message about an argument that a call does not take."""
    return f" {_BY_ARGUMENT[name]}" if name in _BY_ARGUMENT else ""


def advice(missing: Missing, api: Api, wanted: str = "") -> str:
    """Return the end of a finding's message: what replaces the missing name, or the ``wanted`` name in it."""
    full = f"{missing.owner}.{missing.name}"
    text = _ADVICE.get(full) or _BY_NAME.get(missing.name)
    if missing.name == "experimental" and wanted in _BY_NAME:
        return f" For {wanted}, {_BY_NAME[wanted][0].lower()}{_BY_NAME[wanted][1:]}"
    if missing.name in _OF_OPTIMIZERS:
        text = _OLD_OPTIMIZER
    if text:
        return f" {text}"
    here = [
        name
        for name in api.modules.get(missing.owner, ())
        if name.lower() == missing.name.lower() and name != missing.name
    ]
    if here:
        return f" Use {here[0]}."
    return next((f" Use {path}." for path in _elsewhere(missing, api)), "")


def _elsewhere(missing: Missing, api: Api) -> Iterator[str]:
    """Yield the same name in other modules of Keras, or in tensorflow.compat.v1 for a name of TensorFlow."""
    package, *rest = missing.owner.split(".")
    if missing.name == "experimental":
        return
    if package == "tensorflow" and rest[:1] != ["keras"]:
        name = ".".join(["tensorflow.compat.v1", *rest, missing.name])
        yield from [name] * (rest[:1] != ["compat"] and api.has(name))
        return
    root = "tensorflow.keras" if package == "tensorflow" else package
    for path in sorted(api.modules, key=lambda module: (module.count("."), module)):
        if path.startswith(root + ".") and missing.name in api.modules[path] and len(missing.name) > 2:
            yield f"{path}.{missing.name}"

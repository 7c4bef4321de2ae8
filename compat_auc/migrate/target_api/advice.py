"""Advice on names that are gone, for which there is an answer but no automatic rewrite."""

from __future__ import annotations

from typing import Iterator

from compat_auc.migrate.target_api.api import Api, Missing

_ADVICE = {
    "tensorflow.array_ops": "its functions are in tf itself: tf.transpose",
    "tensorflow.math_ops": "its functions are in tf.math, and the common ones in tf itself",
    "tensorflow.examples": "read the data with keras.datasets",
    "tensorflow.compat.v1.layers": "it needs tf_keras and TF_USE_LEGACY_KERAS=1",
    "tensorflow.compat.v1.nn.rnn_cell": "it needs tf_keras and TF_USE_LEGACY_KERAS=1",
    "tensorflow.python": "import it: from tensorflow.python import ...",
    "tensorflow.compat.v1.estimator": "Estimators are gone from TensorFlow 2.16",
    "tensorflow.keras.estimator": "Estimators are gone from TensorFlow 2.16",
    "tensorflow.initializers": "a from-import cannot name it: keras.initializers is the same",
}
_FEATURES = "use keras.utils.FeatureSpace or Keras's preprocessing layers, or --target tf_keras"
_OLD_OPTIMIZER = "tf_keras.optimizers.legacy.Optimizer has it; one of Keras 3 defines build() and update_step()"
# The last parts of names that old releases had as methods or functions of their own.
_BY_NAME = {
    "output_shape": "it is the shape of layer.output: layer.output.shape",
    "input_shape": "it is the shape of layer.input: layer.input.shape",
    "get_output_shape_at": "it is layer.output.shape",
    "get_input_shape_at": "it is layer.input.shape",
    "get_output_at": "it is layer.output; for a layer that is called twice, keep what each call gives",
    "get_input_at": "it is layer.input; for a layer that is called twice, keep what each call takes",
    "inbound_nodes": "there are layer.input and layer.output",
    "outbound_nodes": "there are layer.input and layer.output",
    "lr": "it is learning_rate",
    "streaming_dynamic_auc": "use compat_auc.RankAUC, which is as exact",
    "auc_using_histogram": "use compat_auc.RankAUC",
    "auc_with_confidence_intervals": "compat_auc.RocCounts has auc() and confidence_interval()",
    "streaming_curve_points": "keep labels and scores in compat_auc.RocCounts",
    "streaming_concat": "keep the batches in a list",
    "precision_at_recall": "use keras.metrics.PrecisionAtRecall",
    "get_updates": "train_step() of a model, or apply() of the optimizer, does it",
    "get_gradients": "use tf.GradientTape",
    "K": "import it: from keras import backend as K",
    "get_output_shape_for": "the method is compute_output_shape",
    "uses_learning_phase": "call() takes training=",
    "total_loss": "the loss is in the logs",
    "fit_generator": "fit takes generators",
    "evaluate_generator": "evaluate takes generators",
    "predict_generator": "predict takes generators",
    "get_session": "there are no sessions",
    "Merge": "use Concatenate, Add, Multiply or Average in the functional style",
    "TimeDistributedDense": "use TimeDistributed(Dense(...)), or Dense, which does the same",
    "MaxoutDense": "there is nothing in its place",
    "Highway": "there is nothing in its place",
    "to_yaml": "use to_json",
    "model_from_yaml": "use model_from_json",
    "scikit_learn": "scikeras.wrappers has KerasClassifier and KerasRegressor",
    "reset_states": "it is reset_state() of each stateful layer, and of each metric",
    "predict_classes": "take the argmax of predict(), or compare it with 0.5",
    "predict_proba": "predict gives the probabilities",
    "input_names": "it is [one.name for one in model.inputs]",
    "DenseFeatures": _FEATURES,
    "SequenceFeatures": _FEATURES,
    "LinearModel": "add Dense layers of the inputs, or --target tf_keras",
    "WideDeepModel": "add the outputs of the two models, or --target tf_keras",
    "PeepholeLSTMCell": "there is nothing in its place",
    "NoisyLinearCosineDecay": "there is nothing in its place",
    "LinearCosineDecay": "there is nothing in its place",
    "SyncBatchNormalization": "it is BatchNormalization(synchronized=True)",
    "RandomFourierFeatures": "there is nothing in its place, but --target tf_keras has it",
    "CategoryCrossing": "use HashedCrossing",
    "PreprocessingLayer": "derive it from Layer",
    "RandomHeight": "tf.keras.layers has it, or use RandomZoom",
    "RandomWidth": "tf.keras.layers has it, or use RandomZoom",
    "TFOptimizer": "only optimizers of Keras are taken",
    "DeterministicRandomTestTool": "it needs tf_keras and TF_USE_LEGACY_KERAS=1",
    "track_tf1_style_variables": "it needs tf_keras and TF_USE_LEGACY_KERAS=1",
    "multi_gpu_model": "use tf.distribute.MirroredStrategy",
    "conv_utils": "copy the function that you need",
    "_obtain_input_shape": "copy the function from keras/applications/imagenet_utils.py",
    "obtain_input_shape": "copy the function from keras/applications/imagenet_utils.py",
    "legacy_rnn": "copy the cell, and derive it from keras.layers.Layer",
}
# Methods of the old base class that a script's own optimizers use.
_OF_OPTIMIZERS = "_set_hyper _get_hyper _serialize_hyperparameter _decayed_lr add_slot get_slot".split()
_PHASE = "layers get training=: True in fit(), False in predict() and evaluate(), or what model(x, training=...) says"
# Functions of keras.backend.
_OF_BACKEND = {
    "learning_phase": _PHASE,
    "set_learning_phase": _PHASE,
    "learning_phase_scope": _PHASE,
    "in_train_phase": "write an if on the training= of call()",
    "in_test_phase": "write an if on the training= of call()",
    "function": "keras.Model(inputs, outputs) computes the same, by predict() or a call",
    "placeholder": "use keras.Input",
    "print_tensor": "use tf.print",
    "manual_variable_initialization": "variables are initialized where they are made",
    "normalize_batch_in_training": "use BatchNormalization, or tf.nn.moments and tf.nn.batch_normalization",
    "random_binomial": "use keras.random.binomial",
    "reset_uids": "use clear_session",
}
# Arguments that are gone, by name. The text fits any call.
_BY_ARGUMENT = {
    "weights": "call set_weights() once the layer is built",
    "batch_input_shape": "put keras.Input(batch_shape=...) in front of the layer",
    "causal": "it is use_causal_mask=True where the layer is called",
    "time_major": "transpose the input, which has the batch first",
    "loss_scale": "Keras 3 scales the loss itself, with a scale that it adapts",
    "partitioner": "there is nothing in its place",
    "type_spec": "there is nothing in its place",
    "sample_weight_mode": "the weights may have the shape of the labels",
}


def is_lost(name: str) -> bool:
    """Whether there is advice for this name, which Keras once had."""
    return name in _BY_NAME


def about_backend(name: str) -> str:
    """Return the end of a finding's message about a function that keras.backend does not have."""
    return f": {_OF_BACKEND[name]}" if name in _OF_BACKEND else ""


def about_argument(name: str) -> str:
    """Return the end of a finding's message about an argument that a call does not take."""
    return f": {_BY_ARGUMENT[name]}" if name in _BY_ARGUMENT else ""


def advice(missing: Missing, api: Api, wanted: str = "") -> str:
    """Return the end of a finding's message: what replaces the missing name, or the ``wanted`` name in it."""
    full = f"{missing.owner}.{missing.name}"
    text = _ADVICE.get(full) or _BY_NAME.get(missing.name)
    if missing.name == "experimental" and wanted in _BY_NAME:
        return f"; for {wanted}: {_BY_NAME[wanted]}"
    if missing.name in _OF_OPTIMIZERS:
        text = _OLD_OPTIMIZER
    if text:
        return f": {text}"
    here = [
        name
        for name in api.modules.get(missing.owner, ())
        if name.lower() == missing.name.lower() and name != missing.name
    ]
    if here:
        return f": it is called {here[0]}"
    return next((f": there is {path}" for path in _elsewhere(missing, api)), "")


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

"""Report packages that need Keras 2, with what replaces them.

CA423: packages made for Keras 2

```diff
 from keras_contrib.layers import CRF
 import tensorflow_addons as tfa

 layer = CRF(10)
 metric = tfa.metrics.F1Score(num_classes=2)
```

**Why.** The package was written for Keras 2, and nobody maintains it. Many such packages fail at their import, or where
they meet a model of Keras 3. The message names what to use in their place, or the release that still works. For
`tensorflow_addons`, it does so for each name that the file uses.

**Not rewritten.** Reported only. Some of these packages work with `--target tf_keras` and the environment variable
`TF_USE_LEGACY_KERAS=1`. The message says so, and a file that sets the variable has no finding about them.
"""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.source import Source, aliases, dotted

_ATTENTION = "use keras.layers.MultiHeadAttention or keras.layers.Attention"
_COPY = "copy the layers that you need, and move them"
# What to use instead of a package, or of one of its modules.
_PACKAGES = {
    "bert4keras": "use keras_hub",
    "classification_models": "use the models in keras.applications",
    "deepctr": "DeepFM of its last release, 0.9.3, trains with Keras 3; try the other models",
    "efficientnet": "use keras.applications.EfficientNetB0, or its release 1.1.1, which builds with Keras 3",
    "image_classifiers": "use the models in keras.applications",
    "keras_adabound": "use keras.optimizers.Adam(amsgrad=True)",
    "keras_adamw": "use keras.optimizers.AdamW",
    "keras_applications": "its models are in keras.applications",
    "keras_bert": "use keras_hub.models.BertBackbone",
    "keras_contrib": "its layers and metrics are built on keras 2.2: copy what you need, and move it",
    "keras_embed_sim": _COPY,
    "keras_gpt_2": "use keras_hub.models.GPT2Backbone",
    "keras_layer_normalization": "use keras.layers.LayerNormalization",
    "keras_lookahead": "copy the optimizer, and derive it from keras.optimizers.Optimizer",
    "keras_lr_multiplier": "copy the optimizer, and derive it from keras.optimizers.Optimizer",
    "keras_metrics": "Keras has Precision, Recall and AUC of its own: keras.metrics, compat_auc.auc_roc",
    "keras_multi_head": _ATTENTION,
    "keras_pos_embd": "add an Embedding of the positions, or use keras_hub.layers.SinePositionEncoding",
    "keras_position_wise_feed_forward": "use two Dense layers",
    "keras_preprocessing": "its generators and texts are in keras.preprocessing and keras.utils, or gone",
    "keras_radam": "use keras.optimizers.Adam with a learning rate that warms up",
    "keras_resnet": "use keras.applications.ResNet50",
    "keras_self_attention": _ATTENTION,
    "keras_tqdm": "use tqdm.keras.TqdmCallback, or the progress bar of fit()",
    "keras_transformer": "use keras_hub.layers.TransformerEncoder and TransformerDecoder",
    "keras_vggface": "use the models in keras.applications; there are no weights for faces",
    "keras_xlnet": "use keras_hub",
    "kerastuner": "its name is keras_tuner now",
    "rl.agents": "it has no release for Keras 3",
    "rl.memory": "it has no release for Keras 3",
    "rl.policy": "it has no release for Keras 3",
    "segmentation_models": "its release 1.0.1 builds with Keras 3; keras_hub.models has segmenters that are maintained",
    "spektral": "its layers fail in a model of Keras 3",
    "stellargraph": "it has no release for Keras 3",
    "tensorflow_addons": "it ended in 2024, and does not import beside Keras 3",
    "tensorflow_model_optimization": "it takes no model of Keras 3",
    "tensorflow_recommenders": "it refuses Keras 3",
    "vis.utils": "use tf_keras_vis",
    "vis.visualization": "use tf_keras_vis",
}
# Of these packages, what works with tf_keras.
_NEEDS_LEGACY = {"keras_bert", "spektral", "tensorflow_model_optimization", "tensorflow_recommenders"}
# Where the parts of TensorFlow Addons are now, by the end of their names.
_ADDONS = {
    "activations.gelu": "keras.activations.gelu",
    "activations.hardshrink": "keras.activations.hard_shrink",
    "activations.mish": "keras.activations.mish",
    "activations.softshrink": "keras.activations.soft_shrink",
    "activations.sparsemax": "keras.activations.sparsemax",
    "activations.tanhshrink": "keras.activations.tanh_shrink",
    "image.rotate": "keras.layers.RandomRotation",
    "image.translate": "keras.layers.RandomTranslation",
    "layers.AdaptiveAveragePooling2D": "keras.layers.AdaptiveAveragePooling2D",
    "layers.AdaptiveMaxPooling2D": "keras.layers.AdaptiveMaxPooling2D",
    "layers.GELU": 'keras.layers.Activation("gelu")',
    "layers.GroupNormalization": "keras.layers.GroupNormalization",
    "layers.InstanceNormalization": "keras.layers.GroupNormalization(groups=-1)",
    "layers.MultiHeadAttention": "keras.layers.MultiHeadAttention",
    "layers.SpectralNormalization": "keras.layers.SpectralNormalization",
    "layers.WeightNormalization": "keras.layers.Dense with normalized weights, written by hand",
    "losses.SigmoidFocalCrossEntropy": "keras.losses.BinaryFocalCrossentropy",
    "losses.sigmoid_focal_crossentropy": "keras.losses.binary_focal_crossentropy",
    "metrics.CohenKappa": "sklearn.metrics.cohen_kappa_score",
    "metrics.F1Score": "keras.metrics.F1Score",
    "metrics.FBetaScore": "keras.metrics.FBetaScore",
    "metrics.MatthewsCorrelationCoefficient": "sklearn.metrics.matthews_corrcoef",
    "metrics.RSquare": "keras.metrics.R2Score",
    "optimizers.AdamW": "keras.optimizers.AdamW",
    "optimizers.LAMB": "keras.optimizers.Lamb",
    "optimizers.LazyAdam": "keras.optimizers.Adam",
    "optimizers.MovingAverage": "use_ema=True of the optimizer",
    "optimizers.RectifiedAdam": "keras.optimizers.Adam with a learning rate that warms up",
    "optimizers.SGDW": "keras.optimizers.SGD(weight_decay=...)",
    "optimizers.SWA": "keras.callbacks.SwapEMAWeights",
}
_PARTS = re.compile(r"tensorflow_addons\.(\w+\.\w+)")


@rule("CA423", stage=Stage.NAMES)
def packages(source: Source) -> Iterator[Finding]:
    for node in source.all(cst.Import, cst.ImportFrom):
        packages_of_node = {package for name in _imported(node) for package in _PACKAGES if _is_inside(name, package)}
        for package in sorted(packages_of_node):
            message = f"{package} was made for Keras 2, and is not maintained: {_PACKAGES[package]}"
            if package in _NEEDS_LEGACY:
                if "TF_USE_LEGACY_KERAS" in source.text:
                    continue
                message = f"{package} needs Keras 2: {_about_legacy(source, package)}"
            elif package == "tensorflow_addons":
                message += _replaced_addons(source)
            yield source.finding("CA423", message, node)


def _imported(node: cst.Import | cst.ImportFrom) -> Iterator[str]:
    """Yield the full names that an import statement names."""
    if isinstance(node, cst.Import):
        yield from (dotted(alias.name) for alias in node.names)
    elif not node.relative:
        yield dotted(node.module)
        yield from (f"{dotted(node.module)}.{dotted(alias.name)}" for alias in aliases(node))


def _about_legacy(source: Source, package: str) -> str:
    advice = "set TF_USE_LEGACY_KERAS=1"
    return advice if source.target == "tf_keras" else f"{_PACKAGES[package]}, or --target tf_keras and {advice}"


def _is_inside(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def _replaced_addons(source: Source) -> str:
    """Return the end of the message about TensorFlow Addons: what replaces each of its names that the file uses."""
    names = (name for _, name in source.full_names(cst.Attribute, cst.Name))
    used = sorted({match[1] for match in map(_PARTS.fullmatch, names) if match})
    return "".join(f"; {name} is {_ADDONS[name]}" if name in _ADDONS else f"; {name} is gone" for name in used)

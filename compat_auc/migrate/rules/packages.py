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

_ATTENTION = "Use keras.layers.MultiHeadAttention or keras.layers.Attention."
_COPY = "Copy the parts that you need, and migrate the copy."
_NO_RELEASE = "The package has no release for Keras 3."
# What to use instead of a package, or of one of its modules.
_PACKAGES = {
    "bert4keras": "Use keras_hub.",
    "classification_models": "Use the models in keras.applications.",
    "deepctr": "DeepFM of the last release, 0.9.3, trains with Keras 3. Try the other models.",
    "efficientnet": "Use keras.applications.EfficientNetB0, or efficientnet 1.1.1, which builds with Keras 3.",
    "image_classifiers": "Use the models in keras.applications.",
    "keras_adabound": "Use keras.optimizers.Adam(amsgrad=True).",
    "keras_adamw": "Use keras.optimizers.AdamW.",
    "keras_applications": "Use the models in keras.applications.",
    "keras_bert": "Use keras_hub.models.BertBackbone.",
    "keras_contrib": _COPY,
    "keras_embed_sim": _COPY,
    "keras_gpt_2": "Use keras_hub.models.GPT2Backbone.",
    "keras_layer_normalization": "Use keras.layers.LayerNormalization.",
    "keras_lookahead": "Copy the optimizer, and derive it from keras.optimizers.Optimizer.",
    "keras_lr_multiplier": "Copy the optimizer, and derive it from keras.optimizers.Optimizer.",
    "keras_metrics": "Use keras.metrics.Precision and Recall, and compat_auc.auc_roc.",
    "keras_multi_head": _ATTENTION,
    "keras_pos_embd": "Add an Embedding of the positions, or use keras_hub.layers.SinePositionEncoding.",
    "keras_position_wise_feed_forward": "Use two Dense layers.",
    "keras_preprocessing": "Use keras.utils. Some generators and text functions are gone.",
    "keras_radam": "Use keras.optimizers.Adam with a learning rate that warms up.",
    "keras_resnet": "Use keras.applications.ResNet50.",
    "keras_self_attention": _ATTENTION,
    "keras_tqdm": "Use tqdm.keras.TqdmCallback, or the progress bar of fit().",
    "keras_transformer": "Use keras_hub.layers.TransformerEncoder and TransformerDecoder.",
    "keras_vggface": "Use the models in keras.applications, which have no weights for faces.",
    "keras_xlnet": "Use keras_hub.",
    "kerastuner": "The package is now called keras_tuner.",
    "rl.agents": _NO_RELEASE,
    "rl.memory": _NO_RELEASE,
    "rl.policy": _NO_RELEASE,
    "segmentation_models": "Use release 1.0.1, which builds with Keras 3, or the segmenters of keras_hub.models.",
    "spektral": "Its layers fail in models of Keras 3.",
    "stellargraph": _NO_RELEASE,
    "tensorflow_addons": "The project ended in 2024, and its import fails with Keras 3.",
    "tensorflow_model_optimization": "The package takes no model of Keras 3.",
    "tensorflow_recommenders": "The package refuses Keras 3.",
    "vis.utils": "Use tf_keras_vis.",
    "vis.visualization": "Use tf_keras_vis.",
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
            message = f"{package} was made for Keras 2, and is not maintained. {_PACKAGES[package]}"
            if package in _NEEDS_LEGACY:
                if "TF_USE_LEGACY_KERAS" in source.text:
                    continue
                message = f"{package} needs Keras 2. {_about_legacy(source, package)}"
            elif package == "tensorflow_addons":
                message += _replaced_addons(source)
            yield source.report("CA423", message, node)


def _imported(node: cst.Import | cst.ImportFrom) -> Iterator[str]:
    """Yield the full names that an import statement names."""
    if isinstance(node, cst.Import):
        yield from (dotted(alias.name) for alias in node.names)
    elif not node.relative:
        yield dotted(node.module)
        yield from (f"{dotted(node.module)}.{dotted(alias.name)}" for alias in aliases(node))


def _about_legacy(source: Source, package: str) -> str:
    if source.target == "tf_keras":
        return "Set TF_USE_LEGACY_KERAS=1."
    return f"{_PACKAGES[package]} Or use --target tf_keras, and set TF_USE_LEGACY_KERAS=1."


def _is_inside(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def _replaced_addons(source: Source) -> str:
    """Return the end of the message about TensorFlow Addons: what replaces each of its names that the file uses."""
    names = (name for _, name in source.full_names(cst.Attribute, cst.Name))
    used = sorted({match[1] for match in map(_PARTS.fullmatch, names) if match})
    return "".join(f" {name} is now {_ADDONS[name]}." if name in _ADDONS else f" {name} is gone." for name in used)

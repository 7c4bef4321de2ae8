"""What scripts call a metric, a loss or an activation in a string, where Keras has another word or meaning today."""

from __future__ import annotations

# An AUC, in lower case.
AREAS = {"auc", "auc_roc", "roc_auc", "roc", "roc_auc_score", "auroc", "aucroc", "rocauc", "auc_score", "au_roc"}
PR_AREAS = {"auprc", "auc_pr", "pr_auc", "aucpr", "prauc", "aupr", "auc_prc", "prc_auc", "au_prc", "prc", "pr"}
PRECISIONS = {"average_precision", "average_precision_score", "avg_precision"}
CURVES = {"roc_curve": "auc_roc", "precision_recall_curve": "auc_pr", "pr_curve": "auc_pr"}
AUC_STRINGS = frozenset({*AREAS, *PR_AREAS, *PRECISIONS, *CURVES, "gini"})

COSINE = frozenset({"cosine", "cosine_proximity"})

# By the module that looks the string up, new names of the same object in Keras 3.
RENAMED = {
    "constraints": {"maxnorm": "max_norm", "nonneg": "non_neg", "unitnorm": "unit_norm"},
    "losses": {"kullback_leibler_divergence": "kl_divergence", "logcosh": "log_cosh"},
}

# The hard_sigmoid of Keras 2. Keras 3 has another formula under this name.
HARD_SIGMOID = "lambda x: keras.ops.clip(0.2 * x + 0.5, 0, 1)"

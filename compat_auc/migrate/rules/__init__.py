"""Every rule, one a file, in the order in which they get first say about a place."""

from compat_auc.migrate.rules.auc_functions import auc_functions
from compat_auc.migrate.rules.auc_names import auc_names
from compat_auc.migrate.rules.backend_functions import backend_functions
from compat_auc.migrate.rules.callback_internals import callback_internals
from compat_auc.migrate.rules.checkpoints import checkpoints
from compat_auc.migrate.rules.contrib_imports import contrib_imports
from compat_auc.migrate.rules.convolutions import convolutions
from compat_auc.migrate.rules.estimators import estimators
from compat_auc.migrate.rules.generators import generators
from compat_auc.migrate.rules.graph_mode import graph_mode
from compat_auc.migrate.rules.import_paths import import_paths
from compat_auc.migrate.rules.keyword_arguments import keyword_arguments
from compat_auc.migrate.rules.log_keys import log_keys
from compat_auc.migrate.rules.merge_layers import merge_layers
from compat_auc.migrate.rules.metrics_names import metrics_names
from compat_auc.migrate.rules.monitors import monitors
from compat_auc.migrate.rules.multi_gpu import multi_gpu
from compat_auc.migrate.rules.optimizers import optimizers
from compat_auc.migrate.rules.predictions import predictions
from compat_auc.migrate.rules.random_seeds import random_seeds
from compat_auc.migrate.rules.roc_callbacks import roc_callbacks
from compat_auc.migrate.rules.sessions import sessions
from compat_auc.migrate.rules.sklearn_wrappers import sklearn_wrappers
from compat_auc.migrate.rules.streaming_auc import streaming_auc
from compat_auc.migrate.rules.tensorflow_names import tensorflow_names
from compat_auc.migrate.rules.train_optimizers import train_optimizers

# A phase has its say when the phases before it are at rest: nobody needs to hear of code that a metric took with it.
PHASES = (
    (
        auc_functions,
        auc_names,
        roc_callbacks,
        sklearn_wrappers,
    ),
    (
        callback_internals,
        metrics_names,
        monitors,
        sessions,
        streaming_auc,
        estimators,
        graph_mode,
        merge_layers,
        convolutions,
        generators,
        predictions,
        train_optimizers,
        optimizers,
        checkpoints,
        log_keys,
        random_seeds,
        multi_gpu,
        keyword_arguments,
    ),
    (
        contrib_imports,
        tensorflow_names,
        backend_functions,
        import_paths,
    ),
)

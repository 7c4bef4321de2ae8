"""auc_roc is one object, however it is copied."""

import copy
import pickle

from compat_auc import auc_roc


def test_copies_are_the_same_object():
    assert copy.deepcopy(auc_roc) is auc_roc
    assert pickle.loads(pickle.dumps(auc_roc)) is auc_roc


def test_it_is_a_name():
    assert auc_roc == "auc_roc" and f"{auc_roc}" == "auc_roc" and "val_" + auc_roc == "val_auc_roc"
    assert auc_roc.split("_") == ["auc", "roc"] and auc_roc.split(".") == ["auc_roc"] and auc_roc.strip() == "auc_roc"
    assert auc_roc.__name__ == "auc_roc" and callable(auc_roc)

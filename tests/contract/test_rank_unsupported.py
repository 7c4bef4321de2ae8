"""Where RankAUC does not work, it says what does."""

import pytest

from compat_auc import RankAUC


@pytest.mark.lanes("tf1-keras")
def test_multi_backend_keras():
    with pytest.raises(RuntimeError, match="tf.keras.*RocCounts"):
        RankAUC()

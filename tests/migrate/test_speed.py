"""The work that the tool does grows with the length of a file, not with its square."""

import pytest

from compat_auc.migrate import migrate_source
from compat_auc.migrate.source.tree import Tree

SHAPES = {
    "one name bound again and again": "x = Dense({i}, activation='relu')(x)\nprint(x, np.zeros({i}))\n",
    "a finding on every line": "model_{i}.add(Dense(output_dim={i}, init='normal'))\n",
    "many functions": "def f_{i}(x, y):\n    model = Sequential([Dense({i})])\n    return K.mean(x), model.fit(x, y)\n",
}
HEAD = """
import numpy as np
from keras import backend as K
from keras.layers import Dense, Input
from keras.models import Sequential

x = Input((3,))
"""


def positions_asked_for(body, count, monkeypatch):
    """How often the rules ask where a node stands, which all that compares places does."""
    asked = []
    span = Tree.span
    with monkeypatch.context() as patch:
        patch.setattr(Tree, "span", lambda self, node: asked.append(1) or span(self, node))
        migrate_source(HEAD + "".join(body.format(i=i + 1) for i in range(count)))
    return len(asked)


@pytest.mark.parametrize("shape", SHAPES)
def test_four_times_the_lines_are_not_sixteen_times_the_work(shape, monkeypatch):
    small = positions_asked_for(SHAPES[shape], 25, monkeypatch)
    large = positions_asked_for(SHAPES[shape], 100, monkeypatch)
    assert large < 5 * small

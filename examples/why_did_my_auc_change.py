"""Why did an old auc_roc say 0.8726 when the AUC was 0.6702? Take a recording of Keras 2.3.1 apart, cause by cause.

It reads what the real TensorFlow 1.15 logged (tests/golden), replays it with `explain`, prints a table of the phases,
and draws the picture of the migration guide, which needs matplotlib (pip install compat-auc[plot]). It exits with 1 if
the replay is further from the recording than the race of the old read allows.

    python examples/why_did_my_auc_change.py [why_did_my_auc_change.png]
"""

import json
import pathlib
import sys

import numpy as np

from compat_auc.legacy import explain

PICTURE = pathlib.Path(__file__).with_suffix(".png")

GOLDEN = pathlib.Path(__file__).parents[1] / "tests" / "golden"
STACK, MODEL = "tf1.15-keras2.3", "sigmoid"
RACE = 5e-4


def recording():
    """Return labels, scores, and the recorded logs of training and validation in turns."""
    logs = json.loads((GOLDEN / f"{STACK}.json").read_text())["fit"][MODEL]["logs"]
    with np.load(GOLDEN / f"{STACK}.npz") as arrays:
        labels, scores = arrays[f"fit_{MODEL}_y"], arrays[f"fit_{MODEL}_p"]
    return labels, scores, np.ravel(list(zip(logs["auc_roc"], logs["val_auc_roc"])))


def main(path=PICTURE):
    labels, scores, recorded = recording()
    # Keras 2.3 gives each batch the same weight.
    phases = explain(labels, scores, batch_size=32, epochs=3, validation_rows=300, weigh_batches=False)
    print(phases)
    print("\nrecorded", *(f"{logged:.4f}" for logged in recorded))
    phases.plot().savefig(path, dpi=200)
    print(f"\nPicture: {path}")
    return 0 if np.allclose([phase.logged for phase in phases], recorded, rtol=0, atol=RACE) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

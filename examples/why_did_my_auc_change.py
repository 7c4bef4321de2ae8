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
from matplotlib.figure import Figure

from compat_auc.legacy import explain

PICTURE = pathlib.Path(__file__).with_suffix(".png")

GOLDEN = pathlib.Path(__file__).parents[1] / "tests" / "golden"
STACK, MODEL = "tf1.15-keras2.3", "sigmoid"
RACE = 5e-4
CAUSES = {
    "stale_read": "read one\nbatch early",
    "running_mean": "mean of\nrunning\nvalues",
    "never_reset": "never\nreset,\nshared",
    "thresholds": "200\nthresholds",
}


def recording():
    """Return labels, scores, and the recorded logs of training and validation in turns."""
    logs = json.loads((GOLDEN / f"{STACK}.json").read_text())["fit"][MODEL]["logs"]
    with np.load(GOLDEN / f"{STACK}.npz") as arrays:
        labels, scores = arrays[f"fit_{MODEL}_y"], arrays[f"fit_{MODEL}_p"]
    return labels, scores, np.ravel(list(zip(logs["auc_roc"], logs["val_auc_roc"])))


def print_table(phases, recorded):
    print("epoch  phase       recorded  replayed  true AUC  stale read  running mean  never reset  thresholds")
    for phase, logged in zip(phases, recorded):
        print(
            f"{phase.epoch:5}  {phase.phase:10}  {logged:8.4f}  {phase.logged:8.4f}  {phase.auc:8.4f}"
            f"  {phase.stale_read:+10.4f}  {phase.running_mean:+12.4f}  {phase.never_reset:+11.4f}"
            f"  {phase.thresholds:+10.4f}"
        )


def draw(phases, recorded):
    """Draw the logged values beside the true ones, and the steps from one to the other in the first validation."""
    figure = Figure(figsize=(11, 4.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    names = [f"{phase.phase}\nepoch {phase.epoch}" for phase in phases]
    left.plot(names, recorded, "o-", label="logged by Keras 2.3.1")
    left.plot(names, [phase.logged for phase in phases], "x", color="black", label="replayed by explain()")
    left.plot(names, [phase.auc for phase in phases], "s", label="true AUC (scikit-learn)")
    left.set(ylabel="AUC", title="One frozen model, three epochs")
    left.tick_params(axis="x", labelsize="small")
    left.legend()

    phase = phases[1]
    steps = [-getattr(phase, cause) for cause in CAUSES]
    starts = phase.logged + np.cumsum([0, *steps])
    right.bar(0, phase.logged, color="C0")
    for place, (step, start) in enumerate(zip(steps, starts), 1):
        right.bar(place, step, bottom=start, color="C3" if step < 0 else "C2")
        right.annotate(f"{step:+.4f}", (place, max(start, start + step)), ha="center", va="bottom")
    right.bar(len(CAUSES) + 1, phase.auc, color="C1")
    for place, value in ((0, phase.logged), (len(CAUSES) + 1, phase.auc)):
        right.annotate(f"{value:.4f}", (place, value), ha="center", va="bottom")
    right.set_xticks(range(len(CAUSES) + 2), ["logged", *CAUSES.values(), "true\nAUC"], fontsize="small")
    right.set(ylim=(0.6, 0.95), title="val_auc_roc of epoch 1, one cause less at a time")
    return figure


def main(path=PICTURE):
    labels, scores, recorded = recording()
    # Keras 2.3 gives each batch the same weight.
    phases = explain(labels, scores, batch_size=32, epochs=3, validation_rows=300, weigh_batches=False)
    print_table(phases, recorded)
    draw(phases, recorded).savefig(path, dpi=110)
    print(f"\nPicture: {path}")
    return 0 if np.allclose([phase.logged for phase in phases], recorded, rtol=0, atol=RACE) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""The README's tables of versions, written from what run.py found.

python tests/versions/readme.py
"""

from __future__ import annotations

import json
import pathlib

import environments

HERE = pathlib.Path(__file__).parent
README = HERE.parents[1] / "README.md"
RESULTS = HERE / "results.json"
BEGIN = "<!-- From tests/versions/results.json, by tests/versions/readme.py. -->\n"
END = "<!-- The end of what readme.py writes. -->\n"
TENSORFLOW = {
    "tf2": "`tf.keras`, eager",
    "tf2-graph": "graph",
    "keras3": "Keras 3",
    "tf_keras": "`tf_keras`, eager",
    "tf_keras-graph": "graph",
}
KERAS_3 = {"": "on TensorFlow", "-jax": "on JAX", "-torch": "on torch"}


def ours(known):
    """The known failures of our metric; Keras's own, which fails in the same place, is counted beside it."""
    return {check: reason for check, reason in known.items() if "[own" not in check}


def cell(result, stack):
    """How many checks passed, of how many."""
    if stack not in result.get("stacks", {}):
        return ""
    outcome = result["stacks"][stack]
    return f"{outcome['passed']} of {outcome['passed'] + len(outcome['failed']) + len(ours(outcome['known']))}"


def table(head, rows):
    """A table of Markdown."""
    return "".join(f"| {' | '.join(row)} |\n" for row in [head, ["---"] * len(head), *rows])


def tensorflow_table(results):
    """A row for each minor version of TensorFlow; the last one of TensorFlow 1 has one for multi-backend Keras, too."""
    rows = []
    for name, result in results.items():
        if name == "tensorflow-1.14" or not name.startswith(("tensorflow-", "keras-2")):
            continue
        versions, stacks = result["versions"], result["stacks"]
        graph = next((stack for stack in ("tf1", "tf1-keras") if stack in stacks), "tf2-graph")
        cells = [cell(result, graph if stack == "tf2-graph" else stack) for stack in TENSORFLOW]
        keras = "" if {"tf1", "tf2"} & set(stacks) else versions.get("keras") or versions["keras-nightly"]
        rows.append([versions["tensorflow"], result["python"], versions["numpy"], *cells[:2], keras, *cells[2:]])
    names = list(TENSORFLOW.values())
    return table(["TensorFlow", "Python", "NumPy", *names[:2], "Keras", *names[2:]], rows)


def keras_table(results):
    """A row for each minor version of Keras 3."""
    rows = []
    for minor in environments.KERAS_3:
        beside = [results.get(f"keras-{minor}{backend}", {}) for backend in KERAS_3]
        versions = next((result["versions"] for result in beside if "versions" in result), None)
        stacks = [f"keras3{backend}" for backend in KERAS_3]
        if versions:
            rows.append([versions["keras"], versions.get("tensorflow", ""), *map(cell, beside, stacks)])
    return table(["Keras", "TensorFlow", *KERAS_3.values()], rows)


def reasons(results):
    """What others cannot do, once each, with the checks that met it."""
    checks: dict[str, set[str]] = {}
    for result in results.values():
        for outcome in result.get("stacks", {}).values():
            for check, reason in ours(outcome["known"]).items():
                checks.setdefault(reason, set()).add(f"`{check.partition('[')[0]}`")
    return "".join(f"- {reason}: {', '.join(sorted(names))}.\n" for reason, names in sorted(checks.items()))


def written(results):
    """What stands in the README between the two comments."""
    return (
        f"\n{tensorflow_table(results)}\n{keras_table(results)}\nThe checks that did not pass fail with Keras's own "
        f"metric, too:\n\n{reasons(results)}\n"
    )


def main():
    text = README.read_text("utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    new = written(json.loads(RESULTS.read_text("utf-8")))
    README.write_text(f"{before}{BEGIN}{new}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()

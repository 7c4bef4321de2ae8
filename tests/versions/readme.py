"""The tables of versions, written from what run.py found: all of them beside this file, a short one in the README.

python tests/versions/readme.py
"""

from __future__ import annotations

import json
import pathlib
import re

import environments

HERE = pathlib.Path(__file__).parent
SHORT, WHOLE = HERE.parents[1] / "README.md", HERE / "README.md"
RESULTS = HERE / "results.json"
BEGIN = "<!-- From tests/versions/results.json, by tests/versions/readme.py. -->\n"
END = "<!-- The end of what readme.py writes. -->\n"
TENSORFLOW = {
    "keras2": "`tf.keras`, eager",
    "keras2-graph": "graph",
    "keras3": "Keras 3",
    "tf_keras": "`tf_keras`, eager",
    "tf_keras-graph": "graph",
}
# There the checks hold that it is refused.
TOO_OLD = "tensorflow-1.14"
# What a reader looks for -> the stacks that are it.
KINDS = {
    "`tf.keras`": ("keras2",),
    "`tf.keras`, graph mode": ("tf1", "keras2-graph"),
    "multi-backend `keras` 2, graph mode": ("tf1-keras",),
    "`keras` 3 on TensorFlow": ("keras3",),
    "`keras` 3 on JAX": ("keras3-jax",),
    "`keras` 3 on torch": ("keras3-torch",),
    "`tf_keras`": ("tf_keras",),
    "`tf_keras`, graph mode": ("tf_keras-graph",),
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
        if name == TOO_OLD or not name.startswith(("tensorflow-", "keras-2")):
            continue
        versions, stacks = result["versions"], result["stacks"]
        graph = next((stack for stack in ("tf1", "tf1-keras") if stack in stacks), "keras2-graph")
        cells = [cell(result, graph if stack == "keras2-graph" else stack) for stack in TENSORFLOW]
        keras = "" if {"tf1", "keras2"} & set(stacks) else versions.get("keras") or versions["keras-nightly"]
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


def spans(versions):
    """Minor versions in words: those that follow one another are joined, and a pre-release is named.

    >>> spans({"2.0.4", "2.1.4", "2.2.3", "2.10.1", "1.15.5", "2.11.0rc1"})
    '1.15, 2.0 to 2.2, 2.10, 2.11.0rc1'
    """
    released = {version for version in versions if re.fullmatch(r"[\d.]+", version)}
    joined = []
    for major, minor in sorted({tuple(map(int, version.split(".")[:2])) for version in released}):
        if joined and joined[-1][-1] == (major, minor - 1):
            joined[-1].append((major, minor))
        else:
            joined.append([(major, minor)])
    ends = [dict.fromkeys("%d.%d" % end for end in (span[0], span[-1])) for span in joined]
    return ", ".join([*(" to ".join(span) for span in ends), *sorted(versions - released)])


def short(results):
    """A row for each kind of Keras: the releases on which nothing of ours failed."""
    rows = []
    for kind, stacks in KINDS.items():
        passed = [
            result["versions"] | {"python": result["python"]}
            for name, result in results.items()
            for stack, outcome in result["stacks"].items()
            if stack in stacks and not outcome["failed"] and name != TOO_OLD
        ]
        tensorflow, keras, python = (
            spans({versions[name] for versions in passed if name in versions})
            for name in ("tensorflow", "keras", "python")
        )
        rows.append([kind, tensorflow, keras if "`keras`" in kind else "", python])
    return table(["", "TensorFlow", "Keras", "Python"], rows)


def when(results):
    """The first and the last day on which one of the results was measured.

    >>> when({"keras-3.0": {"date": "2026-11-24"}, "keras-3.1": {"date": "2026-11-30"}})
    '2026-11-24 to 2026-11-30'
    """
    days = [result["date"] for result in results.values()]
    return " to ".join(dict.fromkeys((min(days), max(days))))


def whole(results):
    """Every release, and what others cannot do there."""
    return (
        f"\nMeasured on {when(results)}.\n\n{tensorflow_table(results)}\n{keras_table(results)}\n"
        f"The checks that did not pass fail with Keras's own metric, too:\n\n{reasons(results)}\n"
    )


def between(text, new=None):
    """What stands between the two comments, or the text with something new there."""
    before, after = text.split(BEGIN)
    old, after = after.split(END)
    return old if new is None else f"{before}{BEGIN}{new}{END}{after}"


def main():
    results = json.loads(RESULTS.read_text("utf-8"))
    for path, new in ((SHORT, f"\n{short(results)}\n"), (WHOLE, whole(results))):
        path.write_text(between(path.read_text("utf-8"), new), encoding="utf-8")


if __name__ == "__main__":
    main()

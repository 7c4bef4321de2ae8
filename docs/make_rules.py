"""Write docs/rules.md and the guide's chapter of messages: `python docs/make_rules.py`.

The page comes from the docstrings of the rules. The chapter comes from compat_auc/migrate/messages.md, which
`compat-auc explain` reads.
"""

from __future__ import annotations

from pathlib import Path

from compat_auc.migrate import codes, messages

PAGE = Path(__file__).with_name("rules.md")
GUIDE = Path(__file__).parents[1] / "migration_guide.md"
# The chapter stands between these lines of the guide.
START = "<!-- From compat_auc/migrate/messages.md, by docs/make_rules.py. -->"
END = "<!-- The end of what make_rules.py writes. -->"
HEAD = """\
# Finding codes

<!-- From the docstrings of the rules, by docs/make_rules.py. -->

`compat-auc check` prints one line for each finding, `path:line:column CODE message`. `compat-auc migrate` rewrites what
it can, and prints the rest. Every code has its section here: what changes, why, and what stays as it is. The `diff`
blocks are what `migrate` makes of the old code, to the letter.

`compat-auc explain CA104` prints a section. `--select CA1,CA402` and `--ignore CA403` choose codes, and `--list-rules`
lists them with the rules that yield them. `# compat-auc: ignore[CA402]` on a line keeps that line.

For [pre-commit](https://pre-commit.com), write this into `.pre-commit-config.yaml`. Until the first release, OWNER has
no repository: put the path of a clone for `repo`, and a commit for `rev`. The hook `compat-auc-migrate` changes files,
and `compat-auc-check` only reports:

```yaml
repos:
  - repo: https://github.com/OWNER/compat-auc
    rev: v1.1.0
    hooks:
      - id: compat-auc-check
        args: [--ignore=CA108]
```

In a workflow of GitHub, annotations show each finding at its line:

```yaml
- run: pip install "compat-auc[migrate]"
- run: compat-auc check --format github scripts
```
"""
CHAPTERS = {
    "CA1": "## AUC metrics\n",
    "CA2": "## Callbacks\n",
    "CA3": "## TensorFlow 1 graph code\n",
    "CA4": "## Keras\n",
    "CA5": "## The file, and what is around it\n",
    "CA6": """\
## The API of the target

After all rules, every import, every name of TensorFlow, Keras, `tf_keras` and `tf_slim`, and the arguments of every
known call are looked up in the API of the target. If a file has none of these findings, its imports work, and its calls
have the right arguments. `compat-auc` carries that API as data, so you need not install either package.
""",
}


def page():
    """The text of the page."""
    parts = [HEAD]
    for prefix, chapter in CHAPTERS.items():
        sections = [section for section in codes.sections().values() if section.code.startswith(prefix)]
        parts += [chapter, *(f"### {section.code}: {section.heading}\n\n{section.text}\n" for section in sections)]
    return "\n".join(parts)


def guide():
    """The text of the guide, with the chapter of messages as it is now."""
    before, rest = GUIDE.read_text(encoding="utf-8").split(START)
    _, after = rest.split(END)
    return f"{before}{START}\n\n{messages.CHAPTER.read_text(encoding='utf-8')}\n{END}{after}"


if __name__ == "__main__":
    GUIDE.write_text(guide(), encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")

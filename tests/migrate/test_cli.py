"""The commands as a user calls them: output, exit codes, and what lies on disk afterwards."""

import json
import os
import pathlib
import re
import subprocess
import sys
import textwrap

import pytest

from compat_auc.command import cli, commands, report
from compat_auc.migrate.documents import files, pipeline
from compat_auc.migrate.running import program

OLD = "import keras\nx = keras.utils.np_utils.to_categorical(y)\n"
NEW = "import keras\nx = keras.utils.to_categorical(y)\n"
BROKEN = "import keras\nprint 'old\n"


def command(*args, stdin=None, cwd=None, text=True):
    arguments = [sys.executable, "-m", "compat_auc", *map(str, args)]
    return subprocess.run(arguments, input=stdin, capture_output=True, text=text, cwd=cwd, timeout=120)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "old.py").write_text(OLD)
    (tmp_path / "new.py").write_text(NEW)
    (tmp_path / "notes.txt").write_text(BROKEN)
    return tmp_path


def test_migrate_prints_a_diff_and_writes_nothing(folder):
    done = command("migrate", folder)
    assert done.returncode == 0
    assert "-x = keras.utils.np_utils.to_categorical(y)\n+x = keras.utils.to_categorical(y)\n" in done.stdout
    assert (folder / "old.py").read_text() == OLD


def test_migrate_write(folder):
    assert command("migrate", "--write", folder).returncode == 0
    assert (folder / "old.py").read_text() == NEW
    assert sorted(path.name for path in folder.iterdir()) == ["new.py", "notes.txt", "old.py"]
    again = command("migrate", "--write", folder)
    assert again.returncode == 0 and again.stdout == ""


def test_migrate_check(folder):
    assert command("migrate", "--check", folder).returncode == 1
    assert command("migrate", "--check", folder / "new.py").returncode == 0
    assert (folder / "old.py").read_text() == OLD


def test_check_lists_findings(folder):
    found = command("check", folder)
    assert found.returncode == 1
    name = folder / "old.py"
    assert found.stdout == f"{name}:2:5 CA401 keras.utils.np_utils.to_categorical is now keras.utils.to_categorical.\n"
    clean = command("check", folder / "new.py")
    assert (clean.returncode, clean.stdout) == (0, "")


def test_standard_input():
    assert "+x = keras.utils.to_categorical(y)" in command("migrate", "-", stdin=OLD).stdout
    assert command("migrate", "--write", "-", stdin=OLD).stdout == NEW
    assert command("migrate", "--write", "-", stdin=NEW).stdout == NEW
    assert command("check", "-", stdin=OLD).returncode == 1
    assert command("migrate", "-", stdin=BROKEN).returncode == 123
    latin = b"# coding: latin-1\nimport keras\nkeras.utils.np_utils.normalize('\xe9')\n"
    assert command("migrate", "--write", "-", stdin=latin, text=False).stdout == latin.replace(b".np_utils", b"")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["migrate"], "required: PATH\n"),
        (["migrate", "--nonsense", "x"], "unrecognized arguments: --nonsense\n"),
        (["migrate", "--write", "--check", "x"], "--check: not allowed with argument --write\n"),
        (["check", "--target", "keras9", "x"], "invalid choice: 'keras9' (choose from "),
        (["run"], "required: SCRIPT\n"),
    ],
)
def test_usage(args, message, capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(args)
    assert caught.value.code == 2
    assert message in capsys.readouterr().err


def test_without_arguments_it_prints_its_help(capsys):
    assert cli.main([]) == 2
    assert "run train.py" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["", "run", "migrate", "check", "doctor"])
def test_help_fits_a_screen_and_has_an_example(name, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as caught:
        cli.main([*name.split(), "--help"])
    lines = capsys.readouterr().out.splitlines()
    assert caught.value.code == 0
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert any(f"compat-auc {name}" in line for line in lines[4:])


def test_a_broken_file_does_not_stop_the_others(folder):
    (folder / "bad.py").write_text(BROKEN)
    (folder / "latin.py").write_bytes(b"import keras\n\nname = '\xe9'\n")
    done = command("migrate", "--write", folder)
    assert done.returncode == 123
    assert f"{folder / 'bad.py'}:2: Not Python 3" in done.stderr
    assert f"{folder / 'latin.py'}:3: Not utf-8" in done.stderr
    assert (folder / "old.py").read_text() == NEW
    assert "neither Python 3 nor Python 2" in done.stderr
    assert (folder / "bad.py").read_text() == BROKEN
    assert command("check", folder).returncode == 123


def test_python_2_without_keras_is_moved_too(tmp_path):
    (tmp_path / "plain.py").write_text("print 'hello'\n")
    assert command("check", tmp_path).returncode == 1
    assert command("migrate", "--write", tmp_path).returncode == 0
    assert (tmp_path / "plain.py").read_text() == "print('hello')\n"


def test_broken_files_without_keras_are_reported_too(tmp_path):
    (tmp_path / "plain.py").write_text("print(\n")
    assert command("check", tmp_path).returncode == 123


def test_a_file_of_which_nothing_would_be_left_is_kept_and_does_not_stop_the_others(folder, capsys):
    (folder / "gone.py").write_text("import tensorflow.contrib.metrics\n")
    assert cli.main(["migrate", "--write", str(folder)]) == 123
    assert f"{folder / 'gone.py'}:1: Nothing would be left" in capsys.readouterr().err
    assert (folder / "gone.py").read_text() == "import tensorflow.contrib.metrics\n"
    assert (folder / "old.py").read_text() == NEW


def test_what_is_missing_or_holds_no_scripts_is_said(folder, capsys):
    (folder / "empty").mkdir()
    assert cli.main(["check", str(folder / "empty")]) == 0
    assert f"no scripts or notebooks (.py, .ipynb) in {folder / 'empty'}" in capsys.readouterr().err
    assert cli.main(["migrate", "--write", str(folder / "old.py"), str(folder / "missing.py")]) == 123
    error = capsys.readouterr().err
    assert f"{folder / 'missing.py'}:1: No such file" in error
    assert "1 of 2 files changed, 1 could not be processed" in error


def test_a_diff_counts_lines_as_patch_does(tmp_path, capsys):
    (tmp_path / "old.py").write_text("# one line,\f and still the same\n" + OLD)
    assert cli.main(["migrate", str(tmp_path)]) == 0
    assert "\n@@ -1,3 +1,3 @@\n # one line,\f and still the same\n" in capsys.readouterr().out


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_a_name_that_the_terminal_cannot_show(folder, monkeypatch, encoding):
    (folder / "old.py").rename(folder / os.fsdecode(b"\xff.py"))
    monkeypatch.setenv("PYTHONIOENCODING", f"{encoding}:strict")
    done = command("check", folder, text=False)
    assert done.returncode == 1
    assert (b"/\xff.py:2:5 CA401" if encoding == "utf-8" else b"/\\udcff.py:2:5 CA401") in done.stdout


def test_a_reader_that_goes_away(folder):
    with subprocess.Popen(
        [sys.executable, "-m", "compat_auc", "migrate", folder], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_an_interrupt_ends_it_without_a_traceback(folder, monkeypatch, capsys):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "process", interrupt)
    assert cli.main(["migrate", "--write", str(folder)]) == 130
    stopped, interrupted = capsys.readouterr().err.splitlines()
    assert stopped.startswith("compat-auc: stopped at ") and stopped.endswith(".py")
    assert interrupted == "compat-auc: interrupted. No file is half written."


@pytest.mark.parametrize("command", ["check", "migrate"])
def test_the_section_of_each_code_that_is_printed_is_named_once(tmp_path, monkeypatch, capsys, command):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.py").write_text(OLD + "keras.backend.no_such(1)\nkeras.backend.nothing(2)\n")
    cli.main([command, "old.py"])
    named = [line for line in capsys.readouterr().err.splitlines() if "explain" in line]
    last = ["compat-auc explain CA404: backend functions"]
    assert named[-1:] == last and len(named) == len(set(named)) == (1 if command == "migrate" else 2), named


def test_json(folder):
    (folder / "bad.py").write_text(BROKEN)
    done = command("migrate", "--format", "json", folder)
    answer = json.loads(done.stdout)
    by_name = {os.path.basename(one["path"]): one for one in answer["files"]}
    assert by_name["old.py"]["changed"] and not by_name["new.py"]["changed"]
    assert by_name["old.py"]["findings"][0] == {
        "code": "CA401",
        "line": 2,
        "column": 5,
        "message": "keras.utils.np_utils.to_categorical is now keras.utils.to_categorical.",
        "rewritten": True,
    }
    assert answer["version"] == report.JSON_VERSION == 1
    assert answer["failed"][0]["line"] == 2
    assert json.loads(command("check", "--format", "json", folder).stdout)["findings"] == 1


def keys(value):
    """Every key in a JSON document, but the codes, which are keys of one object."""
    if isinstance(value, dict):
        names = {name for name in value if not name.startswith("CA")}
        return names.union(*map(keys, value.values()))
    return set().union(*map(keys, value)) if isinstance(value, list) else set()


def test_the_page_of_the_json_document_names_each_key_and_its_example_is_real(tmp_path, monkeypatch, capsys):
    page = (pathlib.Path(__file__).parents[2] / "docs" / "json.md").read_text()
    monkeypatch.chdir(tmp_path)
    cell = {"cell_type": "code", "source": "from keras.models import *\nK.sum(1)\nK.sum(2)\n"}
    (tmp_path / "train.ipynb").write_text(json.dumps({"cells": [cell], "metadata": {}}))
    (tmp_path / "old.py").write_text(OLD)
    (tmp_path / "bad.py").write_text(BROKEN)
    assert cli.main(["check", "--format", "json", "."]) == 123
    answer = json.loads(capsys.readouterr().out)
    documented = set(re.findall(r"^\| `(\w+)`", page, re.MULTILINE))
    assert documented == keys(answer)
    cli.main(["check", "--format", "json", "old.py"])
    answer = json.loads(capsys.readouterr().out)
    answer["codes"]["CA401"]["section"] = "..."
    assert json.loads(page.split("```json\n")[1].split("```")[0]) == answer


@pytest.mark.parametrize("text", ["from keras.models import *\n" + "y = K.sum(x)\n" * 12])
def test_one_report_for_one_cause(text, tmp_path, capsys):
    path = tmp_path / "old.py"
    path.write_text(text)
    cli.main(["check", str(path)])
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "CA601" in line]
    assert line.startswith(f"{path}:2:5 CA601 ")
    lines = ", ".join(f"line {number}" for number in range(2, 10))
    assert line.endswith(f" (12 times: {lines} and 4 more)")
    cli.main(["check", "--format", "json", str(path)])
    answer = json.loads(capsys.readouterr().out)
    (finding,) = [finding for finding in answer["files"][0]["findings"] if finding["code"] == "CA601"]
    assert [other["line"] for other in finding["repeats"]] == [*range(3, 14)]


def test_reports_of_two_causes_stay_two(tmp_path, capsys):
    (tmp_path / "old.py").write_text("from keras.models import *\nK.sum(x)\nimport keras\nkeras.nothing\n" + OLD + OLD)
    cli.main(["check", str(tmp_path)])
    out = capsys.readouterr().out
    assert out.count("CA601") == 2 and out.count("CA401 keras.utils.np_utils") == 2 and " times" not in out


def write_notebook(folder):
    sources = ["%matplotlib inline\n", *OLD.splitlines(keepends=True)], "import keras\nkeras.nothing\nkeras.nothing"
    cells = [{"cell_type": "markdown", "source": "title"}]
    cells += [{"cell_type": "code", "source": source} for source in sources]
    (folder / "n.ipynb").write_text(json.dumps({"cells": cells, "metadata": {}}, indent=1))


def test_a_notebook_is_named_by_cell_and_line(tmp_path, monkeypatch, capsys):
    write_notebook(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert cli.main(["check", "n.ipynb"]) == 1
    first, second = capsys.readouterr().out.splitlines()
    assert first == "n.ipynb:cell 2:3:5 CA401 keras.utils.np_utils.to_categorical is now keras.utils.to_categorical."
    assert second.startswith("n.ipynb:cell 3:2:1 CA601 ")
    assert second.endswith(" (2 times: cell 3 line 2, cell 3 line 3)")
    cli.main(["check", "--format", "json", "n.ipynb"])
    findings = json.loads(capsys.readouterr().out)["files"][0]["findings"]
    assert [(finding["cell"], finding["line"]) for finding in findings] == [(2, 3), (3, 2)]
    assert findings[1]["repeats"] == [{"cell": 3, "line": 3, "column": 1}]


def test_the_diff_of_a_notebook_is_that_of_its_cells(tmp_path, monkeypatch, capsys):
    write_notebook(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert cli.main(["migrate", "n.ipynb"]) == 0
    assert capsys.readouterr().out == (
        "--- n.ipynb:cell 2\n+++ n.ipynb:cell 2\n@@ -1,3 +1,3 @@\n %matplotlib inline\n import keras\n"
        "-x = keras.utils.np_utils.to_categorical(y)\n+x = keras.utils.to_categorical(y)\n"
    )


def test_github_prints_annotations_at_lines_of_the_file_and_text(tmp_path, monkeypatch, capsys):
    write_notebook(tmp_path)
    (tmp_path / "old.py").write_text(OLD)
    monkeypatch.chdir(tmp_path)
    assert cli.main(["check", "--format", "github", "n.ipynb", "old.py"]) == 1
    lines = capsys.readouterr().out.splitlines()
    message = "keras.utils.np_utils.to_categorical is now keras.utils.to_categorical."
    number = next(
        number for number, line in enumerate((tmp_path / "n.ipynb").read_text().splitlines(), 1) if "np_utils" in line
    )
    assert lines[0] == f"n.ipynb:cell 2:3:5 CA401 {message}"
    assert lines[1].startswith(f"::warning file=n.ipynb,line={number},col=5,title=CA401")
    assert lines[1].endswith(f"::cell 2, line 3: {message}")
    assert lines[4] == f"old.py:2:5 CA401 {message}"
    assert lines[5].endswith(f"::{message}") and "file=old.py,line=2,col=5," in lines[5]


COLORED = (
    "\033[31m-x = keras.utils.np_utils.to_categorical(y)\033[0m\n\033[32m+x = keras.utils.to_categorical(y)\033[0m\n"
)


@pytest.mark.parametrize(
    ("color", "terminal", "variables", "colored"),
    [
        (None, True, {}, True),
        (None, False, {}, False),
        (None, True, {"NO_COLOR": "1"}, False),
        (None, True, {"NO_COLOR": ""}, True),
        (None, True, {"TERM": "dumb"}, False),
        ("always", False, {"NO_COLOR": "1"}, True),
        ("never", True, {}, False),
        ("auto", True, {}, True),
    ],
)
def test_colors_of_the_diff(folder, monkeypatch, capsys, color, terminal, variables, colored):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    cli.main(["migrate", *([f"--color={color}"] if color else []), str(folder)])
    out = capsys.readouterr().out
    assert (COLORED in out) == colored and ("\033" in out) == colored


def test_target(folder):
    done = command("migrate", "--target", "tf_keras", folder / "new.py")
    assert "+import tf_keras as keras\n" in done.stdout


@pytest.mark.parametrize(
    ("legacy", "installed", "target"),
    [
        ("", ["keras", "tf_keras"], "keras3"),
        ("1", ["keras", "tf_keras"], "tf_keras"),
        ("1", ["keras"], "keras3"),
        ("", ["tf_keras"], "tf_keras"),
        ("", [], "keras3"),
    ],
)
def test_run_moves_a_script_to_the_keras_that_is_installed(tmp_path, monkeypatch, capsys, legacy, installed, target):
    (tmp_path / "old.py").write_text("f(")
    monkeypatch.setenv("TF_USE_LEGACY_KERAS", legacy)
    monkeypatch.setattr(commands, "find_spec", lambda name: name in installed or None)
    load, loaded = program.load, []
    monkeypatch.setattr(program, "load", lambda path, target: loaded.append(target) or load(path, target))
    assert cli.main(["run", str(tmp_path / "old.py")]) == 123
    assert loaded == [target]


def test_names_that_other_files_import_stay_defined(tmp_path):
    metrics = "import tensorflow as tf\nimport keras\n\n\n{}\n\n\nMETRICS = [{}]\n"
    old = metrics.format("def auc(y_true, y_pred):\n    return tf.metrics.auc(y_true, y_pred)[1]", "auc")
    (tmp_path / "metrics.py").write_text(old)
    (tmp_path / "train.py").write_text("from metrics import (\n    METRICS,\n    auc,  # the metric\n)\n")
    assert command("migrate", "--write", tmp_path).returncode == 0
    assert '\nauc = auc_roc(name="auc")\n' in (tmp_path / "metrics.py").read_text()
    (tmp_path / "metrics.py").write_text(old)
    (tmp_path / "train.py").write_text("import metrics as m\nprint(m.METRICS)\n")
    assert command("migrate", "--write", tmp_path).returncode == 0
    assert "auc = " not in (tmp_path / "metrics.py").read_text()


def test_no_framework_is_imported_and_start_up_is_fast(folder):
    code = """
        import sys
        from compat_auc.command.cli import main
        status = main(sys.argv[1:])
        heavy = {"tensorflow", "keras", "tf_keras", "numpy", "sklearn", "torch", "jax"} & set(sys.modules)
        assert not heavy, heavy
        sys.exit(status)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), "check", str(folder / "new.py")], capture_output=True, timeout=60
    )
    assert done.returncode == 0, done.stderr


def test_without_the_parser_it_says_what_to_install(folder, monkeypatch, capsys):
    monkeypatch.setattr(cli, "find_spec", lambda name: None)
    assert cli.main(["check", str(folder)]) == 2
    said = capsys.readouterr().err
    assert "compat-auc[migrate]" in said


def test_permissions_and_links_are_kept(folder):
    path = folder / "old.py"
    path.chmod(0o750)
    link = folder / "link.py"
    link.symlink_to(path)
    assert command("migrate", "--write", link).returncode == 0
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o750
    assert path.read_text() == NEW


def test_a_file_that_cannot_be_written_is_reported_and_kept(folder, monkeypatch, capsys):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files, "write", refuse)
    assert cli.main(["migrate", "--write", str(folder)]) == 123
    assert "old.py:1: Permission denied" in capsys.readouterr().err
    assert (folder / "old.py").read_text() == OLD

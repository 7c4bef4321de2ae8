"""Encodings, newlines and the atomic write."""

import os
import shutil
import subprocess
import sys

import pytest

from compat_auc.migrate.documents import document, files, pipeline

OLD = "import keras\nname = 'caf\u00e9'\nx = keras.utils.np_utils.to_categorical(y)\n"
NEW = OLD.replace("utils.np_utils.to", "utils.to")


def rewritten(tmp_path, data, name="script.py"):
    path = tmp_path / name
    path.write_bytes(data)
    outcome = pipeline.process(str(path), data, "keras3")
    assert outcome.error == ""
    assert outcome.changed
    files.write(str(path), outcome.data, data)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("", "utf-8"),
        ("\ufeff", "utf-8"),
        ("# -*- coding: latin-1 -*-\n", "latin-1"),
        ("#!/usr/bin/env python\n# vim: set fileencoding=cp1252 :\n", "cp1252"),
        ("# coding: gbk\n# \u6307\u5b9a\n", "gbk"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_encoding_and_newlines_are_kept(tmp_path, head, encoding, newline):
    old, new = (
        (head + text).replace("caf\u00e9" if encoding == "gbk" else "", "cafe" if encoding == "gbk" else "")
        for text in (OLD, NEW)
    )
    old, new = (text.replace("\n", newline).encode(encoding) for text in (old, new))
    assert rewritten(tmp_path, old) == new


def test_mixed_newlines_are_kept(tmp_path):
    old = b"import keras\r\na = 1\nb = '''x\r\ny\n'''\r\nx = keras.utils.np_utils.to_categorical(y)\n"
    assert rewritten(tmp_path, old) == old.replace(b"utils.np_utils.to", b"utils.to")


@pytest.mark.parametrize("indent", ["\t", " ", "   "])
def test_indents_are_kept(tmp_path, indent):
    old = f"import keras\ndef f(y):\n{indent}if y:\n{indent * 2}return keras.utils.np_utils.normalize(y)\n".encode()
    assert rewritten(tmp_path, old) == old.replace(b"utils.np_utils.n", b"utils.n")


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"import keras\nx = '\xff'\n", 2),
        (b"x = '\xff'\nimport keras\n", 1),
        (b"# coding: nonsense\nimport keras\n", 1),
        (b"import keras\n\0\n", 2),
        (b"import keras\nif x:\n\ty = 1\n    z = 2\n", 4),
        (b"import keras\n\n\nf(\n", 4),
        (b"import keras\n\nx = 1\n%%time\ny = (2\n", 5),
    ],
)
def test_what_cannot_be_read_is_reported_with_its_line(data, line):
    outcome = pipeline.process("script.py", data, "keras3")
    assert outcome.error
    assert outcome.error_line == line
    assert not outcome.changed


NEWER = "Run compat-auc on Python 3.12 or newer if the code is that new."


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="Python 3.12 reads it")
@pytest.mark.parametrize(
    "line", ["type A = int", "type A[T] = list[T]", "def f[T](x): pass", "class C[T]: pass", "x = f'{d['a']}'"]
)
def test_code_of_a_newer_python_is_said_to_be_one(line):
    outcome = pipeline.process("script.py", f"import keras\n{line}\n".encode(), "keras3")
    assert outcome.error.startswith("Not Python 3: ") and NEWER in outcome.error
    assert outcome.error_line == 2


@pytest.mark.parametrize("line", ["def f(", "class :", "type = = 3", "x = 'a' b"])
def test_other_errors_are_not(line):
    outcome = pipeline.process("script.py", f"import keras\n{line}\n".encode(), "keras3")
    assert outcome.error and NEWER not in outcome.error


@pytest.mark.parametrize("count", [600, 20_000])
@pytest.mark.parametrize(("text", "more"), [("y{}", " + y"), ("('a'{})", " 'a'")])
def test_nested_too_deeply_is_said(count, text, more):
    code = f"import keras\nx = keras.layers.core.Dense({text.format(more * count)})\n"
    outcome = pipeline.process("script.py", code.encode(), "keras3")
    assert "nested too deeply" in outcome.error and "Not Python" not in outcome.error


@pytest.mark.parametrize(("text", "more"), [("y{}", " + y"), ("('a'{})", " 'a'")])
def test_depth_where_nothing_is_found_is_no_reason(text, more):
    code = f"from keras.layers.core import Dense\nx = {text.format(more * 600)}\n"
    outcome = pipeline.process("script.py", code.encode(), "keras3")
    assert outcome.new == code.replace(".core", "") and not outcome.error


@pytest.mark.parametrize("encoding", ["rot13", "base64", "punycode", "unicode_escape", "utf-7", "hex", "undefined"])
def test_an_encoding_that_is_not_reversible_is_refused(encoding):
    data = f"# coding: {encoding}\nimport keras\nx = keras.utils.np_utils.y('+AGE-', '\\x41')\n".encode()
    outcome = pipeline.process("script.py", data, "keras3")
    assert "encoding" in outcome.error and encoding in outcome.error
    assert "report" not in outcome.error and not outcome.changed


def test_an_encoding_for_other_texts_is_refused():
    outcome = pipeline.process("script.py", b"# coding: idna\nimport keras\nx = '" + b"y" * 100 + b"\xe9'\n", "keras3")
    assert outcome.error.startswith("Not idna") or "encoding" in outcome.error


def test_a_character_that_the_encoding_lacks_is_an_error_and_not_a_loss():
    text = document.Text("x", "latin-1", False)
    with pytest.raises(UnicodeEncodeError):
        text.encode("\u6307")
    old = (
        "# coding: latin-1\nimport tensorflow as tf\nfrom keras.models import Sequential\n"
        "def auc(y_true, y_pred):\n    return tf.metrics.auc(y_true, y_pred)[1]\n"
        "auc.__name__ = '\\u6307'\nSequential().compile('sgd', 'mse', metrics=[auc])\n"
    )
    outcome = pipeline.process("script.py", old.encode(), "keras3")
    assert "cannot be written as iso-8859-1" in outcome.error and not outcome.changed
    outcome = pipeline.process("script.py", old.replace("latin-1", "utf-8").encode(), "keras3")
    assert 'metrics=[auc_roc(name="\u6307")]' in outcome.new


@pytest.mark.parametrize("text", ["", "\n", "  \n\t"])
def test_never_an_empty_file(tmp_path, text):
    path = tmp_path / "a.py"
    path.write_text(OLD)
    with pytest.raises(ValueError, match="empty"):
        files.write(str(path), text.encode(), OLD.encode())
    assert path.read_text() == OLD


def test_a_failed_write_leaves_the_old_file_and_no_rubbish(tmp_path, monkeypatch):
    path = tmp_path / "a.py"
    path.write_text(OLD)

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        files.write(str(path), NEW.encode(), OLD.encode())
    assert path.read_text() == OLD
    assert [one.name for one in tmp_path.iterdir()] == ["a.py"]


def test_folders_are_walked_without_caches_and_hidden_ones(tmp_path):
    for name in ("a.py", "b.ipynb", "c.txt", ".git/d.py", "__pycache__/e.py", "sub/f.py", ".venv/g.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    found = [os.path.relpath(path, tmp_path) for path in files.find_files([str(tmp_path)])]
    assert found == ["a.py", "b.ipynb", os.path.join("sub", "f.py")]


def test_a_folder_that_cannot_be_listed_is_given_to_be_reported(tmp_path, monkeypatch):
    (tmp_path / "closed").mkdir()
    (tmp_path / "a.py").write_text("")
    scandir = os.scandir

    def listed(path):
        if os.path.basename(path) == "closed":
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", listed)
    assert list(files.find_files([str(tmp_path)])) == [str(tmp_path / "a.py"), str(tmp_path / "closed")]


def test_an_error_in_a_rule_is_reported_as_this_file_s(monkeypatch):
    def broken(*_):
        raise KeyError("surprise")

    monkeypatch.setattr(pipeline, "migrate_document", broken)
    outcome = pipeline.process("a.py", b"import keras\n", "keras3")
    assert "KeyError" in outcome.error


def scripts(*paths, exclude=(), top):
    exclude = [files.Patterns(str(top), exclude)] if exclude else []
    walked = files.find_files([str(path) for path in paths or [top]], exclude)
    return sorted(os.path.relpath(path, top).replace(os.sep, "/") for path in walked)


def write(top, **texts):
    for name, text in texts.items():
        path = top / name.replace("__", "/").replace("_py", ".py").replace("_git", ".git")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return top


GIT = pytest.mark.skipif(not shutil.which("git"), reason="compares with git")


@GIT
@pytest.mark.parametrize("walked", ["", "sub", "sub/deep"])
def test_gitignore_leaves_out_what_git_leaves_out(tmp_path, walked):
    """Git itself is the oracle: of the scripts that it neither tracks nor ignores, each is found, and no other."""
    ignores = {
        ".gitignore": "# a comment\nbuild/\n*_pb2.py\n/root.py\ndata*\n!data_ok.py\nsub/one.py\n**/tmp/x.py\n",
        "sub/.gitignore": "!keep_pb2.py\n/local.py\n",
        "sub/deep/.gitignore": "*\n!wanted.py\n",
    }
    names = ["root.py", "a.py", "a_pb2.py", "data_x.py", "data_ok.py", "data/x.py", "build/x.py"]
    names += ["sub/root.py", "sub/one.py", "sub/local.py", "sub/keep_pb2.py", "sub/build/x.py", "sub/tmp/x.py"]
    names += ["sub/more/local.py", "sub/deep/x.py", "sub/deep/wanted.py", "sub/deep/er/wanted.py", "tmp/y.py"]
    for name in [*ignores, *names]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(ignores.get(name, ""))
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    listed = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard", "--", walked or "."],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert scripts(tmp_path / walked, top=tmp_path) == sorted(name for name in listed if name.endswith(".py"))


def test_a_file_or_folder_that_is_named_is_not_ignored(tmp_path):
    top = write(tmp_path, _gitignore="build/\nx.py\n", build__a_py="", x_py="", y_py="")
    (top / ".git").mkdir()
    assert scripts(top=top) == ["y.py"]
    assert scripts(top / "build", top / "x.py", top=top) == ["build/a.py", "x.py"]


def test_the_gitignore_of_another_repository_says_nothing(tmp_path):
    top = write(tmp_path, _gitignore="*.py\n", inner__a_py="")
    (top / "inner" / ".git").mkdir()
    assert scripts(top / "inner", top=top) == ["inner/a.py"]


def test_environments_are_left_out(tmp_path):
    top = write(tmp_path, a_py="", bin__b_py="", venv__bin__c_py="", venv__x_py="", sub__conda__lib__python3__d_py="")
    (top / "venv" / "pyvenv.cfg").write_text("home=/usr")
    (top / "sub" / "conda" / "conda-meta").mkdir()
    assert scripts(top=top) == ["a.py", "bin/b.py"]


@pytest.mark.parametrize("mark", ["pyvenv.cfg", "conda-meta"])
def test_of_an_environment_that_is_named_only_what_is_the_users(tmp_path, mark):
    top = write(tmp_path, a_py="", src__b_py="", lib__python3__os_py="", bin__tool_py="")
    (top / mark).mkdir() if mark == "conda-meta" else (top / mark).write_text("home=/usr")
    assert scripts(top=top) == ["a.py", "src/b.py"]


@pytest.mark.parametrize(
    ("exclude", "left"),
    [
        (["*.ipynb"], ["a.py", "old/a.py", "sub/old/b.py"]),
        (["old"], ["a.py"]),
        (["/old"], ["a.py", "sub/old/b.py"]),
        (["sub/"], ["a.py", "old/a.py"]),
        (["a.py", "b.py"], []),
    ],
)
def test_exclude(tmp_path, exclude, left):
    top = write(tmp_path, a_py="", old__a_py="", sub__old__b_py="")
    assert scripts(exclude=exclude, top=top) == left

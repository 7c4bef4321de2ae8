"""``compat-auc run``: as ``python script`` would, on the migrated code, with the original lines in tracebacks."""

import os
import signal
import subprocess
import sys
import textwrap

import pytest


def run(path, *args, **variables):
    arguments = [sys.executable, "-m", "compat_auc", "run", str(path), *args]
    return subprocess.run(arguments, capture_output=True, text=True, env={**os.environ, **variables}, timeout=120)


@pytest.fixture
def script(tmp_path):
    def write(code, name="script.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(code).lstrip("\n"))
        return path

    return write


def test_main_arguments_and_path(script):
    path = script("""
        import sys, os
        from helper import double
        print(__name__, sys.argv[1:], os.path.basename(__file__), sys.argv[0] == __file__, double(4))
        sys.exit(7)
    """)
    script("def double(x):\n    return 2 * x\n", "helper.py")
    done = run(path, "--epochs", "3", "-q")
    assert done.stdout == "__main__ ['--epochs', '3', '-q'] script.py True 8\n"
    assert done.returncode == 7


def test_traceback_shows_the_original(script):
    path = script("""
        # the import of a module that is gone, and a function that goes
        from tensorflow.contrib.metrics import streaming_auc
        keras = "no framework needed here"


        def auc_roc(y_true, y_pred):
            value, update_op = streaming_auc(y_pred, y_true)
            return value


        def fail():
            metrics = [auc_roc]
            raise RuntimeError("here")  # line 13


        fail()
    """)
    done = run(path)
    assert done.returncode == 1
    assert f'File "{path}", line 13, in fail\n    raise RuntimeError("here")  # line 13' in done.stderr
    assert "runner.py" not in done.stderr
    assert "compat-auc: " in done.stderr and "CA101 1" in done.stderr


def test_the_hook_for_errors_that_the_script_sets(script):
    path = script("""
        import sys
        def hook(kind, error, trace):
            print(kind.__name__, error, trace.tb_frame.f_code.co_name, trace.tb_lineno, trace.tb_next)
        sys.excepthook = hook
        raise RuntimeError("here")
    """)
    done = run(path)
    assert (done.returncode, done.stdout) == (1, "RuntimeError here <module> 5 None\n")
    assert "here" not in done.stderr


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.11 has a safe path")
def test_no_module_beside_the_script_where_python_does_not_look_for_it(script):
    path = script("import helper_beside_it\n")
    script("x = 1\n", "helper_beside_it.py")
    assert "No module named 'helper_beside_it'" in run(path, PYTHONSAFEPATH="1").stderr


@pytest.mark.slow
def test_a_metric_that_the_script_takes_from_a_sibling_is_there(script):
    path = script("from net import auc\nprint(auc)\n")
    script(
        """
        from tensorflow.contrib.metrics import streaming_auc


        def auc(y_true, y_pred):
            return streaming_auc(y_pred, y_true)[1]


        METRICS = {"metrics": [auc]}
        """,
        "net.py",
    )
    done = run(path)
    assert done.stdout == "<AucRoc name=auc>\n", done.stderr


def test_the_modules_of_a_folder_are_found_once(tmp_path, monkeypatch):
    from compat_auc.migrate.running import importer

    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    finder = importer.install(str(tmp_path), "keras3")
    assert importer.install(str(tmp_path / "."), "keras3") is finder
    assert importer.install(str(tmp_path), "tf_keras") is not finder
    assert len([one for one in sys.meta_path if isinstance(one, importer.LocalModules)]) == 2


def test_local_modules_are_migrated_when_imported(script):
    path = script("import net\nprint(net.name())\n")
    script(
        """
        import importlib
        try:
            from keras.utils.np_utils import to_categorical
        except ModuleNotFoundError:
            raise SystemExit("not migrated")


        def name():
            return to_categorical.__module__.split(".")[0]
        """,
        "net.py",
    )
    done = run(path)
    assert (done.returncode, done.stdout) == (0, "keras\n"), done.stderr


def test_what_cannot_be_run(script, tmp_path):
    done = run(script("import keras\nprint 'old\n"))
    assert done.returncode == 123
    assert "script.py:2: Not Python 3" in done.stderr
    missing, folder = run(tmp_path / "missing.py"), run(tmp_path)
    assert (missing.returncode, folder.returncode) == (2, 123)
    assert "missing.py: No such file" in missing.stderr
    assert ": a folder without a __main__.py" in folder.stderr


def test_main_is_as_python_has_it(script):
    path = script("""
        import os, sys
        print(os.path.isabs(__file__), sys.argv[0], __cached__, __doc__, __package__, __name__)
        print(sys.modules["__main__"].__dict__ is globals(), type(__loader__).__module__ != "builtins")
        print("get_ipython" in globals(), os.path.samefile(sys.path[0], os.path.dirname(__file__)))
    """)
    plain = subprocess.run([sys.executable, str(path)], capture_output=True, text=True)
    ours = run("-q", path)
    assert ours.stdout == plain.stdout and ours.stdout


@pytest.mark.parametrize("own", [False, True])
def test_the_standard_library_below_the_script_is_not_migrated(script, tmp_path, own, monkeypatch):
    from compat_auc.migrate.running import importer

    path = script("import keras\n", "lib/python3/keras_like.py" if own else "sub/keras_like.py")
    monkeypatch.setattr(importer.sysconfig, "get_paths", lambda: dict.fromkeys(importer._KINDS, str(path.parent)))
    importer._installed_folders.cache_clear()
    finder = importer.LocalModules(str(tmp_path if own else path.parent), "keras3")
    monkeypatch.syspath_prepend(str(path.parent))
    assert (finder.find_spec("keras_like") is None) == own
    importer._installed_folders.cache_clear()


def test_a_script_in_the_root_has_siblings():
    from compat_auc.migrate.running import importer

    assert importer._is_below("/net.py", "/") and not importer._is_below("/srv/me2/x.py", "/srv/me")


def test_no_other_file_is_looked_at(script, tmp_path):
    path = script("import net\nprint(net.x)\n")
    script("import os\nx = 1  # keras\n", "net.py")
    for index in range(50):
        script("import keras\nf(\n", f"stray_{index}.py")
    code = """
        import builtins, os, sys
        from compat_auc.command.cli import main
        seen = []
        sys.addaudithook(lambda event, args: seen.append(str(args[0])) if event == "open" else None)
        status = main(["run", sys.argv[1]])
        assert not [one for one in seen if os.path.basename(one).startswith("stray_")]
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code), str(path)], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr


def test_a_sibling_that_cannot_be_moved_is_named(script):
    path = script("import net\n")
    script("x = " + " + ".join(["y"] * 2000) + "  # keras\n", "net.py")
    assert "net.py:1: imported without changes. An expression of hundreds" in run(path).stderr


def test_a_sibling_of_python_2(script):
    path = script("import net\nprint(net.x)\n")
    script("print 'two'\nx = 2\n", "net.py")
    assert run(path).stdout == "two\n2\n"


def test_python_2_in_memory(script):
    path = script("print 'one', 2\nfor i in xrange(2):\n\tprint i / 2.0\nraise ValueError, 'line 4'\n")
    done = run(path)
    assert done.stdout == "one 2\n0.0\n0.5\n"
    assert f"File \"{path}\", line 4, in <module>\n    raise ValueError, 'line 4'" in done.stderr


def test_a_script_that_was_a_notebook(script):
    path = script("""
        %matplotlib inline
        from __future__ import print_function  # In[2]:
        get_ipython().system('pip install keras')
        get_ipython().run_cell_magic('time', '', 'x = 3')
        !ls
        print(x)
        get_ipython().run_cell_magic('bash', '', 'exit 3')
        print?
        mkdir data
        !ls
        raise KeyError(7)
    """)
    done = run(path)
    assert done.stdout == "3\n"
    assert f'File "{path}", line 11' in done.stderr
    assert done.stderr.count("`!ls` is not run") == 1
    assert "the cell `%%bash` is not Python, and is not run" in done.stderr
    assert "`!mkdir data` is not run" in done.stderr and not path.with_name("data").exists()
    assert "is not run" not in run("-q", path).stderr


def test_a_sibling_that_was_a_notebook(script):
    path = script("import helper, other\nprint(helper.n, other.n)")
    path.with_name("helper.py").write_text("%matplotlib inline\nfiles = !echo a\nn = len(files)  # keras\n")
    path.with_name("other.py").write_text("get_ipython().magic('pylab inline')\ndisplay('other')\nn = 2\n")
    done = run(path)
    assert done.stdout == "other\n1 2\n", done.stderr
    assert "helper.py: `!echo a` is run by the shell, for its output" in done.stderr


NET = "from tensorflow.contrib.metrics import streaming_auc\nX = 1\n"  # the import is gone; migration removes it


@pytest.mark.parametrize(
    ("lines", "variables"),
    [
        ("import os, sys\nsys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))", {}),
        ("import sys\nsys.path.append('{root}')", {}),
        ("", {"PYTHONPATH": "{root}"}),
    ],
)
def test_modules_beside_the_folder_of_the_script(script, tmp_path, lines, variables):
    script("", "lib/__init__.py")
    script(NET, "lib/net.py")
    path = script(lines.format(root=tmp_path) + "\nfrom lib.net import X\nprint(X)\n", "scripts/train.py")
    done = run(path, **{name: value.format(root=tmp_path) for name, value in variables.items()})
    assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr


@pytest.mark.parametrize("name", ["keras/__init__.py", "site-packages/net.py", "env/lib/dist-packages/net.py"])
def test_what_is_not_the_projects_stays_as_it_is(script, tmp_path, name):
    installed = script("print(__loader__.__class__.__module__)  # keras\n", name)
    root = installed.parents[1] if installed.stem == "__init__" else installed.parent
    module = "keras" if installed.stem == "__init__" else "net"
    path = script(f"import sys\nsys.path.insert(0, {str(root)!r})\nimport {module}\n", "scripts/train.py")
    done = run(path)
    assert "importer" not in done.stdout and "importlib" in done.stdout, done.stderr


def test_a_module_of_a_package(script, tmp_path):
    script("print('package', __name__)\n", "lib/__init__.py")
    script(NET, "lib/net.py")
    script(
        NET + "import sys\nfrom .net import X\nprint(__name__, __package__, __spec__.name, sys.argv[1:], X)\n",
        "lib/main.py",
    )
    script("from . import net\nprint('main', net.X)\n", "lib/__main__.py")
    for name, output in (
        ("lib.main", "package lib\n__main__ lib lib.main ['--x', '-q'] 1\n"),
        ("lib", "package lib\nmain 1\n"),
    ):
        arguments = [sys.executable, "-m", "compat_auc", "run", "-m", name, "--x", "-q"]
        root = os.pathsep.join([os.getcwd(), str(tmp_path)])
        done = subprocess.run(
            arguments, capture_output=True, text=True, cwd=tmp_path, env={**os.environ, "PYTHONPATH": root}
        )
        assert (done.returncode, done.stdout) == (0, output), done.stderr


def test_modules_that_are_missing_or_installed(capfd):
    assert run("-m", "no_such_package.main").stderr.endswith("no module named no_such_package.main\n")
    done = run("-m", "json.tool", "--help")
    assert done.returncode == 0 and "usage:" in done.stdout and "moved" not in done.stderr


@pytest.mark.parametrize(
    ("line", "output"),
    [
        ("try:\n    from .net import X\nexcept ImportError:\n    from net import X\nprint(X)", "1\n"),
        ("try:\n    from .. import runner\nexcept ImportError as error:\n    print(error)", None),
        ("try:\n    from . import importer\nexcept ImportError as error:\n    print(error)", None),
    ],
)
def test_relative_imports_of_a_script_fail_as_in_python(script, line, output):
    script("X = 1\n", "net.py")
    path = script(line + "\n")
    plain = subprocess.run([sys.executable, str(path)], capture_output=True, text=True)
    assert run(path).stdout == plain.stdout
    assert plain.stdout == (output or plain.stdout) != ""


def test_a_folder_with_a_main(script):
    path = script(NET + "import sys, helper\nprint(__name__, helper.y, sys.argv[1:])\n", "app/__main__.py")
    script("y = 2\n", "app/helper.py")
    done = run(path.parent, "a")
    assert (done.returncode, done.stdout) == (0, "__main__ 2 ['a']\n"), done.stderr


def test_a_script_from_standard_input():
    code = NET + "import sys\nprint(sys.argv, '__file__' in globals(), __name__, X)\nraise ValueError('here')\n"
    arguments = [sys.executable, "-m", "compat_auc", "run", "-", "a"]
    done = subprocess.run(arguments, input=code, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (1, "['-', 'a'] False __main__ 1\n"), done.stderr
    assert "File \"<stdin>\", line 5, in <module>\n    raise ValueError('here')\n" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for another process")
def test_ctrl_c_ends_it_as_it_ends_python(script):
    path = script("""
        import atexit, os, signal, time
        atexit.register(print, "at exit")
        signal.signal(signal.SIGINT, signal.default_int_handler)  # Programs in the background ignore it.
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(20)
    """)
    plain = subprocess.run([sys.executable, str(path)], capture_output=True, text=True)
    done = run("-q", path)
    assert (done.returncode, done.stdout, done.stderr) == (plain.returncode, plain.stdout, plain.stderr)
    assert done.returncode == -signal.SIGINT and done.stdout == "at exit\n"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("AttributeError(\"module 'tensorflow' has no attribute 'ConfigProto'\")", "CA405"),
        ("KeyError('val_acc')", "CA409"),
        ("TypeError(\"Dense.__init__() got an unexpected keyword argument 'nb_epoch'\")", "CA407"),
    ],
)
def test_an_error_that_the_guide_knows_is_explained(script, error, code):
    done = run(script(f"raise {error}\n"))
    lines = done.stderr.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"compat-auc: {code}: "))
    assert 2 <= len(lines) - start <= 9
    assert lines[start + 1].startswith("  ") and "](" not in done.stderr and "```" not in done.stderr
    assert lines[-1] == f"compat-auc: more about it: compat-auc explain {code}"


def test_an_error_of_the_chapter_is_explained(script):
    done = run(script("raise ValueError('multilabel-indicator format is not supported')\n"))
    assert "compat-auc: the guide: multilabel-indicator format is not supported\n" in done.stderr
    assert "explain 'ValueError: multilabel-indicator format is not supported'\n" in done.stderr


@pytest.mark.parametrize(
    "error",
    ["ValueError('the AUC of this file is not good')", "KeyError('name')", "RuntimeError('metric')", "OSError()"],
)
def test_an_error_of_the_users_own_is_not(script, error):
    assert "compat-auc: more" not in run("-q", script(f"raise {error}\n")).stderr

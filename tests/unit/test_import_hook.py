"""The hook on the import of Keras among other hooks and loaders: each import ends as it would without ours.

Each program runs in a separate Python, with a module of a line in the place of Keras.
"""

import zipfile

import pytest
from import_programs import CHECK, MODULE, ONCE, PUBLISH, run_in


@pytest.fixture
def run(tmp_path):
    return run_in(tmp_path)


# How the hook of mlflow 3.17 does it: its loader has load_module, and nothing else.
LIKE_MLFLOW = """
import importlib.util, sys

class Chained:
    def __init__(self, loader):
        self.loader = loader

    def load_module(self, fullname):
        module = self.loader.load_module(fullname)
        print("hooked")
        return module

class Finder:
    searching = False

    def find_spec(self, fullname, path, target=None):
        if fullname != "keras" or self.searching:
            return None
        self.searching = True
        try:
            spec = importlib.util.find_spec(fullname)
            spec.loader = Chained(spec.loader)
            return spec
        finally:
            self.searching = False

sys.meta_path.insert(0, Finder())
"""
LIKE_WRAPT = """
import wrapt
wrapt.register_post_import_hook(lambda module: print("hooked"), "keras")
"""
# Python warns of load_module.
DEPRECATED = ("-W", "ignore")


@pytest.mark.parametrize("first", [True, False], ids=["first", "second"])
@pytest.mark.parametrize("other", [LIKE_MLFLOW, LIKE_WRAPT], ids=["mlflow", "wrapt"])
def test_beside_the_hook_of(other, first, run):
    if other == LIKE_WRAPT:
        pytest.importorskip("wrapt")
    parts = [other, PUBLISH] if first else [PUBLISH, other]
    check = CHECK if other == LIKE_WRAPT else "import keras; print([name for name, _ in published])"
    expected = ONCE if other == LIKE_WRAPT else "['keras']"
    assert run(*parts, check, options=DEPRECATED) == "hooked\n" + expected


def test_lazy_loader(run):
    """The recipe of the documentation of importlib."""
    lazy = """
    spec = importlib.util.find_spec("keras")
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = sys.modules["keras"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert published == []
    """
    assert run(PUBLISH, lazy, CHECK) == ONCE


def test_a_finder_of_lazy_modules(run):
    lazy = """
    class Finder:
        def find_spec(self, name, path=None, target=None):
            spec = importlib.machinery.PathFinder.find_spec(name, path, target)
            if spec is not None and name == "keras":
                spec.loader = importlib.util.LazyLoader(spec.loader)
            return spec

    sys.meta_path.insert(sys.meta_path.index(registry._hook) + 1, Finder())
    """
    assert run(PUBLISH, lazy, CHECK) == ONCE


def test_modules_in_a_zip_share_a_loader(run, tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for name in ("keras", "tf_keras", "another"):
            archive.writestr(f"{name}.py", MODULE.replace("__spec__.loader is __loader__", "True"))
    program = """
    sys.path.insert(0, "all.zip")
    import another, keras, tf_keras
    assert keras.__loader__ is keras.__spec__.loader and type(keras.__loader__).__name__ == "zipimporter"
    print(published)
    """
    assert run(PUBLISH, program, options=DEPRECATED) == "[('keras', True), ('tf_keras', True)]"


LOADERS = {
    "slots": """
    class Loader:
        __slots__ = ()
        def create_module(self, spec):
            return None
        def exec_module(self, module):
            module.LOADER, module.DURING = self, module.__spec__.loader is module.__loader__ is self
    """,
    "load_module_only": """
    class Loader:
        def load_module(self, name):
            module = sys.modules.setdefault(name, types.ModuleType(name))
            module.LOADER, module.DURING, module.__loader__ = self, True, self
            return module
    """,
    "module_of_its_own": """
    class Module(types.ModuleType):
        pass
    class Loader:
        def create_module(self, spec):
            assert spec.name in ("keras", "tf_keras")
            return Module(spec.name)
        def exec_module(self, module):
            module.LOADER, module.DURING = self, type(module) is Module
    """,
    "another_in_its_place": """
    class Loader:
        def create_module(self, spec):
            return None
        def exec_module(self, module):
            sys.modules[module.__name__] = other = types.ModuleType(module.__name__)
            other.__spec__, other.__loader__, other.LOADER, other.DURING = module.__spec__, self, self, True
    """,
    "attributes_set_by_others": """
    class Loader:
        def get_code(self):
            return "code"
        def create_module(self, spec):
            return None
        def exec_module(self, module):
            module.LOADER, module.DURING = self, self.get_code() == "other code"
    class Outer:
        def find_spec(self, name, path=None, target=None):
            if name != "keras" or self not in sys.meta_path:
                return None
            sys.meta_path.remove(self)
            spec = importlib.util.find_spec(name)
            assert isinstance(spec.loader, Loader) and spec.loader.get_code() == "code"
            spec.loader.get_code = lambda: "other code"
            return spec
    sys.meta_path.insert(0, Outer())
    """,
}
# One loader for all of its modules.
FINDER = """
class Finder:
    loader = Loader()
    def find_spec(self, name, path=None, target=None):
        if name in ("keras", "tf_keras"):
            return importlib.util.spec_from_loader(name, self.loader)
sys.meta_path.insert(sys.meta_path.index(registry._hook) + 1, Finder())
"""


@pytest.mark.parametrize("loader", LOADERS)
def test_a_loader_with(loader, run):
    options = DEPRECATED if loader == "load_module_only" else ("-W", "error")
    second = "import tf_keras; assert tf_keras.__loader__ is tf_keras.LOADER; print([name for name, _ in published])"
    assert run(PUBLISH, LOADERS[loader], FINDER, CHECK, second, options=options) == f"{ONCE}\n['keras', 'tf_keras']"


def test_an_import_that_fails_and_is_tried_again(run, tmp_path):
    (tmp_path / "keras.py").write_text("import settings\nassert settings.good, 'not yet'\n" + MODULE)
    program = """
    settings = sys.modules["settings"] = types.SimpleNamespace(good=False)
    try:
        import keras
    except AssertionError as error:
        print(error, published)
    settings.good = True
    """
    assert run(PUBLISH, program, CHECK) == f"not yet []\n{ONCE}"


def test_a_finder_that_fails(run):
    """The error is the finder's own."""
    program = """
    class Finder:
        def find_spec(self, name, path=None, target=None):
            raise ZeroDivisionError(f"no {name}")
    sys.meta_path.insert(sys.meta_path.index(registry._hook) + 1, Finder())
    import keras
    """
    assert run(PUBLISH, program, fails=True).splitlines()[-1] == "ZeroDivisionError: no keras"


def test_a_module_that_is_not_there(run):
    program = "print(importlib.util.find_spec('tf_keras')); import tf_keras"
    error = run(PUBLISH, program, fails=True, options=("-S",))  # Without what is installed.
    assert error.splitlines()[-1] == "ModuleNotFoundError: No module named 'tf_keras'"


@pytest.mark.parametrize(("options", "warned"), [((), True), (("-W", "error"), False)], ids=["warning", "error"])
def test_what_goes_wrong_in_publishing_stays_there(options, warned, run):
    """This Keras has no metrics at all."""
    program = """
    import sys, io
    sys.stderr = io.StringIO()
    import compat_auc, keras
    print(keras.DURING, "compat_auc could not add auc_roc to keras" in sys.stderr.getvalue())
    """
    assert run(program, options=options) == f"True {warned}"


def test_reload_and_a_look_at_the_spec(run):
    program = """
    assert isinstance(importlib.util.find_spec("keras").loader, importlib.machinery.SourceFileLoader)
    import keras
    keras = importlib.reload(keras)
    assert importlib.util.find_spec("keras") is keras.__spec__
    """
    assert run(PUBLISH, program, CHECK) == ONCE


def test_a_module_that_is_blocked(run):
    """Programs set sys.modules["tensorflow"] to None, so that nothing imports it."""
    program = "import sys; sys.modules['tensorflow'] = None; import compat_auc; print(compat_auc.auc_roc)"
    assert run(program) == "compat_auc.auc_roc"

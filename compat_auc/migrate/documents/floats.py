"""Say which expressions of a file are floats by what the file itself shows: Python 2 divides those as Python 3 does."""

from __future__ import annotations

import ast
from typing import Iterable, Iterator, Union

# What these functions return is a float, whatever they are given.
_NUMPY = set(
    "mean average std var median percentile quantile nanmean nanstd nanmedian exp expm1 log log1p log2 log10 sqrt sin "
    "cos tan arctan tanh linspace logspace rand randn random random_sample ranf uniform normal beta gamma "
    "standard_normal trapz interp corrcoef norm float32 float64 float_ float16".split()
)
# These make floats unless a dtype is given, and the others have the type of what they are given.
_NUMPY_BY_DTYPE = {"zeros", "ones", "empty", "eye", "identity", "full"}
_NUMPY_OF_ARGUMENT = set(
    "sum max min amax amin maximum minimum abs absolute dot array asarray concatenate vstack hstack stack reshape "
    "transpose clip prod cumsum squeeze expand_dims copy ravel nansum nanmax nanmin where multiply add subtract "
    "negative square power reduce_sum reduce_max reduce_min matmul tile repeat roll sort round around".split()
)
_TENSORFLOW = set("to_float reduce_mean exp log sqrt sigmoid softmax tanh random_normal random_uniform".split())
# A tensor of Keras is a float, but for these.
_BACKEND_INTEGERS = {"shape", "int_shape", "ndim", "argmax", "argmin", "count_params", "cast", "arange", "dtype"}
_METHODS = {"mean", "std", "var", "predict", "predict_proba", "predict_on_batch", "total_seconds"}
_METHODS_OF_OBJECT = _NUMPY_OF_ARGUMENT | {"flatten", "take", "item"}
_FLOAT_MODULES = {
    "math": {"factorial", "gcd"},
    "time": {"strftime", "localtime", "gmtime", "ctime"},
    "sklearn.metrics": {"confusion_matrix", "classification_report", "roc_curve", "precision_recall_curve"},
}
_RANDOM = {"random", "uniform", "gauss", "normalvariate", "betavariate"}
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)

_Function = Union[ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda]


class Floats:
    """The bindings of a file's names and what its imports mean."""

    def __init__(self, tree: ast.Module) -> None:
        self._modules: dict[str, str] = {}
        # What each name is bound to, by its function; None stands for what cannot be followed.
        self._values: dict[tuple[_Function | None, str], list[ast.expr | None]] = {}
        self._added: dict[tuple[_Function | None, str], list[ast.expr]] = {}
        self._owners: dict[ast.AST, _Function | None] = {}
        self._returns: dict[str, list[ast.expr | None]] = {}
        self._asked: set[tuple[_Function | None, str]] = set()
        for node, owner in _with_owners(tree):
            self._owners[node] = owner
            self._note(node, owner)

    def _note(self, node: ast.AST, owner: _Function | None) -> None:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            prefix = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            for alias in node.names:
                plain = alias.name if prefix or alias.asname else alias.name.split(".")[0]
                self._modules[alias.asname or plain] = prefix + plain
        elif isinstance(node, _SCOPES):
            arguments = node.args
            positional = [*arguments.posonlyargs, *arguments.args]
            defaults: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
            pairs = [*zip(positional, defaults + arguments.defaults), *zip(arguments.kwonlyargs, arguments.kw_defaults)]
            for argument, default in pairs:
                self._values.setdefault((node, argument.arg), []).append(default)
            if not isinstance(node, ast.Lambda):
                self._returns.setdefault(node.name, [])
        elif isinstance(node, ast.Return) and isinstance(owner, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self._returns.setdefault(owner.name, []).append(node.value)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                self._bind(target, node.value, owner)
        elif isinstance(node, ast.AugAssign):
            self._added.setdefault(self._key(node.target, owner), []).append(node.value)
        elif isinstance(node, (ast.For, ast.comprehension)):
            self._bind(node.target, None, owner)
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            self._bind(node.optional_vars, None, owner)

    def _bind(self, target: ast.expr, value: ast.expr | None, owner: _Function | None) -> None:
        if isinstance(target, (ast.Tuple, ast.List)):
            values: list[ast.expr | None] = [None] * len(target.elts)
            if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(values):
                values = [*value.elts]
            for element, part in zip(target.elts, values):
                self._bind(element, part, owner)
        elif isinstance(target, (ast.Name, ast.Attribute)):
            self._values.setdefault(self._key(target, owner), []).append(value)

    @staticmethod
    def _key(target: ast.expr, owner: _Function | None) -> tuple[_Function | None, str]:
        """An attribute such as ``self.total`` is the same in all methods."""
        return (owner if isinstance(target, ast.Name) else None), ast.unparse(target)

    def has(self, node: ast.expr) -> bool:
        """Whether a value is certainly a float, or an array or tensor of floats."""
        if isinstance(node, ast.Constant):
            return isinstance(node.value, (float, complex))
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.BinOp):
            return self.has(node.left) or self.has(node.right)
        if isinstance(node, ast.UnaryOp):
            return self.has(node.operand)
        if isinstance(node, ast.IfExp):
            return self.has(node.body) and self.has(node.orelse)
        if isinstance(node, (ast.List, ast.Tuple)):
            return bool(node.elts) and all(map(self.has, node.elts))
        if isinstance(node, (ast.ListComp, ast.GeneratorExp)):
            return self.has(node.elt)
        if isinstance(node, ast.Subscript):
            return self.has(node.value)
        if isinstance(node, ast.Attribute) and node.attr in ("T", "real", "values"):
            return self.has(node.value)
        return isinstance(node, (ast.Name, ast.Attribute)) and self._name(node)

    def _name(self, node: ast.Name | ast.Attribute) -> bool:
        key = self._key(node, self._owners.get(node))
        if isinstance(node, ast.Name) and key not in self._values and key not in self._added:
            key = (None, node.id)
        if self._module(node).startswith("math."):  # pi and e
            return True
        if key in self._asked:  # `x = x * 2`: the other bindings say what it is
            return True
        values = self._values.get(key, [])
        self._asked.add(key)
        try:
            if any(map(self.has, self._added.get(key, []))):
                return True
            return bool(values) and all(value is not None and self.has(value) for value in values)
        finally:
            self._asked.discard(key)

    def _module(self, node: ast.expr) -> str:
        """Return the dotted name of a function as imported, or an empty text."""
        if isinstance(node, ast.Name):
            return self._modules.get(node.id, "")
        base = self._module(node.value) if isinstance(node, ast.Attribute) else ""
        return f"{base}.{node.attr}" if base and isinstance(node, ast.Attribute) else ""

    def _call(self, node: ast.Call) -> bool:
        if isinstance(node.func, ast.Name) and node.func.id not in self._modules:
            return self._of_builtin_or_own(node, node.func.id)
        module, _, name = self._module(node.func).rpartition(".")
        if module:
            return self._of_library(node, module, name)
        if not isinstance(node.func, ast.Attribute):
            return False
        if node.func.attr == "astype":
            return any(map(_says_float, node.args))
        own = node.func.attr in _METHODS_OF_OBJECT and self.has(node.func.value)
        return own or node.func.attr in _METHODS

    def _of_builtin_or_own(self, node: ast.Call, name: str) -> bool:
        if name in ("float", "complex"):
            return True
        if name in ("sum", "max", "min", "abs", "round"):
            return name == "round" or any(map(self.has, node.args))
        returns = self._returns.get(name)
        key = (None, f"{name}()")
        if not returns or key in self._asked:
            return False
        self._asked.add(key)
        try:
            return all(value is not None and self.has(value) for value in returns)
        finally:
            self._asked.discard(key)

    def _of_library(self, node: ast.Call, module: str, name: str) -> bool:
        dtype = next((keyword.value for keyword in node.keywords if keyword.arg == "dtype"), None)
        if dtype is not None:
            return _says_float(dtype)
        if module in _FLOAT_MODULES:
            return name not in _FLOAT_MODULES[module]
        if module == "random":
            return name in _RANDOM
        if name in ("cast", "constant") and len(node.args) > 1:
            return _says_float(node.args[1])
        if module.endswith("keras.backend"):
            return name not in _BACKEND_INTEGERS
        package = module.partition(".")[0]
        if package in ("numpy", "scipy") and name in _NUMPY | (_NUMPY_BY_DTYPE if len(node.args) < 2 else set()):
            return True
        if package == "tensorflow" and name in _TENSORFLOW:
            return True
        return package in ("numpy", "tensorflow") and name in _NUMPY_OF_ARGUMENT and any(map(self._has_any, node.args))

    def _has_any(self, node: ast.expr) -> bool:
        """An array with one float in it has floats only."""
        if isinstance(node, (ast.List, ast.Tuple)):
            return any(map(self._has_any, node.elts))
        return self.has(node)


def _says_float(node: ast.expr) -> bool:
    """Whether this is the name of a float type: ``float``, ``"float32"``, ``np.float32``."""
    text: object = node.value if isinstance(node, ast.Constant) else ast.unparse(node).rpartition(".")[2]
    return isinstance(text, str) and text.lstrip("<>=").startswith(("float", "f4", "f8", "double"))


def _with_owners(tree: ast.Module) -> Iterator[tuple[ast.AST, _Function | None]]:
    """Yield every node with the function that it stands in."""
    stack: list[tuple[ast.AST, _Function | None]] = [(tree, None)]
    while stack:
        node, owner = stack.pop()
        yield node, owner
        inner = node if isinstance(node, _SCOPES) else owner
        children: Iterable[ast.AST] = ast.iter_child_nodes(node)
        stack.extend((child, inner) for child in children)

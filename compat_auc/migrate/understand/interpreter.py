"""A small abstract interpreter: it turns a metric function into a term over its two arguments.

Keras calls a metric with (labels, scores), whatever the function calls them. The interpreter runs the body on two
symbols, through local variables, helper functions, closures, decorators, ``functools.partial`` and ``py_func``. The
result is a tree of operations. `recognise` then says whether that tree is an AUC, and of what.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Callable, Iterator, Sequence, Tuple, Union

import libcst as cst

from compat_auc.migrate.source.source import Assignment, Source, children, fact, keyword

if TYPE_CHECKING:
    from typing_extensions import TypeGuard


@dataclass(frozen=True)
class Term:
    """An operation and its arguments. ``op`` is a canonical dotted name, or a word for syntax."""

    op: str
    args: tuple[Value, ...] = ()
    kwargs: tuple[tuple[str, Value], ...] = ()
    # How many values are in it. A value that is in it twice counts twice: so does comparing it.
    size: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        values = (*self.args, *(argument for _, argument in self.kwargs))
        object.__setattr__(self, "size", 1 + sum(getattr(value, "size", 1) for value in values))

    def keyword(self, name: str) -> Value | None:
        return dict(self.kwargs).get(name)

    def walk(self, closed: str = "") -> Iterator[Value]:
        """Yield this value and every value in it, each once. Leave out what is inside of ``closed`` operations."""
        stack: list[Value] = [self]
        seen: set[int] = set()
        while stack:
            value = stack.pop()
            if id(value) in seen:
                continue
            seen.add(id(value))
            yield value
            if isinstance(value, Term) and value.op != closed:
                stack.extend([*value.args, *(argument for _, argument in value.kwargs)])


@dataclass(frozen=True)
class Constant:
    """A literal: its value, and its text in the file, which may spell the same value in several ways."""

    value: Any
    text: str = field(compare=False)
    # In Python, True equals 1 and 1.0.
    type: type = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "type", type(self.value))


@dataclass(frozen=True)
class Free:
    """An argument or variable with an unknown value. Its name means the same everywhere in ``owner``."""

    text: str
    owner: cst.CSTNode


@dataclass(frozen=True)
class Ref:
    """Something imported, by its canonical name."""

    name: str


@dataclass(frozen=True, eq=False)
class Function:
    """A function or lambda of the file with the variables around it. Keras logs it as ``name``."""

    node: cst.FunctionDef | cst.Lambda
    env: Env
    name: str
    first: Value | None = None


@dataclass(frozen=True)
class Partial:
    function: Value
    args: tuple[Value, ...]
    kwargs: tuple[tuple[str, Value], ...]
    name: str = ""

    @property
    def size(self) -> int:
        return Term("partial", (self.function, *self.args), self.kwargs).size


Value = Union[Term, Constant, Free, Ref, Function, Partial]
UNKNOWN = Term("unknown")
LABELS = Term("labels")
SCORES = Term("scores")
# Stands for keyword arguments whose names are not known.
REST = "**"
# Stands for a ``__name__`` that is not known.
COMPUTED = "<computed>"


@dataclass(eq=False)
class Env:
    """The local variables of one call, and the variables around it."""

    variables: dict[str, Value] = field(default_factory=dict)
    outer: Env | None = None

    def lookup(self, name: str) -> Value | None:
        env: Env | None = self
        while env is not None:
            if name in env.variables:
                return env.variables[name]
            env = env.outer
        return None

    def fork(self) -> Env:
        return Env(dict(self.variables), self.outer)

    def merge(self, branches: Sequence[Env]) -> None:
        """Take over the variables of the branches, any of which may have run."""
        for name in dict.fromkeys(name for branch in branches for name in branch.variables):
            values = [value for value in (branch.lookup(name) for branch in branches) if value is not None]
            distinct = [value for index, value in enumerate(values) if value not in values[:index]]
            self.variables[name] = distinct[0] if len(distinct) == 1 else Term("choice", tuple(distinct))


def named(value: Value, name: str) -> Value:
    """Return ``value`` with another ``__name__``."""
    return replace(value, name=name) if isinstance(value, (Function, Partial)) and name else value


def log_name(value: Value) -> str:
    """Return the ``__name__`` of a callable. Keras logs a metric under it."""
    if isinstance(value, (Function, Partial)):
        return value.name
    return value.name.rsplit(".", 1)[-1] if isinstance(value, Ref) else ""


def text_of(value: Value) -> str | None:
    """Return the string that a value is, also one put together from strings that are known."""
    if isinstance(value, Constant):
        return value.value if isinstance(value.value, str) else None
    texts = [text_of(part) for part in value.args] if is_term(value, "Add") or is_term(value, "FormattedString") else []
    strings = [text for text in texts if text is not None]
    return "".join(strings) if strings and len(strings) == len(texts) else None


def is_term(value: Value | None, op: str) -> TypeGuard[Term]:
    return isinstance(value, Term) and value.op == op


def item(value: Value, index: int | str) -> Value:
    """Return ``value[index]``: the element itself if it is known, else a term."""
    if is_term(value, "sequence") and isinstance(index, int) and -len(value.args) <= index < len(value.args):
        return value.args[index]
    entry = value.keyword(str(index)) if is_term(value, "mapping") else None
    return entry if entry is not None else Term("item", (value, Constant(index, repr(index))))


def method_of(own: Free, name: str) -> Function | None:
    """Return ``self.name`` if the class defines it as a method without decorators."""
    body = own.owner.body.body if isinstance(own.owner, cst.ClassDef) and own.text == "self" else ()
    methods = [node for node in body if isinstance(node, cst.FunctionDef) and node.name.value == name]
    return Function(methods[0], Env(), name, first=own) if methods and not methods[0].decorators else None


def parts_of(node: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    """Yield the expressions that a node of any kind is made of."""
    for child in children(node):
        if isinstance(child, cst.BaseExpression):
            yield child
        else:
            yield from parts_of(child)


_BRANCHES = ("tensorflow.cond", "keras.backend.switch")
PYTHON_CALLS = (
    "tensorflow.py_func",
    "tensorflow.numpy_function",
    "tensorflow.py_function",
    "tensorflow.contrib.eager.py_func",
)
KERAS_AUC = "keras.metrics.AUC"
Pairs = Tuple[Tuple[str, Value], ...]
_PURE = ("keys", "values", "items", "copy", "index", "count")


def bind(
    function: cst.FunctionDef | cst.Lambda,
    arguments: tuple[Value, ...],
    by_name: dict[str, Value],
    default: Callable[[cst.BaseExpression], Value],
) -> dict[str, Value]:
    """Return the values of a function's parameters in a call. ``default`` evaluates the default of a parameter."""
    params = function.params
    bound: dict[str, Value] = {}
    ordered = [*params.posonly_params, *params.params]
    spread = next((index for index, value in enumerate(arguments) if is_term(value, "spread")), len(arguments))
    for param, value in zip(ordered, arguments[:spread]):
        bound[param.name.value] = value
    for param in [*ordered[spread:], *params.kwonly_params]:
        name = param.name.value
        if name in by_name:
            bound[name] = by_name.pop(name)
        elif spread < len(arguments) or REST in by_name:
            bound[name] = UNKNOWN
        else:
            bound[name] = Free(name, function) if param.default is None else default(param.default)
    if isinstance(params.star_arg, cst.Param):
        bound[params.star_arg.name.value] = Term("sequence", arguments[len(ordered) :])
    if params.star_kwarg is not None:
        bound[params.star_kwarg.name.value] = Term("mapping", (), tuple(by_name.items()))
    return bound


def call_other(call: Callable[..., Value], function: Value, args: tuple[Value, ...], kwargs: Pairs) -> Value:
    """Call anything but a function of the file. Follow library functions that call the functions given to them."""
    if isinstance(function, Partial):
        return call(function.function, function.args + args, function.kwargs + kwargs)
    if not isinstance(function, Ref):
        return Term("call", (function, *args), kwargs)
    name = function.name
    if name == "functools.partial" and args:
        return Partial(args[0], args[1:], kwargs, log_name(args[0]))
    if name == "builtins.getattr" and len(args) == 2 and isinstance(args[0], Ref) and isinstance(args[1], Constant):
        return Ref(f"{args[0].name}.{args[1].value}")
    mappings = [argument for argument in args if is_term(argument, "mapping")]
    if name == "builtins.dict" and len(mappings) == len(args):
        return _merged(*(mapping.kwargs for mapping in mappings), kwargs)
    if name in _BRANCHES:
        args = (*args[:1], *(call(branch, ()) if isinstance(branch, Function) else branch for branch in args[1:]))
        kwargs = tuple((key, call(branch, ()) if isinstance(branch, Function) else branch) for key, branch in kwargs)
    if name in PYTHON_CALLS:
        inner, inputs = [*args, *(dict(kwargs).get(key) for key in ("func", "inp")[len(args) :])][:2]
        if is_term(inputs, "sequence") and inner is not None:
            return Term("py_func", (call(inner, inputs.args),))
    return Term(name, args, kwargs)


def changed(holder: Term, key: object, value: Value) -> Term:
    """Return a mapping or an object with one more entry. If its entries are no longer known, the op is "changed"."""
    if not isinstance(key, str) or holder.op == "sequence":
        return Term("changed", (holder, value))
    return Term(holder.op, (), tuple({**dict(holder.kwargs), key: value}.items()))


def _merged(*pairs: tuple[tuple[str, Value], ...]) -> Term:
    return Term("mapping", (), tuple({key: value for some in pairs for key, value in some}.items()))


def call_method(holder: Value, method: str, args: tuple[Value, ...], kwargs: Pairs) -> tuple[Value, Value]:
    """Return the result of a method, and the object after the call."""
    result = Term(f"method:{method}", (holder, *args), kwargs)
    if is_term(holder, KERAS_AUC) and method == "update_state" and not kwargs:
        return result, Term("updated", (holder, *args))
    if not (is_term(holder, "mapping") or is_term(holder, "sequence")) or method in _PURE:
        return result, holder
    key = args[0].value if args and isinstance(args[0], Constant) else None
    if holder.op == "mapping" and isinstance(key, str) and method in ("get", "pop", "setdefault"):
        entry = holder.keyword(key)
        default = args[1] if len(args) > 1 else Constant(None, "None")
        value = entry if entry is not None else result if holder.keyword(REST) is not None else default
        rest = {name: argument for name, argument in holder.kwargs if name != key}
        after = {"get": dict(holder.kwargs), "pop": rest, "setdefault": {**rest, key: value}}[method]
        return value, Term("mapping", (), tuple(after.items()))
    mappings = [argument for argument in args if is_term(argument, "mapping")]
    if holder.op == "mapping" and method == "update" and len(mappings) == len(args):
        return result, _merged(holder.kwargs, *(mapping.kwargs for mapping in mappings), kwargs)
    return result, Term("changed", (holder, *args, *(argument for _, argument in kwargs)))


MAX_DEPTH = 24
MAX_STEPS = 20_000
# For all functions of a file together, by its length in characters.
STEPS_OF_FILE = (200_000, 20)
# Larger terms are not followed: the time to read a term grows with its size.
MAX_SIZE = 200_000
# Decorators that do not change what a function computes.
_TRANSPARENT = ("staticmethod", "classmethod", "tensorflow.function", "register_keras_serializable", "lru_cache")


@dataclass
class Budget:
    """The steps that are left for a file, and what was not followed to its end.

    ``too_long`` takes more than its own share. ``left_out`` is what came when no steps were left.
    """

    steps: int
    too_long: list[cst.CSTNode] = field(default_factory=list)
    left_out: list[cst.CSTNode] = field(default_factory=list)


@fact
def budget(source: Source) -> Budget:
    return Budget(limit(source))


def limit(source: Source) -> int:
    """Return how many steps all functions of a file may take together."""
    fixed, by_length = STEPS_OF_FILE
    return fixed + by_length * len(source.text)


class Interpreter:
    """Runs functions of one file on symbols.

    ``visited`` are the functions that ran, ``results`` the nodes' values. ``is_cut``: no steps were left to go on.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.visited: list[cst.CSTNode] = []
        self.results: dict[cst.CSTNode, list[Value]] = {}
        self._depth = 0
        self._steps = 0
        self._of_file = budget(source)
        self.is_cut: bool = False
        self._globals: dict[cst.CSTNode, Value] = {}

    def value(self, node: cst.BaseExpression, env: Env) -> Value:
        """Return the value of an expression, or UNKNOWN after too many steps, or if it is too large to follow."""
        self._steps += 1
        self._of_file.steps -= 1
        if self._steps > MAX_STEPS or self._of_file.steps < 0:
            self.is_cut = True
            return UNKNOWN
        kind = getattr(self, f"_value_{type(node).__name__}", self._value_of_parts)
        value: Value = kind(node, env)
        if isinstance(value, Term) and value.size > MAX_SIZE:
            self.is_cut = True
            return UNKNOWN
        return value

    def note_cut(self, node: cst.CSTNode) -> None:
        """Remember that ``node`` was not followed to its end, for a finding to say."""
        spent = self._of_file
        noted = spent.left_out if spent.steps < 0 else spent.too_long
        if node not in noted:
            noted.append(node)

    # Expressions: one method for each kind of node -------------------------------------------------------------------
    def _value_of_parts(self, node: cst.BaseExpression, env: Env) -> Value:
        literal, parts = self.source.constant(node), tuple(self.value(part, env) for part in parts_of(node))
        return Term(type(node).__name__, parts) if literal is ... else Constant(literal, self.source.code(node))

    def _value_Name(self, node: cst.Name, env: Env) -> Value:
        local = env.lookup(node.value)
        if local is not None:
            return local
        imported, literal = self.source.name(node), self.source.constant(node)
        if imported:
            return Ref(imported)
        return self._global_value(node) if literal is ... else Constant(literal, node.value)

    def _value_Attribute(self, node: cst.Attribute, env: Env) -> Value:
        base = self.value(node.value, env)
        if isinstance(base, Ref) and node.attr.value != "__name__":
            return Ref(self.source.name(node) or f"{base.name}.{node.attr.value}")
        if isinstance(base, Free):
            return method_of(base, node.attr.value) or Free(f"{base.text}.{node.attr.value}", base.owner)
        if node.attr.value == "__name__" and log_name(base):
            return Constant(log_name(base), "")
        member = base.keyword(node.attr.value) if is_term(base, "object") else None
        return member if member is not None else Term(f"attribute:{node.attr.value}", (base,))

    def arguments(self, node: cst.Call, env: Env) -> tuple[tuple[Value, ...], tuple[tuple[str, Value], ...]]:
        """Return the values that a call gives by position and by name."""
        args: list[Value] = []
        kwargs: list[tuple[str, Value]] = []
        for arg in node.args:
            value = self.value(arg.value, env)
            if arg.star == "*":
                args.extend(value.args if is_term(value, "sequence") else (Term("spread", (value,)),))
            elif arg.star == "**":
                kwargs.extend(value.kwargs if is_term(value, "mapping") else ((REST, value),))
            elif keyword(arg):
                kwargs.append((keyword(arg), value))
            else:
                args.append(value)
        return tuple(args), tuple(kwargs)

    def _value_Call(self, node: cst.Call, env: Env) -> Value:
        args, kwargs = self.arguments(node, env)
        function = self.value(node.func, env)
        if isinstance(function, Term) and function.op.startswith("attribute:"):
            method = function.op.removeprefix("attribute:")
            result, changed = call_method(function.args[0], method, args, kwargs)
            if changed is not function.args[0] and isinstance(node.func, cst.Attribute):
                self._assign(node.func.value, changed, env)
        elif isinstance(function, Free) and "." in function.text:
            result = Term("unknown", args, kwargs)
        else:
            result = self.call(function, args, kwargs)
        if function == Ref("builtins.setattr") and len(args) == 3 and isinstance(node.args[0].value, cst.Name):
            self._assign_part(node.args[0].value, text_of(args[1]), args[2], env)
        self.results.setdefault(node, []).append(result)
        return result

    def _value_Lambda(self, node: cst.Lambda, env: Env) -> Value:
        return Function(node, env, "<lambda>")

    def _value_List(self, node: cst.List | cst.Tuple, env: Env) -> Value:
        op = "unknown" if any(isinstance(element, cst.StarredElement) for element in node.elements) else "sequence"
        return Term(op, tuple(self.value(element.value, env) for element in node.elements))

    _value_Tuple = _value_List

    def _value_Dict(self, node: cst.Dict, env: Env) -> Value:
        entries = [(key, self.value(value, env)) for key, value in self.source.entries(node)]
        pairs = tuple((key, value) for key, value in entries if key is not None)
        if len(pairs) == len(entries):
            return Term("mapping", (), pairs)
        return Term("unknown", tuple(value for _, value in entries))

    def _value_FormattedString(self, node: cst.FormattedString, env: Env) -> Value:
        return Term("FormattedString", tuple(self._formatted(part, env) for part in node.parts))

    def _formatted(self, part: cst.BaseFormattedStringContent, env: Env) -> Value:
        if isinstance(part, cst.FormattedStringText):
            return Constant(part.value, part.value)
        value = self.value(part.expression, env) if isinstance(part, cst.FormattedStringExpression) else UNKNOWN
        return value if not getattr(part, "format_spec", None) and not getattr(part, "conversion", None) else UNKNOWN

    def _value_NamedExpr(self, node: cst.NamedExpr, env: Env) -> Value:
        value = self.value(node.value, env)
        self._assign(node.target, value, env)
        return value

    def _value_IfExp(self, node: cst.IfExp, env: Env) -> Value:
        return Term("choice", (self.value(node.body, env), self.value(node.orelse, env)))

    def _value_ListComp(self, node: cst.ListComp | cst.GeneratorExp, env: Env) -> Value:
        inner = Env(outer=env)
        over = self.value(node.for_in.iter, env)
        self._assign(node.for_in.target, Term("element", (over,)), inner)
        return Term("comprehension", (self.value(node.elt, inner), over))

    _value_GeneratorExp = _value_SetComp = _value_ListComp

    def _value_Subscript(self, node: cst.Subscript, env: Env) -> Value:
        base, index = self.value(node.value, env), self.source.key(node)
        if isinstance(index, (int, str)):
            return item(base, index)
        text = f"[{', '.join(self.source.code(element) for element in node.slice)}]"
        return Term("slice", (base, Constant("".join(text.split()), text)))

    def _value_BinaryOperation(self, node: cst.BinaryOperation, env: Env) -> Value:
        return Term(type(node.operator).__name__, (self.value(node.left, env), self.value(node.right, env)))

    def _value_Comparison(self, node: cst.Comparison, env: Env) -> Value:
        sides = [node.left, *(comparison.comparator for comparison in node.comparisons)]
        operators = " ".join(type(comparison.operator).__name__ for comparison in node.comparisons)
        values = tuple(self.value(side, env) for side in sides)
        return Term("compare", values, (("operators", Constant(operators, "")),))

    def _global_value(self, node: cst.Name) -> Value:
        """Return the value of a name that the file binds outside of the running functions."""
        bound = self.source.binding(node)
        if not isinstance(bound, Assignment):
            return UNKNOWN if bound is not None else Ref(f"builtins.{node.value}")
        if bound.node not in self._globals:
            self._globals[bound.node] = UNKNOWN  # a name defined by itself, as in `x = x / 2`, stays unknown
            self._globals[bound.node] = self._global(bound)
        return self._globals[bound.node]

    def _global(self, bound: Assignment) -> Value:
        if isinstance(bound.node, cst.FunctionDef):
            return self.define(bound.node, Env())
        value = self.source.assigned_value(bound)
        # A variable that is bound again elsewhere stays a name: its value depends on the place of use.
        is_only = len(self.source.bound_in(bound.scope, bound.name).every) == 1
        if value is not None and (isinstance(value, (cst.Call, cst.Lambda)) or is_only):
            return self.value(value, Env())
        return Free(bound.name, getattr(bound.scope, "node", None) or self.source.module)

    def call(self, function: Value, args: tuple[Value, ...], kwargs: tuple[tuple[str, Value], ...] = ()) -> Value:
        if self._depth > MAX_DEPTH:
            return UNKNOWN
        self._depth += 1
        try:
            if isinstance(function, Function):
                return self._call_function(function, args, kwargs)
            return call_other(self.call, function, args, kwargs)
        finally:
            self._depth -= 1

    def _call_function(self, function: Function, args: tuple[Value, ...], kwargs: Pairs) -> Value:
        node = function.node
        if node not in self.visited:
            self.visited.append(node)
        env = Env(outer=function.env)
        arguments = ((function.first,) if function.first is not None else ()) + args
        env.variables.update(bind(node, arguments, dict(kwargs), lambda default: self.value(default, function.env)))
        if isinstance(node, cst.Lambda):
            return self.value(node.body, env)
        returned = list(self.run(node.body, env))
        return returned[0] if len(returned) == 1 else Term("choice", (*returned,) or (Constant(None, "None"),))

    # Statements ------------------------------------------------------------------------------------------------------
    def run(self, body: cst.BaseSuite | cst.Module, env: Env) -> Iterator[Value]:
        """Run a block, and yield the value of every ``return`` in it."""
        for statement in body.body:
            yield from self._run(statement, env)

    def _run(self, statement: cst.CSTNode, env: Env) -> Iterator[Value]:
        kind = getattr(self, f"_run_{type(statement).__name__}", None)
        return (kind and kind(statement, env)) or iter(())

    _run_SimpleStatementLine = run

    def _run_FunctionDef(self, node: cst.FunctionDef, env: Env) -> None:
        env.variables[node.name.value] = self.define(node, env)

    def _run_Return(self, node: cst.Return, env: Env) -> Iterator[Value]:
        yield self.value(node.value, env) if node.value else Constant(None, "None")

    def _run_Assign(self, node: cst.Assign | cst.AnnAssign, env: Env) -> None:
        value = self.value(node.value, env) if node.value is not None else UNKNOWN
        self.results.setdefault(node, []).append(value)
        for target in [assigned.target for assigned in node.targets] if isinstance(node, cst.Assign) else [node.target]:
            self._assign(target, value, env)

    _run_AnnAssign = _run_Assign

    def _run_AugAssign(self, node: cst.AugAssign, env: Env) -> None:
        parts = (self.value(node.target, env), self.value(node.value, env))
        self._assign(node.target, Term(type(node.operator).__name__, parts), env)

    def _run_Expr(self, node: cst.Expr, env: Env) -> None:
        self.value(node.value, env)

    def _run_For(self, node: cst.For, env: Env) -> Iterator[Value]:
        self._assign(node.target, Term("element", (self.value(node.iter, env),)), env)
        return self._run_With(node, env)

    def _run_With(
        self, node: cst.With | cst.While | cst.For | cst.Else | cst.Finally | cst.Try, env: Env
    ) -> Iterator[Value]:
        """Run a block once, also that of a loop: one round stands for all."""
        yield from self.run(node.body, env)
        orelse: cst.Else | None = getattr(node, "orelse", None)
        yield from self._run(orelse, env) if orelse is not None else ()

    _run_While = _run_Else = _run_Finally = _run_With

    def _run_If(self, node: cst.If, env: Env) -> Iterator[Value]:
        self.value(node.test, env)
        branches = (env.fork(), env.fork())
        yield from self.run(node.body, branches[0])
        yield from self._run(node.orelse, branches[1]) if node.orelse is not None else ()
        env.merge(branches)

    def _run_Try(self, node: cst.Try, env: Env) -> Iterator[Value]:
        branches = [env.fork() for _ in (node, *node.handlers)]
        yield from self._run_With(node, branches[0])
        for handler, branch in zip(node.handlers, branches[1:]):
            yield from self.run(handler.body, branch)
        env.merge(branches)
        if node.finalbody is not None:
            yield from self._run(node.finalbody, env)

    def _assign(self, target: cst.CSTNode, value: Value, env: Env) -> None:
        if isinstance(target, cst.Name):
            env.variables[target.value] = value
        elif isinstance(target, (cst.Tuple, cst.List)):
            for index, element in enumerate(target.elements):
                self._assign(element.value, item(value, index), env)
        elif isinstance(target, (cst.Attribute, cst.Subscript)) and isinstance(target.value, cst.Name):
            key = target.attr.value if isinstance(target, cst.Attribute) else self.source.key(target)
            self._assign_part(target.value, key, value, env)

    def _assign_part(self, target: cst.Name, key: object, value: Value, env: Env) -> None:
        """Set an entry or an attribute of a variable's value."""
        holder = env.lookup(target.value)
        if isinstance(holder, Term) and holder.op in ("mapping", "sequence", "object"):
            self._assign(target, changed(holder, key, value), env)
        elif holder is not None and key == "__name__":
            self._assign(target, named(holder, text_of(value) or COMPUTED), env)

    def define(self, node: cst.FunctionDef, env: Env) -> Value:
        """Return the value that a ``def`` binds, with its decorators applied."""
        value: Value = Function(node, env, node.name.value)
        for decorator in reversed(node.decorators):
            value = self._decorate(decorator.decorator, value, env)
        return value

    def _decorate(self, decorator: cst.BaseExpression, value: Value, env: Env) -> Value:
        if isinstance(decorator, cst.Call) and self.source.name(decorator.func) == "functools.wraps":
            return named(value, log_name(self.value(decorator.args[0].value, env)))
        called = decorator.func if isinstance(decorator, cst.Call) else decorator
        if (self.source.name(called) or self.source.code(called)).endswith(_TRANSPARENT):
            return value
        return self.call(self.value(decorator, env), (value,))

"""Mutants of a source file: copies with one small fault each, which tests should notice."""

import ast
from collections import Counter
from dataclasses import dataclass

_COMPARED = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_ARITHMETIC = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
}
_PAIRS = [
    ("min", "max"),
    ("any", "all"),
    ("minimum", "maximum"),
    ("argmin", "argmax"),
    ("floor", "ceil"),
    ("ones", "zeros"),
]
_CALLED = {**dict(_PAIRS), **{two: one for one, two in _PAIRS}}


@dataclass(frozen=True)
class Mutant:
    """One change of a file.

    Attributes
    ----------
    module : str
        Path of the file within the repository.
    scope : str
        Qualified name of the class or function, empty at the top level.
    line : int
    before, after : str
        The code there, and its replacement.
    number : int
        Counts equal changes within a scope from 1.
    source : str
        The whole file, changed.
    """

    module: str
    scope: str
    line: int
    before: str
    after: str
    number: int
    source: str

    @property
    def key(self):
        """Identify the mutant independently of its line number."""
        return self.module, self.scope, self.before, self.after, self.number

    def __str__(self):
        return f"{self.module}:{self.line} {self.scope}: {self.before} -> {self.after}"


def mutants_of(source, module):
    """Return the mutants of a file, from its first line to its last.

    Strings, docstrings, annotations, decorators and the messages of errors and warnings are left unchanged.

    Parameters
    ----------
    source : str
    module : str
        Path of the file, for the report.

    Returns
    -------
    list of Mutant
    """
    found, counts = [], Counter()
    encoded = source.encode()
    starts = [0]
    for line in encoded.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for scope, node, after in _changes(ast.parse(source), ""):
        first = starts[node.lineno - 1] + node.col_offset
        last = starts[node.end_lineno - 1] + node.end_col_offset
        text = ast.unparse(ast.fix_missing_locations(after))
        new = f"({text})" if isinstance(after, ast.expr) and not isinstance(after, ast.Constant) else text
        changed = (encoded[:first] + new.encode() + encoded[last:]).decode()
        change = scope, _shown(node), _shown(after)
        counts[change] += 1
        found.append(Mutant(module, scope, node.lineno, *change[1:], counts[change], changed))
    return found


def _shown(node):
    """Return the code of a node on one line."""
    return " ".join(ast.unparse(node).split())


def _changes(node, scope):
    """Yield (scope, node, its replacement) of a node and all below it."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        scope = f"{scope}.{node.name}".lstrip(".")
    rule = _RULES.get(type(node))
    for after in rule(node) if rule else []:
        yield scope, node, after
    if isinstance(node, (ast.If, ast.IfExp)) and isinstance(node.test, (ast.Name, ast.Attribute, ast.Call)):
        yield scope, node.test, ast.UnaryOp(ast.Not(), node.test)
    for child in _read_children(node):
        yield from _changes(child, scope)


def _read_children(node):
    """Return the children whose changes a test could notice."""
    if isinstance(node, (ast.JoinedStr, ast.Raise)) or _is_warning(node):
        return []
    if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets):
        return []
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return [*node.args.defaults, *[default for default in node.args.kw_defaults if default], *node.body]
    if isinstance(node, ast.ClassDef):
        return node.body
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "reshape":
        # NumPy reads every negative length as the one that is to be found.
        return [node.func, *[length for length in node.args if not isinstance(length, ast.UnaryOp)], *node.keywords]
    if isinstance(node, ast.AnnAssign):
        return [node.value] if node.value else []
    return ast.iter_child_nodes(node)


def _is_warning(node):
    return isinstance(node, ast.Call) and ast.unparse(node.func) in ("warnings.warn", "warn")


def _compare(node):
    for i, operator in enumerate(node.ops):
        if type(operator) in _COMPARED:
            operators = [*node.ops[:i], _COMPARED[type(operator)](), *node.ops[i + 1 :]]
            yield ast.Compare(node.left, operators, node.comparators)


def _arithmetic(node):
    texts = (isinstance(side, ast.JoinedStr) or _is_text(side) for side in (node.left, node.right))
    if type(node.op) in _ARITHMETIC and not any(texts):
        yield ast.BinOp(node.left, _ARITHMETIC[type(node.op)](), node.right)


def _is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes))


def _augmented(node):
    if type(node.op) in _ARITHMETIC:
        yield ast.AugAssign(node.target, _ARITHMETIC[type(node.op)](), node.value)


def _boolean(node):
    yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)


def _unary(node):
    if isinstance(node.op, (ast.Not, ast.USub)):
        yield node.operand


def _constant(node):
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(node.value + 1)
    elif isinstance(node.value, float):
        yield ast.Constant(node.value * 2 or 1.0)


def _call(node):
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
    if name in _CALLED:
        other = _CALLED[name]
        renamed = isinstance(node.func, ast.Attribute)
        function = ast.Attribute(node.func.value, other) if renamed else ast.Name(other)
        yield ast.Call(function, node.args, node.keywords)
    if _is_warning(node):
        return
    for i, keyword in enumerate(node.keywords):
        if keyword.arg:
            yield ast.Call(node.func, node.args, [*node.keywords[:i], *node.keywords[i + 1 :]])


def _statement(node):
    if not isinstance(node.value, (ast.Constant, ast.Yield, ast.YieldFrom, ast.Await)):
        yield ast.Pass()


def _assignment(node):
    if all(isinstance(target, (ast.Attribute, ast.Subscript)) for target in node.targets):
        yield ast.Pass()


def _returned(node):
    if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield ast.Return(ast.Constant(None))


_RULES = {
    ast.Compare: _compare,
    ast.BinOp: _arithmetic,
    ast.AugAssign: _augmented,
    ast.BoolOp: _boolean,
    ast.UnaryOp: _unary,
    ast.Constant: _constant,
    ast.Call: _call,
    ast.Expr: _statement,
    ast.Assign: _assignment,
    ast.Return: _returned,
    ast.Raise: lambda node: [ast.Pass()],
    ast.Break: lambda node: [ast.Continue()],
    ast.Continue: lambda node: [ast.Break()],
}

"""What may import what, read from the sources and seen in a fresh interpreter."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "skseq"
SOURCES = sorted(PACKAGE.rglob("*.py"))
#: What knows of backpropagation, and nothing of scikit-learn.
CORE = ["layers", "networks", "training"]
#: Modules that it shares with the rest of the package.
SHARED = ["_blas", "_threads"]
OPTIONAL = ["matplotlib", "pandas", "polars", "torch", "onnx", "imblearn", "rich", "tqdm"]
HARD = {"numpy", "scipy", "sklearn", "joblib", "skseq"}


def imports_of(path):
    """Yield (line, module, name or None) of every absolute import in a file, those inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, None
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                yield node.lineno, node.module, alias.name


def imports_at_import(path):
    """Yield the modules that importing a file imports: functions are not run."""
    waiting = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module
        waiting.extend(ast.iter_child_nodes(node))


def names_of(path):
    return str(path.relative_to(PACKAGE))


def modules_after(statement):
    """Return the names of the modules that a fresh interpreter has after ``statement``."""
    code = f"{statement}\nimport sys\nprint('\\n'.join(sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent, timeout=120
    )
    return set(result.stdout.split())


def test_there_are_sources():
    assert {path.parent.name for path in SOURCES} >= {*CORE, "neural_network"}


@pytest.mark.parametrize(
    "path",
    [path for path in SOURCES if path.relative_to(PACKAGE).with_suffix("").parts[0] in (*CORE, *SHARED)],
    ids=names_of,
)
def test_the_core_knows_nothing_of_scikit_learn(path):
    # Nor of what does: the core imports nothing of skseq but itself.
    for line, module, _ in imports_of(path):
        parts = module.split(".")
        assert parts[0] != "sklearn", f"{path}:{line} imports {module}"
        assert parts[0] != "skseq" or parts[1] in (*CORE, *SHARED), f"{path}:{line} imports {module}"


@pytest.mark.parametrize("path", [path for path in SOURCES if path.parent.name == "layers"], ids=names_of)
def test_layers_know_nothing_of_networks_and_training(path):
    modules = {module for _, module, _ in imports_of(path) if module.startswith("skseq")}
    assert modules <= {"skseq._blas"}


@pytest.mark.parametrize("path", [path for path in SOURCES if path.parent.name == "networks"], ids=names_of)
def test_networks_know_nothing_of_training(path):
    assert not [module for _, module, _ in imports_of(path) if module.startswith("skseq.training")]


@pytest.mark.parametrize("name", CORE)
def test_importing_the_core_imports_no_scikit_learn(name):
    modules = modules_after(f"import skseq.{name}")
    assert f"skseq.{name}" in modules
    assert not [module for module in modules if module.split(".")[0] == "sklearn"]


def test_importing_skseq_imports_next_to_nothing():
    modules = modules_after("import skseq")
    assert not [module for module in modules if module.split(".")[0] in {*OPTIONAL, "sklearn", "scipy", "numpy"}]


def test_no_module_imports_what_is_optional():
    names = [".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts) for path in SOURCES]
    after = modules_after("import " + ", ".join(name.removesuffix(".__init__") for name in names))
    assert "skseq.neural_network" in after
    # What scikit-learn imports by itself is not skseq's doing.
    before = modules_after("import sklearn.utils.estimator_checks, sklearn.model_selection, joblib, scipy.stats")
    assert not {module.split(".")[0] for module in after - before} & set(OPTIONAL)


@pytest.mark.parametrize("path", SOURCES, ids=names_of)
def test_dependencies_are_the_declared_ones(path):
    imported = {module.split(".")[0] for module in imports_at_import(path)}
    assert imported <= HARD | set(sys.stdlib_module_names)


@pytest.mark.parametrize("path", SOURCES, ids=names_of)
def test_only_what_scikit_learn_makes_public_is_used(path):
    for line, module, name in imports_of(path):
        if module.split(".")[0] == "sklearn":
            parts = [*module.split("."), *([name] if name else [])]
            assert not [part for part in parts if part.startswith("_")], f"{path}:{line} imports {'.'.join(parts)}"


@pytest.mark.parametrize("path", SOURCES, ids=names_of)
def test_nothing_private_of_scikit_learn_is_reached_through_a_module(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules = {"sklearn"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {alias.asname for alias in node.names if alias.name.startswith("sklearn") and alias.asname}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
            root = node.value
            while isinstance(root, ast.Attribute):
                root = root.value
            dunder = node.attr.startswith("__") and node.attr.endswith("__")
            assert dunder or not (isinstance(root, ast.Name) and root.id in modules), f"{path}:{node.lineno}"


@pytest.mark.parametrize("path", SOURCES, ids=names_of)
def test_no_file_has_more_than_400_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400

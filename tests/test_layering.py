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


def in_folders(*names):
    """Return the sources in folders of the package, or the modules of these names."""
    return [path for path in SOURCES if path.relative_to(PACKAGE).with_suffix("").parts[0] in names]


def modules_after(statement):
    """Return the names of the modules that a fresh interpreter has after ``statement``."""
    code = f"{statement}\nimport sys\nprint('\\n'.join(sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent, timeout=120
    )
    return set(result.stdout.split())


def test_there_are_sources():
    assert {path.parent.name for path in SOURCES} >= {*CORE, "neural_network"}
    assert len(in_folders(*CORE, *SHARED)) > len(SHARED) + 20


def test_the_core_imports_neither_scikit_learn_nor_the_rest_of_the_package():
    wrong = [
        f"{path}:{line} imports {module}"
        for path in in_folders(*CORE, *SHARED)
        for line, module, _ in imports_of(path)
        if module.split(".")[0] == "sklearn"
        or (module.split(".")[0] == "skseq" and module.split(".")[1] not in (*CORE, *SHARED))
    ]
    assert not wrong


def test_layers_import_neither_networks_nor_training():
    modules = {module for path in in_folders("layers") for _, module, _ in imports_of(path)}
    assert {module for module in modules if module.startswith("skseq")} <= {"skseq._blas"}


def test_networks_do_not_import_training():
    modules = {module for path in in_folders("networks") for _, module, _ in imports_of(path)}
    assert not [module for module in modules if module.startswith("skseq.training")]


@pytest.mark.parametrize("name", CORE)
def test_importing_the_core_imports_no_scikit_learn(name):
    modules = modules_after(f"import skseq.{name}")
    assert f"skseq.{name}" in modules
    assert not [module for module in modules if module.split(".")[0] == "sklearn"]


def test_importing_skseq_imports_next_to_nothing():
    modules = modules_after("import skseq")
    assert "skseq" in modules
    assert not [module for module in modules if module.split(".")[0] in {*OPTIONAL, "sklearn", "scipy", "numpy"}]


def test_no_module_imports_what_is_optional():
    names = [".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts) for path in SOURCES]
    after = modules_after("import " + ", ".join(name.removesuffix(".__init__") for name in names))
    assert "skseq.neural_network" in after
    # What scikit-learn imports by itself is not skseq's doing.
    before = modules_after("import sklearn.utils.estimator_checks, sklearn.model_selection, joblib, scipy.stats")
    assert not {module.split(".")[0] for module in after - before} & set(OPTIONAL)


def test_dependencies_are_the_declared_ones():
    known = HARD | set(sys.stdlib_module_names)
    foreign = [(path, name) for path in SOURCES for name in imports_at_import(path) if name.split(".")[0] not in known]
    assert not foreign


def test_only_public_names_of_scikit_learn_are_imported():
    wrong = []
    for path in SOURCES:
        for line, module, name in imports_of(path):
            parts = [*module.split("."), *([name] if name else [])]
            if parts[0] == "sklearn" and any(part.startswith("_") for part in parts):
                wrong.append(f"{path}:{line} imports {'.'.join(parts)}")
    assert not wrong


def private_attributes_of_scikit_learn(path):
    """Yield the line of each private name that is reached through a module of scikit-learn."""
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
            if not dunder and isinstance(root, ast.Name) and root.id in modules:
                yield node.lineno


def test_no_private_name_of_scikit_learn_is_reached_through_a_module():
    assert not [f"{path}:{line}" for path in SOURCES for line in private_attributes_of_scikit_learn(path)]


def test_no_file_has_more_than_400_lines():
    assert not [path for path in SOURCES if len(path.read_text(encoding="utf-8").splitlines()) > 400]

"""House rules that no linter has: files stay short, few of them know a solver, only the command line prints.

Which package may import which is import-linter's to say: `lint-imports`, configured in `pyproject.toml`.
"""

import ast
from pathlib import Path

import pytest

import microopt

SRC = Path(microopt.__file__).parent
LONGEST = 450
SOLVERS = {
    ("pulp", "solver.backends.pulp_model"),
    ("pulp", "solver.backends.cbc"),
    ("pulp", "solver.backends.highs"),
    ("highspy", "solver.backends.highs"),
}


def name_of(path):
    parts = path.relative_to(SRC).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in sorted(SRC.rglob("*.py"))}


def imported(path):
    """Yield the name of each package that a file imports, also within functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} has a relative import"
            yield str(node.module).split(".")[0]


def test_few_files_know_pulp_and_one_highs():
    users = {(package, module) for module, path in MODULES.items() for package in imported(path)}
    assert {user for user in users if user[0] in ("pulp", "highspy")} == SOLVERS


@pytest.mark.parametrize("module", MODULES)
def test_no_file_is_too_long(module):
    lines = MODULES[module].read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST


def test_only_the_command_line_prints_and_exits():
    loud = [
        f"{module}: {ast.unparse(node)}"
        for module, path in MODULES.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "sys.exit", "exit", "os._exit")
        if not f"{module}.".startswith(("cli.", "__main__."))
    ]
    assert loud == []


def test_the_package_itself_loads_nothing_of_its_own():
    tree = ast.parse(MODULES[""].read_text(encoding="utf-8"))
    loaded = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [ast.unparse(node) for node in loaded if "microopt" in ast.unparse(node)] == []

"""House rules that no linter has: short files, few that know a solver, docstrings that name what is there.

Which package may import which is import-linter's to say: `lint-imports`, configured in `pyproject.toml`.
"""

import ast
import re
from pathlib import Path

import pytest

import microopt

SRC = Path(microopt.__file__).parent
LONGEST = 450
SOLVERS = {
    ("pulp", "solver.backends.pulp_model"),
    ("pulp", "solver.backends.find_cbc"),
    ("highspy", "solver.backends.highs_model"),
    ("highspy", "solver.backends.relaxation"),
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


def documented(node, section):
    """Return the names that a numpydoc section of a docstring lists."""
    body = re.search(rf"(?ms)^{section}\n-+\n(.*?)(?=^\w[\w ]*\n-+\n|\Z)", ast.get_docstring(node) or "")
    lines = body[1].split("\n") if body else []
    entries = [line.split(":")[0].split(",") for line in lines if line and not line.startswith(" ")]
    return {name.strip().lstrip("*") for entry in entries for name in entry}


def arguments(function):
    every = function.args
    extra = [argument for argument in (every.vararg, every.kwarg) if argument is not None]
    return {argument.arg for argument in [*every.posonlyargs, *every.args, *every.kwonlyargs, *extra]}


def members(node):
    """Return the names of a class's fields, properties and attributes."""
    fields = {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    attributes = {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}
    return fields | attributes | {each.name for each in node.body if isinstance(each, ast.FunctionDef)}


def parameters(node):
    if isinstance(node, ast.FunctionDef):
        return arguments(node)
    made = [each for each in node.body if isinstance(each, ast.FunctionDef) and each.name == "__init__"]
    return arguments(made[0]) if made else members(node)


@pytest.mark.parametrize("module", MODULES)
def test_docstrings_name_parameters_and_attributes_that_exist(module):
    nodes = list(ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))))
    classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
    inherited = {name for node in classes for name in members(node)}
    unknown = {
        node.name: documented(node, "Parameters") - parameters(node)
        for node in nodes
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    unknown |= {node.name: documented(node, "Attributes") - inherited for node in classes}
    assert {name: names for name, names in unknown.items() if names} == {}


@pytest.mark.parametrize("module", MODULES)
def test_no_file_is_too_long(module):
    lines = MODULES[module].read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST


def test_no_two_classes_have_one_name():
    modules = {}
    for module, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                modules.setdefault(node.name, []).append(module)
    assert {name: places for name, places in modules.items() if len(places) > 1} == {}


def test_only_programs_print_and_exit():
    """The command line is one, and so is what opens workbooks in a process of its own."""
    programs = ("cli.", "__main__.", "readers.formats.calamine_process.")
    loud = [
        f"{module}: {ast.unparse(node)}"
        for module, path in MODULES.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "sys.exit", "exit", "os._exit")
        if not f"{module}.".startswith(programs)
    ]
    assert loud == []


def test_the_package_itself_loads_nothing_of_its_own():
    tree = ast.parse(MODULES[""].read_text(encoding="utf-8"))
    loaded = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [ast.unparse(node) for node in loaded if "microopt" in ast.unparse(node)] == []

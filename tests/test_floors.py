"""The house: imports go downward only, rooms of one floor do not know each other, files stay short."""

import ast
from functools import cache
from pathlib import Path

import pytest

import microopt

SRC = Path(microopt.__file__).parent
FLOORS = {
    0: ("errors", "exits", "units"),
    1: ("campaign", "grammar", "settings", "roster", "forecast", "plan", "case", "measures", "selection",
        "benchmarks", "overrides", "pay", "outlook", "goals", "audience", "packages", "choices", "conflicts",
        "overlap", "alternative", "comparison", "frames", "difference", "explanation", "front", "budget_frontier",
        "plan_comparison", "document", "verification", "contract", "actual", "running", "underway", "replanned",
        "pacing", "tonight", "states", "expectation", "history", "report", "solver.amount", "solver.program",
        "solver.answer", "solver.pool", "solver.sparse", "summary"),
    2: ("forecasting", "readers", "solver", "renderers", "store"),
    3: ("studies", "charts"),
    4: ("cli", "__main__"),
}  # fmt: skip
ROOMS = ("readers", "renderers", "forecasting", "solver", "store")
LONGEST = 400
SOLVERS = {("pulp", "solver.pulp_model"), ("pulp", "solver.pulp_backend"), ("highspy", "solver.pulp_backend")}


def name_of(path):
    parts = path.relative_to(SRC).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in sorted(SRC.rglob("*.py"))}


def is_type_checking(node):
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def imports(node):
    """Yield the import statements below a node, also those in functions, but not those for type checkers."""
    for child in ast.iter_child_nodes(node):
        if is_type_checking(child):
            yield from (found for part in child.orelse for found in imports(part))
        elif isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        else:
            yield from imports(child)


def home(dotted):
    """Return the module of ours that a dotted name stands in, or None."""
    if dotted != "microopt" and not dotted.startswith("microopt."):
        return None
    inner = dotted.removeprefix("microopt").removeprefix(".")
    while inner not in MODULES:
        inner = inner.rpartition(".")[0]
    return inner


def ours_of(node, module):
    if isinstance(node, ast.Import):
        return {home(alias.name) for alias in node.names} - {None}
    assert not node.level, f"{module} has a relative import"
    return {home(f"{node.module}.{alias.name}") for alias in node.names} - {None}


@cache
def graph():
    """Return, for each module of ours, those it imports."""
    trees = {module: ast.parse(path.read_text(encoding="utf-8")) for module, path in MODULES.items()}
    return {
        module: set().union(*(ours_of(node, module) for node in imports(tree))) - {module}
        for module, tree in trees.items()
    }


def floor_of(module):
    """Return the floor of a module: of the longest name that holds it."""
    found = [
        (len(name), floor)
        for floor, names in FLOORS.items()
        for name in names
        if module == name or module.startswith(f"{name}.")
    ]
    return max(found)[1] if found else None


def room_of(module):
    """Return the room of floor 2 a module stands in, or None for what lives on another floor."""
    return next((room for room in ROOMS if f"{module}.".startswith(f"{room}.") and floor_of(module) == 2), None)


def circles():
    """Return the modules of a circle of imports, empty if there is none."""
    left = {module: set(targets) for module, targets in graph().items()}
    while free := [module for module, targets in left.items() if not targets & left.keys()]:
        for module in free:
            del left[module]
    return sorted(left)


def test_every_module_has_a_floor():
    assert [module for module in MODULES if module and floor_of(module) is None] == []
    assert [name for names in FLOORS.values() for name in names if name not in MODULES] == []


def test_no_import_goes_upward():
    upward = [
        f"{module} (floor {floor_of(module)}) imports {target} (floor {floor_of(target)})"
        for module, targets in graph().items()
        for target in targets
        if module and (not target or floor_of(target) > floor_of(module))
    ]
    assert upward == []


def test_no_imports_run_in_a_circle():
    assert circles() == []


def test_rooms_of_floor_two_do_not_know_each_other():
    across = [
        f"{module} imports {target}"
        for module, targets in graph().items()
        for target in targets
        if room_of(module) and room_of(target) and room_of(module) != room_of(target)
    ]
    assert across == []


def test_few_files_know_pulp_and_one_highs():
    users = {
        (name.split(".")[0], module)
        for module, path in MODULES.items()
        for node in imports(ast.parse(path.read_text(encoding="utf-8")))
        for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module])
    }
    assert {one for one in users if one[0] in ("pulp", "highspy")} == SOLVERS


def test_the_package_itself_imports_nothing_of_its_own_when_loaded():
    assert graph()[""] == set()


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
        if floor_of(module) != 4
    ]
    assert loud == []

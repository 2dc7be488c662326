"""Peer solvers: `python -m benchmarks.peers NAME PROGRAM.npz OUT.json`, a process of its own for each.

Nothing of microopt is imported: a process that loads highspy cannot load OR-Tools.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.integers import Integers, PlainProgram, load_program

ABSENT = 3  # exit code where the library is not installed
THREADS = 2
BLOCK = 4096
PARTS = (1.0, 0.95, 0.9, 0.0)


def solve_with_pulp(given: PlainProgram, seconds: float | None = None) -> tuple[str, Integers]:
    """Return status and picks of a straight PuLP model, solved by its CBC."""
    import pulp

    problem = pulp.LpProblem("plan", pulp.LpMaximize)
    take = [problem.add_variable(f"x{number}", 0, 1, pulp.LpInteger) for number in range(len(given))]
    problem.setObjective(pulp.LpAffineExpression(list(zip(take, given.value.tolist(), strict=True))))
    for line in given.lines:
        own = [take[column] for column in line.columns.tolist()]
        total = pulp.LpAffineExpression(list(zip(own, line.coefficients.tolist(), strict=True)))
        if line.lower is not None:
            problem.addConstraint(total >= line.lower)
        if line.upper is not None:
            problem.addConstraint(total <= line.upper)
    problem.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=0.0, timeLimit=seconds))
    unproven = problem.sol_status == pulp.LpSolutionIntegerFeasible  # its status says "Optimal" at a time limit too
    status = "feasible" if unproven else pulp.LpStatus[problem.status].lower()
    return status, _chosen([variable.value() or 0.0 for variable in take])


def solve_with_milp(given: PlainProgram, seconds: float | None = None) -> tuple[str, Integers]:
    """Return status and picks of `scipy.optimize.milp`, which is HiGHS."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_matrix

    starts = np.cumsum([0, *(len(line.columns) for line in given.lines)])
    columns = np.concatenate([line.columns for line in given.lines])
    coefficients = np.concatenate([line.coefficients for line in given.lines]).astype(float)
    matrix = csr_matrix((coefficients, columns, starts), shape=(len(given.lines), len(given)))
    low = [-np.inf if line.lower is None else line.lower for line in given.lines]
    high = [np.inf if line.upper is None else line.upper for line in given.lines]
    result = milp(
        -given.value.astype(float),
        integrality=np.ones(len(given)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix, low, high),
        options={"mip_rel_gap": 0.0} if seconds is None else {"mip_rel_gap": 0.0, "time_limit": seconds},
    )
    status = "optimal" if result.status == 0 else str(result.message)
    return status, _chosen([] if result.x is None else result.x)


def solve_with_cp_sat(given: PlainProgram, seconds: float | None = None) -> tuple[str, Integers]:
    """Return status and picks of OR-Tools CP-SAT."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    take = [model.new_bool_var("") for _ in range(len(given))]
    for line in given.lines:
        own = [take[column] for column in line.columns.tolist()]
        total = cp_model.LinearExpr.weighted_sum(own, line.coefficients.tolist())
        low = cp_model.INT_MIN if line.lower is None else line.lower
        high = cp_model.INT_MAX if line.upper is None else line.upper
        model.add_linear_constraint(total, low, high)
    model.maximize(cp_model.LinearExpr.weighted_sum(take, given.value.tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = THREADS
    solver.parameters.relative_gap_limit = 0.0
    if seconds is not None:
        solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model)
    known = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return solver.status_name(status).lower(), _chosen([solver.value(each) for each in take] if known else [])


def _chosen(values: Any) -> Integers:
    return np.flatnonzero(np.asarray(values, dtype=float) > 0.5)


def solve_greedily(given: PlainProgram, _seconds: float | None = None) -> tuple[str, Integers]:
    """Return the greedy picks by value per dollar, within the budget and every cap, ignoring floors.

    A cap on a share of the spend is taken of the whole budget: of nothing spent yet, no share could be bought. Where
    less is spent, and that breaks the cap, it is taken of less; in the end as it stands, at every step.
    """
    caps = {line.label for line in given.lines if line.lower is None}
    for part in PARTS:
        picks = _fill_greedily(given, part)
        if not caps.intersection(given.violated_rows(picks)):
            break
    return "greedy", picks


def _fill_greedily(given: PlainProgram, part: float) -> Integers:
    """Buy what fits in repeated passes: what did not fit under a share may fit later."""
    weights, left = _caps(given, part)
    minimum = [int(row.min()) for row in weights]  # a cap with less than this left is full for all
    order = np.argsort(-given.value / np.maximum(given.cost, 1), kind="stable")
    order = order[given.value[order] > 0]
    picks: list[int] = []
    while len(order):
        selected = list(_buy_in_order(weights, order, left, minimum))
        if not selected:
            break
        picks += selected
        order = order[~np.isin(order, selected)]
    return np.sort(np.array(picks, dtype=np.int64))


def _caps(given: PlainProgram, part: float) -> tuple[Integers, list[int]]:
    """Return what each column needs of each cap, and what there is of it; shares are of this part of the budget."""
    caps = [line for line in given.lines if line.upper is not None]
    weights = np.zeros((len(caps), len(given)), dtype=np.int64)
    for number, line in enumerate(caps):
        weights[number, line.columns] = line.coefficients
    left = [int(line.upper or 0) for line in caps]
    budget = [line.label for line in caps].index("budget")
    spent, room = weights[budget].copy(), left[budget]
    for number in range(len(caps) if part else 0):
        times = float(np.max(-weights[number] / np.maximum(spent, 1)))
        if times > 0:  # what is not of the share makes room for it: here all of that room is there from the start
            weights[number] += np.ceil(times * spent).astype(np.int64)
            left[number] += int(part * times * room)
    return weights, left


def _buy_in_order(weights: Integers, order: Integers, left: list[int], minimum: list[int]) -> Iterator[int]:
    """Yield, in order, what fits into what is left of the caps, and take it from there."""
    for start in range(0, len(order), BLOCK):
        block = order[start : start + BLOCK]
        for column, needs in zip(block.tolist(), weights[:, block].T.tolist(), strict=True):
            if any(need > 0 and need > room for need, room in zip(needs, left, strict=True)):
                continue
            left[:] = [room - need for need, room in zip(needs, left, strict=True)]
            yield column
        if any(few > 0 and few > room for few, room in zip(minimum, left, strict=True)):
            return


PEERS: dict[str, Callable[[PlainProgram, float | None], tuple[str, Integers]]] = {
    "pulp": solve_with_pulp,
    "milp": solve_with_milp,
    "cp-sat": solve_with_cp_sat,
    "greedy": solve_greedily,
}


def main(name: str, path: str, out: str) -> int:
    """Write what a peer finds, recomputed in the program's integers; what solvers print is their own."""
    given = load_program(path)
    try:
        status, picks = PEERS[name](given, None)
    except ModuleNotFoundError:
        return ABSENT
    write_outcome(Path(out), given, status, picks)
    return 0


def write_outcome(path: Path, given: PlainProgram, status: str, picks: Integers) -> None:
    """Write what a peer says, and what its picks bring and break in the program's integers."""
    text = {
        "status": status,
        "picks": len(picks),
        "value": given.objective_value(picks),
        "best": given.objective_value(given.picks),
        "broken": given.violated_rows(picks),
    }
    path.write_text(json.dumps(text), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

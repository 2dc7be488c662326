"""`python -m tests.support.cp_sat`: the optima of programs by CP-SAT, in a process of its own.

HiGHS and OR-Tools cannot be loaded into one process. Programs come as JSON on standard input, and each answer is
`[status, value, least cost among the optima]`. CP-SAT's presolve is off: it has called feasible programs with
coefficients near 10^12 infeasible.
"""

from __future__ import annotations

import json
import sys
from typing import Any

SECONDS = 4.0  # of one solve


def _solve(facts: dict[str, Any]) -> tuple[str, int | None, int | None]:
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    columns = [model.NewBoolVar("") for _ in facts["objective"]]
    for row in facts["rows"]:
        total = sum(number * columns[at] for at, number in zip(row["columns"], row["coefficients"], strict=True))
        if row["lower"] is not None:
            model.Add(total >= row["lower"])
        if row["upper"] is not None:
            model.Add(total <= row["upper"])
    for group in set(facts["group"]):
        model.AddAtMostOne([column for column, of in zip(columns, facts["group"], strict=True) if of == group])
    solver = cp_model.CpSolver()
    solver.parameters.cp_model_presolve = False
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = SECONDS
    value, cost = (cp_model.LinearExpr.WeightedSum(columns, facts[name]) for name in ("objective", "cost"))
    model.Maximize(value)
    status = solver.StatusName(solver.Solve(model))
    if status != "OPTIMAL":
        return status, None, None
    best = sum(number * solver.Value(column) for number, column in zip(facts["objective"], columns, strict=True))
    model.Add(value == best)
    model.Minimize(cost)
    if solver.StatusName(solver.Solve(model)) != "OPTIMAL":
        return status, best, None
    least = sum(number * solver.Value(column) for number, column in zip(facts["cost"], columns, strict=True))
    return status, best, least


if __name__ == "__main__":
    json.dump([_solve(facts) for facts in json.load(sys.stdin)], sys.stdout)

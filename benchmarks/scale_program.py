"""`python -m benchmarks.scale_program ROSTER PLAN.json OUT.npz`: the integers that a plan was proven in, for its peers.

They are made again from the roster and the plan, as `microopt verify` does it. The ideals of a balanced goal are those
of the plan: a peer has one integer program to solve where microopt has three.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from benchmarks.integers import LinearRow, PlainProgram, save_program
from microopt import read_roster
from microopt.plan.verification_result import Discrepancy
from microopt.planning.build_problem import build_problem
from microopt.planning.formulation.formulate import formulate
from microopt.planning.match_picks import match_picks
from microopt.planning.optimize import build_objective
from microopt.readers.plan_file import read_plan


def build_plain_program(roster: str, plan: str) -> PlainProgram:
    """Return the integers of the program of a plan.

    Raises
    ------
    RuntimeError
        If the plan breaks them, or peers would need more rows than there are.
    """
    stated = read_plan(plan).plan
    case, _ = build_problem(read_roster(roster), stated.campaign)
    program = formulate(case, build_objective(case, stated.ideals))
    chosen = match_picks(case, stated.picks)
    assert not isinstance(chosen, Discrepancy), f"the plan is of another roster: {chosen.message}"
    picks = np.flatnonzero(chosen)
    if program.violated_constraints(picks) or not program.has_linear_objective or program.has_soft_rows:
        raise RuntimeError("a program of a plan that breaks it, or with more than integer rows")
    if len(np.unique(program.group)) < len(program):
        raise RuntimeError("a creator with several offers needs a row that is not written")
    lines = [
        LinearRow(
            label=line.label, columns=line.columns, coefficients=line.coefficients, lower=line.lower, upper=line.upper
        )
        for line in program.rows
    ]
    return PlainProgram(value=program.objective, cost=program.cost, lines=tuple(lines), picks=picks)


if __name__ == "__main__":
    save_program(Path(sys.argv[3]), build_plain_program(sys.argv[1], sys.argv[2]))

"""`python -m benchmarks.straight_program ROSTER PLAN.json OUT.npz`: the integers of a plan's program, and its ideals.

A balanced goal is three programs of the same rows to whoever models it directly: the best engagements, the best
conversions, and the sum of both as shares of these.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from benchmarks.integers import Integers, save_program
from benchmarks.scale_program import build_plain_program
from benchmarks.straight_peers import ideals_path
from microopt import read_roster
from microopt.planning.build_problem import build_problem
from microopt.planning.formulation.objective import metric_objective
from microopt.readers.plan_file import read_plan


def ideal_values(roster: str, plan: str) -> Integers:
    """Return the (ideals, n) objectives that are to be maximized before that of the plan's goal."""
    stated = read_plan(plan).plan
    problem, _ = build_problem(read_roster(roster), stated.campaign)
    return np.array([metric_objective(problem, ideal.metric).values for ideal in stated.ideals], dtype=np.int64)


if __name__ == "__main__":
    given_roster, given_plan, out = sys.argv[1:]
    save_program(Path(out), build_plain_program(given_roster, given_plan))
    np.save(ideals_path(Path(out)), ideal_values(given_roster, given_plan))

"""Two thousand programs as campaigns make them agree with enumeration and with CP-SAT."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from microopt.solver.constraint import constraint, reduce_by_gcd
from microopt.solver.lexicographic import solve_cheapest
from microopt.solver.program import IntegerProgram
from microopt.solver.result import SolveLimits, Termination
from tests.scale import repeats
from tests.solver.builders import best, solver

ROOT = Path(__file__).parents[2]
SHARDS, PROGRAMS = 20, 100  # 2,000 at scale 1
TINY = 13  # columns up to which every plan is enumerated
LIMITS = SolveLimits(nodes=5_000, negligible=0.0)


class Draw:
    """The programs of one seed: offers, a plan that the rules allow for the most part, and the rules."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.count = int(self.random.choice([self.random.integers(4, TINY + 1), self.random.integers(TINY + 1, 61)]))
        sizes = self.random.choice([1, 1, 1, 2, 3], self.count)
        self.group = np.repeat(np.arange(self.count), sizes)[: self.count]
        self.fee = self.fees()
        self.plan = self.some_plan()
        self.niche = self.random.integers(0, 4, self.count)
        self.loose = 0.9 if self.random.random() < 0.9 else 0.3  # how often a rule allows the plan

    def fees(self):
        tail = self.random.lognormal(0, self.random.choice([0.5, 1.2, 2.0]), self.count)
        unit, size = (1, 20_000) if self.random.random() < 0.5 else (10_000, 8)
        return np.maximum(1, np.rint(tail * size)).astype(np.int64) * unit

    def some_plan(self):
        chosen = self.random.permutation(self.count)[: int(self.random.integers(1, max(2, self.count // 2)))]
        _, first = np.unique(self.group[chosen], return_index=True)
        plan = np.zeros(self.count, dtype=np.int64)
        plan[chosen[first]] = 1
        return plan

    def values(self):
        size = 10.0 ** self.random.uniform(0, 15)
        shape = {
            "apart": self.random.lognormal(0, 1.5, self.count),
            "by fee": self.fee / self.fee.max() * self.random.lognormal(0, 0.3, self.count),
            "a multiple of the fee": self.fee / self.fee.max(),
            "alike": 1 + self.random.integers(0, 4, self.count) / size,
        }[str(self.random.choice(["apart", "by fee", "a multiple of the fee", "alike"]))]
        values = np.rint(shape * size).astype(np.int64)
        if self.random.random() < 0.2:
            values[self.random.random(self.count) < 0.2] *= -1
        values[self.random.random(self.count) < 0.05] = 0
        return values

    def some(self):
        return (
            (self.niche == self.random.integers(0, 4))
            if self.random.random() < 0.7
            else self.random.random(self.count) < 0.4
        )

    def bounded(self, label, coefficients, side=None):
        """Return a row that the plan keeps, for the most part."""
        coefficients = np.asarray(coefficients, dtype=np.int64)
        used, kept = int(coefficients @ self.plan), self.random.random() < self.loose
        room = int(abs(used) * self.random.choice([0.0, 0.02, 0.3])) + int(self.random.integers(0, 2))
        room = room if kept else -room
        side = side or str(self.random.choice(["lower", "upper", "both"]))
        lower = None if side == "upper" else used - room
        upper = None if side == "lower" else used + room
        if lower is not None and upper is not None and lower > upper:
            lower = None
        return reduce_by_gcd(constraint(label, coefficients, lower=lower, upper=upper))

    def rule(self):
        kind = str(self.random.choice(["count", "cap", "share", "floor", "mean", "requires", "excludes"]))
        some, metric = self.some(), np.rint(self.random.lognormal(8, 1, self.count)).astype(np.int64)
        if kind == "count":
            return self.bounded(kind, some)
        if kind == "cap":
            return self.bounded(kind, self.fee * some, "upper")
        if kind == "share":
            share = int(self.random.integers(1, 100))
            limit = {"lower": 0} if self.random.random() < 0.5 else {"upper": 0}
            row = reduce_by_gcd(constraint(kind, self.fee * (100 * some - share), **limit))
            kept = not row.violation(row.activity(np.flatnonzero(self.plan)))
            return row if kept or self.random.random() > self.loose else self.bounded(kind, some)
        if kind == "floor":
            return self.bounded(kind, metric * some, "lower")
        if kind == "mean":
            middle = int(metric[self.plan > 0].mean()) if self.plan.any() else 1
            return self.bounded(kind, metric - middle, "lower")
        first, second = self.random.choice(np.unique(self.group), 2)
        sign = 1 if kind == "excludes" else -1
        row = (self.group == first).astype(np.int64) + sign * (self.group == second)
        return constraint(kind, row, upper=1 if kind == "excludes" else 0)

    def program(self):
        share = float(self.random.choice([0.01, 0.1, 0.5]))
        budget = max(int(self.fee @ self.plan), int(self.fee.sum() * share * self.random.uniform(0.5, 1.5)))
        rows = [reduce_by_gcd(constraint("budget", self.fee, upper=budget))]
        rows += [self.rule() for _ in range(int(self.random.choice([0, 1, 3, 8, 30])))]
        rows = [row for row in rows if len(row.columns)]
        cost = self.fee if self.random.random() < 0.8 else self.random.integers(0, 50, self.count)
        return IntegerProgram(objective=self.values(), cost=cost, group=self.group.astype(np.int32), rows=tuple(rows))


def as_json(program):
    """Return a program as CP-SAT's process reads it."""
    rows = [
        {
            "columns": row.columns.tolist(),
            "coefficients": row.coefficients.tolist(),
            "lower": row.lower,
            "upper": row.upper,
        }
        for row in program.rows
    ]
    facts = {name: getattr(program, name).tolist() for name in ("objective", "cost", "group")}
    return {**facts, "rows": rows}


def optima_by_cp_sat(programs):
    """Return (status, value, least cost) of each program."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.cp_sat"],
        input=json.dumps([as_json(program) for program in programs]),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return json.loads(done.stdout)


def optima(programs):
    """Return (status, value, least cost) of each program, by enumeration where that is possible."""
    large = [program for program in programs if len(program) > TINY]
    by_cp_sat = iter(optima_by_cp_sat(large))
    for program in programs:
        if len(program) > TINY:
            yield next(by_cp_sat)
        else:
            found = best(program)
            yield ("INFEASIBLE", None, None) if found is None else ("OPTIMAL", *found)


def difference(program, answer, optimum):
    """Return what an answer says falsely, or None."""
    status, value, least = optimum
    if answer.columns is not None and program.violated_constraints(answer.columns):
        return "a row is broken"
    if status == "INFEASIBLE":
        return None if answer.termination is Termination.INFEASIBLE else f"{answer.termination} instead of infeasible"
    if status != "OPTIMAL":
        return None
    if answer.termination is Termination.INFEASIBLE:
        return f"infeasible instead of {value}"
    if answer.bound is not None and answer.bound < value:
        return f"no plan above {answer.bound}, but one has {value}"
    if answer.termination is Termination.OPTIMAL and answer.objective != value:
        return f"{answer.objective} instead of {value}"
    if answer.objective is not None and answer.objective > value:
        return f"CP-SAT has {value}, but a plan has {answer.objective}"
    if answer.is_cheapest and least is not None and program.total_cost(answer.columns) != least:
        return f"at a cost of {program.total_cost(answer.columns)} instead of {least}"
    return None


@pytest.mark.random
@pytest.mark.parametrize("shard", range(SHARDS))
def test_plans_of_random_campaigns_are_the_optima_of_enumeration_and_cp_sat(shard):
    pytest.importorskip("ortools")
    seeds = range(shard * 1_000_000, shard * 1_000_000 + repeats(PROGRAMS))
    programs = [Draw(seed).program() for seed in seeds]
    backend = solver("cbc" if shard % 2 else "highs")
    answers = [solve_cheapest(program, backend, LIMITS) for program in programs]
    found = map(difference, programs, answers, optima(programs))
    assert [(seed, wrong) for seed, wrong in zip(seeds, found, strict=True) if wrong] == []
    proven = [answer.termination in (Termination.OPTIMAL, Termination.INFEASIBLE) for answer in answers]
    assert sum(proven) > 0.8 * len(proven)

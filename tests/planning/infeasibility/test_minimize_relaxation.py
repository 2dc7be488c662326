"""A share or a mean is relaxed no further than needed, although its violation is priced in other units."""

from fractions import Fraction

import numpy as np
import pytest

from microopt.planning.infeasibility.relax_limits import minimize_relaxation, relax_to_fit
from microopt.solver.search import solve
from tests.solver.builders import FREE, case, picks, roster, solver

OFFERS = roster(["@a", "@b", "@c", "@d"], numbers={"hours": [1.0, 9.0, 4.0, 6.0]})


def sharpened(*rules, poor):
    """Return what the rules are loosened to for a poor plan, and after a better one was looked for."""
    problem = case(OFFERS, *rules, cost=[10_000, 30_000, 5_000, 10_000])
    loosened = relax_to_fit(problem, problem.select_rows(np.isin(np.arange(4), poor)))
    better, plan = minimize_relaxation(
        problem, loosened, picks(*poor), lambda requested: solve(requested, solver("cbc"), FREE, cheapest=False).columns
    )
    assert relax_to_fit(problem, problem.select_rows(np.isin(np.arange(4), plan))).changes == better.changes
    return [[change.after for change in item.changes] for item in (loosened, better)]


@pytest.mark.parametrize(
    ("rules", "before", "after"),
    [
        (("creator:@a spend >= 90%",), "0.25", "0.666"),  # 100 of 400, then 100 of 150
        (("creator:@b spend <= 10%", "creator:@b count >= 1"), "0.75", "0.546"),  # 300 of 400, then of all 550
        (("all mean(hours) <= 2",), "5", "2.5"),  # 1 and 9, then 1 and 4
    ],
)
def test_a_ratio_is_relaxed_as_little_as_possible(rules, before, after):
    assert sharpened(*rules, "all count >= 2", poor=[0, 1]) == [[Fraction(before)], [Fraction(after)]]


def test_other_rules_stay_as_they_were():
    assert sharpened("all count >= 3", "all count <= 1", poor=[0, 1]) == [[2, 2], [2, 2]]

"""Who carries the risk of a plan: each creator's share of what the worst tenth of the outcomes falls short of the mean.

The decomposition is exact: the mean and the conditional mean of a sum are the sums of those of its parts, so that the
shares of all creators add up to 1. The conditional mean of a part is its Euler contribution to the expected shortfall
(D. Tasche, Risk contributions and performance measurement, 1999).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from microopt.analysis.simulation.distributions import exact_sum, worst_count
from microopt.analysis.simulation.result import RiskShare
from microopt.planning.outcomes.outcomes import Integers, Outcomes
from microopt.planning.problem import PlanningProblem


def risk_shares(outcomes: Outcomes, values: Integers) -> tuple[RiskShare, ...]:
    """Return the shares of every creator, by their share of the shortfall from the largest.

    Parameters
    ----------
    values
        (choices, outcomes) what each creator adds to the goal.
    """
    problem, count = outcomes.problem, outcomes.count
    worst = worst_outcomes(values)
    sums, tails = ([exact_sum(row) for row in part] for part in (values, values[:, worst]))
    means = [Fraction(amount, count) for amount in sums]
    shortfalls = [mean - Fraction(tail, len(worst)) for mean, tail in zip(means, tails, strict=True)]
    mean, shortfall = sum(means, Fraction(0)), sum(shortfalls, Fraction(0))
    declined = count - np.maximum.reduceat(outcomes.scenarios.accepted, _starts(problem), axis=0).sum(axis=1)
    shares = [
        RiskShare(
            creator=names[0],
            tier=names[1],
            offers=names[2],
            expected=own / mean if mean else None,
            shortfall=own_shortfall / shortfall if shortfall else None,
            declined=Fraction(refusals, count),
        )
        for names, own, own_shortfall, refusals in zip(
            _names(problem), means, shortfalls, declined.tolist(), strict=True
        )
    ]
    return tuple(sorted(shares, key=lambda each: (-(each.shortfall or 0), -(each.expected or 0), each.creator)))


def worst_outcomes(values: Integers) -> NDArray[np.intp]:
    """Return the tenth of the outcomes with the lowest totals; of equal totals, those drawn first."""
    order = np.argsort(values.sum(axis=0, dtype=np.int64), kind="stable")
    return order[: worst_count(values.shape[1])]


def _starts(problem: PlanningProblem) -> NDArray[np.intp]:
    """Return the first row of each choice."""
    return np.flatnonzero(np.diff(problem.choice, prepend=-1))


def _names(problem: PlanningProblem) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield the name, the tier and the offers of each choice."""
    texts, rows = problem.roster.texts, np.arange(len(problem))
    for choice in range(problem.choice_count):
        own = rows[problem.choice == choice].tolist()
        offers = tuple(texts["offer"][row] for row in own) if "offer" in texts else ()
        yield texts["creator"][own[0]], texts["tier"][own[0]], offers

"""Choose the plan that brings most after declines and substitutes, on average over draws of who accepts.

The candidates are the best plans for what asking is worth (`freed_value`) at several shares of what a decline frees;
the first is the plan of means. Each is measured on the same draws with the same substitutes, and the best is taken, the
first among equals: in these draws, it is at least as good as the plan of means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.plan.after_declines import AfterDeclines
from microopt.planning.declines.ask_in_rounds import ROUNDS, AskedInRounds, ask_in_rounds
from microopt.planning.declines.freed_value import price_of_money, priced_use
from microopt.planning.declines.if_accepted import acceptance_of_choices
from microopt.planning.declines.known_answers import KnownAnswers
from microopt.planning.formulation.objective import Objective
from microopt.planning.problem import PlanningProblem
from microopt.solver.arrays import k_smallest
from microopt.solver.program import Columns, IntegerProgram

SHARES = tuple(Fraction(halves, 2) for halves in (1, 2, 3))  # of the value of what a decline frees
MOST_SHARE = Fraction(2)  # of those that are measured
MOST_SUBSTITUTES = 1_000  # that are tried
NDFloat = NDArray[np.float64]
Accept = Callable[[NDArray[np.intp]], NDArray[np.bool_]]  # rows, ascending -> (rows, scenarios) who accepts


class Asking(Struct, frozen=True, kw_only=True, eq=False):
    """A problem whose creators may decline, with the prices at which places and money are counted.

    Attributes
    ----------
    means, unit
        The program of the plan of means, and what one integer of its objective is worth.
    accepting
        The same rules if everyone accepts.
    objective
        The objective of the goal if everyone accepts.
    prices
        (rows,) dual prices of the plan of means.
    accept
        Draws who accepts.
    scenarios, seed
        The draws.
    """

    problem: PlanningProblem
    means: IntegerProgram
    unit: Fraction
    accepting: IntegerProgram
    objective: Objective
    prices: NDFloat
    accept: Accept
    scenarios: int
    seed: int

    @property
    def uses(self) -> NDFloat:
        """(choices,) what each choice uses at the prices, in the goal's unit."""
        return priced_use(self.means, self.prices, self.unit)

    def accepted(self, choices: Columns) -> NDArray[np.bool_]:
        """Return whether each of these choices is accepted, (k, scenarios): all of its offers are."""
        rows = self.problem.rows_of(choices)
        drawn = self.accept(rows)
        if len(rows) == len(choices):
            return drawn
        starts = np.flatnonzero(np.diff(self.problem.choice[rows], prepend=-1))
        return np.logical_and.reduceat(drawn, starts, axis=0)


def measure(asking: Asking, plans: Sequence[Columns]) -> list[AskedInRounds]:
    """Return what plans bring after declines and substitutes, all on the same draws."""
    rounds = list(substitutes_by_round(asking))
    columns = np.unique(np.concatenate([*plans, *rounds[0]])).astype(np.intp)
    worth = asking.objective.values[columns]
    expected = np.rint(worth * acceptance_of_choices(asking.problem)[columns]).astype(np.int64)
    return ask_in_rounds(asking.accepting, plans, rounds, columns, asking.accepted(columns), worth, expected)


def bounds_if_known(asking: Asking) -> NDArray[np.int64]:
    """Return for each draw what nobody exceeds who knew it in advance, in the objective's integers, (scenarios,)."""
    known = KnownAnswers.of(asking.means, asking.objective.values)
    return known.bounds(asking.accepted(known.columns), asking.prices * float(asking.unit / asking.objective.unit))


def substitutes_by_round(asking: Asking) -> Iterator[list[Columns]]:
    """Yield the lists of substitutes of each round, by what asking them is worth and what they use at the prices.

    One list is by worth for what is used: it is right where money is as scarce as it was for the plan. One is by worth
    alone, for much money and few places, and one between both. In every round but the last, what their own decline
    would free can be used again, and counts in full.
    """
    acceptance = acceptance_of_choices(asking.problem)
    uses = np.maximum(asking.uses, 0)
    expected = acceptance * (asking.objective.values * float(asking.objective.unit))
    candidates = _candidates(asking, acceptance, expected, uses)
    uses = uses[candidates]
    for number in range(1, ROUNDS + 1):
        worth = expected[candidates] + (1 - acceptance[candidates]) * uses * (number < ROUNDS)
        used = np.where(uses > 0, uses, 1.0)
        ranks = [np.where(uses > 0, worth / each, np.inf) for each in (used, np.sqrt(used))]
        yield [candidates[np.lexsort([-worth, -rank])] for rank in (*ranks, worth)]


def _candidates(asking: Asking, acceptance: NDFloat, expected: NDFloat, uses: NDFloat) -> Columns:
    """Return who can be a substitute: of many, the best by worth for what they use, and as many by worth alone."""
    able = np.flatnonzero((acceptance > 0) & asking.means.can_be_selected)
    if len(able) <= MOST_SUBSTITUTES:
        return able
    ratio = np.where(uses > 0, expected / np.where(uses > 0, uses, 1.0), np.inf)[able]
    best = [k_smallest(-rank, MOST_SUBSTITUTES // 2) for rank in (ratio, expected[able])]
    return able[np.unique(np.concatenate(best))]


def summarize(asking: Asking, picks: Columns, means: Columns, *, share: Fraction, candidates: int) -> AfterDeclines:
    """Return what a plan brings after declines beside the plan of means, on the same draws."""
    chosen, usual = measure(asking, [picks, means])
    unit = asking.objective.unit
    return AfterDeclines(
        value=mean(chosen.value) * unit,
        of_means=mean(usual.value) * unit,
        of_means_alone=mean(usual.alone) * unit,
        bound=mean(bounds_if_known(asking)) * unit,
        scenarios=asking.scenarios,
        seed=asking.seed,
        rounds=ROUNDS,
        candidates=candidates,
        share=share,
        per_dollar=share * price_of_money(asking.means, asking.prices, asking.unit),
        spend=round(mean(chosen.cost)),
        substitutes=mean(chosen.substitutes),
        rules_kept=int(chosen.rules_kept.sum()),
        means=tuple(means.tolist()),
    )


def best_of(outcomes: Sequence[AskedInRounds]) -> int:
    """Return the position of the plan that brings most after declines, the first among equals."""
    values = [int(outcome.value.sum()) for outcome in outcomes]
    return values.index(max(values))


def measured_share(asking: Asking, plan: Columns) -> Fraction:
    """Return what the substitutes of a plan bring, as a share of what its declines free at the prices."""
    outcome = measure(asking, [plan])[0]
    declined = ~asking.accepted(plan)
    freed = float((declined.sum(axis=1) * np.maximum(asking.uses[plan], 0)).sum()) / asking.scenarios
    brought = float(mean(outcome.value - outcome.alone) * asking.objective.unit)
    share = brought / freed if freed > 0 else 0.0
    return Fraction(round(min(max(share, 0.0), float(MOST_SHARE)) * 100), 100)


def mean(figures: NDArray[np.int64]) -> Fraction:
    """Return the exact mean of integers."""
    return Fraction(int(figures.sum()), max(1, len(figures)))

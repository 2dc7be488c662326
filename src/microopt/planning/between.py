"""What does another plan of the same case have more? And who is only in one of the two."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.metrics import METRICS
from microopt.plan.difference import Difference
from microopt.planning.build_plan import totals
from microopt.planning.problem import PlanningProblem
from microopt.solver.program import Picks


def difference(case: PlanningProblem, before: Picks, after: Picks, values: tuple[Fraction, Fraction]) -> Difference:
    """Return what the plan `after` has more than the plan `before`.

    Parameters
    ----------
    before, after
        Choices of the case.
    values
        What the two are worth, in the goal's unit.
    """
    mine, others = (totals(case, _rows(case, picks)) for picks in (before, after))
    was, now = (set(case.creator[picks].tolist()) for picks in (before, after))
    gained = values[1] - values[0]
    return Difference(
        value=gained,
        share=gained / abs(values[0]) if values[0] else None,
        creators=others.creators - mine.creators,
        spend=others.spend - mine.spend,
        metrics={name: others.metrics[name] - mine.metrics[name] for name in METRICS},
        came=names_of(case, now - was),
        left=names_of(case, was - now),
    )


def names_of(case: PlanningProblem, creators: set[int]) -> tuple[str, ...]:
    """Return the names of creators by their numbers, those of most engagements first."""
    return tuple(case.roster.texts["creator"][row].strip() for row in best_rows(case, creators).values())


def best_rows(case: PlanningProblem, creators: set[int]) -> dict[int, int]:
    """Return the offer of most engagements of each of these creators by number, those of most engagements first."""
    rows = np.flatnonzero(np.isin(case.roster.creator_id, sorted(creators)))
    engaged = case.forecast.metrics["engagements"]
    best: dict[int, int] = {}
    for row in rows.tolist():
        creator = int(case.roster.creator_id[row])
        if creator not in best or engaged[row] > engaged[best[creator]]:
            best[creator] = row
    return {creator: best[creator] for creator in sorted(best, key=lambda one: (-int(engaged[best[one]]), one))}


def _rows(case: PlanningProblem, picks: Picks) -> NDArray[np.bool_]:
    chosen = np.zeros(case.choices, dtype=bool)
    chosen[picks] = True
    return case.rows(chosen)

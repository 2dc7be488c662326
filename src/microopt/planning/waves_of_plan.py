"""What a plan has in each wave of its calendar."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.calendar import Wave, WaveBudget
from microopt.plan.by_wave import ByWave
from microopt.planning.problem import PlanningProblem
from microopt.planning.totals import sum_totals
from microopt.quantities.units import Cents

Mask = NDArray[np.bool_]


def build_by_wave(problem: PlanningProblem, selection: Mask) -> tuple[ByWave, ...]:
    """Return the sums over the offers bought in each wave, in order of time; none without a calendar."""
    calendar, timing = problem.campaign.calendar, problem.roster.timing
    if calendar is None or timing is None:
        return ()
    return tuple(
        _by_wave(problem, wave, selection & (timing.wave == number)) for number, wave in enumerate(calendar.waves)
    )


def _by_wave(problem: PlanningProblem, wave: Wave, selection: Mask) -> ByWave:
    assert problem.campaign.calendar is not None
    totals = sum_totals(problem, selection)
    at_least, at_most = wave_limits(problem.campaign.calendar.budgets.get(wave.name), problem.campaign.budget)
    return ByWave(
        wave=wave.name,
        starts=wave.starts,
        ends=wave.ends,
        demand=wave.demand,
        creators=totals.creators,
        posts=int(problem.roster.unit_counts()[selection].sum()),
        spend=totals.spend,
        metrics=totals.metrics,
        revenue=totals.revenue,
        at_least=at_least,
        at_most=at_most,
    )


def wave_limits(stated: WaveBudget | None, budget: Cents | None) -> tuple[Cents | None, Cents | None]:
    """Return the least and the most cents that the budget of a wave asks for and allows, None for no limit.

    Parameters
    ----------
    budget
        That of the campaign, of which the budget of a wave may be a share.
    """
    if stated is None or (stated.percent and budget is None):
        return None, None
    unit = Fraction(budget or 0) if stated.percent else Fraction(100)
    low, high = (None if end is None else end * unit for end in (stated.low, stated.high))
    return None if low is None else ceil(low), None if high is None else floor(high)

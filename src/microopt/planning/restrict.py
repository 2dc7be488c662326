"""Case -> the case of some of its choices, on the same forecast."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import Campaign, Rule
from microopt.planning.problem import PlanningProblem


def restrict(
    case: PlanningProblem, kept: NDArray[np.bool_], campaign: Campaign, rules: tuple[Rule, ...] | None = None
) -> PlanningProblem:
    """Return the case of these choices.

    The forecast stays that of the whole roster: made anew it could differ, since benchmarks may be refitted on the
    offers let in, and what one tier brings would then be measured otherwise than what all bring.

    Parameters
    ----------
    kept
        (choices,) which stay.
    campaign
        What is asked of them.
    rules
        In place of the case's rules.
    """
    rows = np.flatnonzero(case.rows(kept))
    roster = case.roster.take(rows)
    _, choice = np.unique(case.choice[rows], return_inverse=True)
    return replace(
        case,
        roster=roster,
        forecast=case.forecast.take(rows),
        campaign=campaign,
        choice=choice.astype(np.int32),
        rules=case.rules if rules is None else rules,
        filtered=case.creators - roster.creators,
    )

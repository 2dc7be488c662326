"""Fresh draws: outcomes other than the scenarios that a plan was made for, to judge it by.

A plan that was chosen by scenarios looks better in them than it is: it also suits their luck (the optimizer's curse,
Smith and Winkler 2006). Draws of another seed owe it nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.campaign import Campaign
from microopt.campaign.risk_settings import MOST_SEED
from microopt.planning.problem import PlanningProblem
from microopt.planning.scenario_values import scenarios_of

if TYPE_CHECKING:
    from microopt.forecast.scenarios import Scenarios

FRESH_DRAWS = 10_000


def fresh_seed(campaign: Campaign) -> int:
    """Return the seed of the fresh draws of a campaign: the next one."""
    seed = campaign.scenarios.seed
    return seed + 1 if seed < MOST_SEED else 0


def fresh_draws_of(problem: PlanningProblem, rows: NDArray[np.intp]) -> Scenarios:
    """Return 10,000 scenarios of some offers by the next seed, those of `microopt simulate --seed`; fewer of very many.

    Parameters
    ----------
    rows
        The offers, in ascending order.

    Raises
    ------
    CampaignError
        As `draw_scenarios`.
    """
    from microopt.forecast.scenarios import MOST_CELLS  # which a plan without risk does not need

    count = min(FRESH_DRAWS, MOST_CELLS // max(1, len(rows)))
    return scenarios_of(problem, count=count, seed=fresh_seed(problem.campaign), rows=rows)

"""Plans in outcomes of a test's choice, and the same plan in one of them."""

import numpy as np
from msgspec.structs import replace

from microopt.forecast.cost import kept_revenue
from microopt.forecast.scenarios import Scenarios
from microopt.planning.build_problem import build_problem
from microopt.planning.outcomes.outcomes import Outcomes
from microopt.planning.problem import restrict


def bought(problem, choices):
    """Return the problem of some choices alone."""
    chosen = np.zeros(problem.choice_count, dtype=bool)
    chosen[list(choices)] = True
    return restrict(problem, chosen, problem.campaign)


def drawn_outcomes(problem, count, seed, *, acceptance=0.7):
    """Return outcomes of a plan that buys every row, with metrics of any size and creators who decline."""
    random = np.random.default_rng(seed)
    creators = problem.roster.creator_id
    accepted = (random.random((int(creators.max()) + 1, count)) < acceptance)[creators]

    def around(values):
        factors = random.lognormal(0, 0.7, (len(values), count))
        return np.where(accepted, np.rint(values[:, None] * factors), 0).astype(np.int64)

    forecast = problem.forecast
    revenue = forecast.revenue
    if revenue is not None:
        revenue = np.where((revenue < 0)[:, None], revenue[:, None], around(np.maximum(revenue, 0)))
    scenarios = Scenarios(
        seed=seed,
        count=count,
        metrics={name: around(values) for name, values in forecast.metrics.items()},
        accepted=accepted,
        cost=np.where(accepted, forecast.cost[:, None] + random.integers(0, 500, accepted.shape), 0),
        revenue=revenue,
    )
    return Outcomes(problem=problem, scenarios=scenarios)


def in_outcome(outcomes, number):
    """Return the problem with the figures of one outcome as its forecast, and who accepts."""
    problem, scenarios = outcomes.problem, outcomes.scenarios
    facts = {
        "metrics": {name: values[:, number] for name, values in scenarios.metrics.items()},
        "cost": scenarios.cost[:, number],
    }
    if scenarios.revenue is not None:
        facts["revenue"] = scenarios.revenue[:, number]
        if problem.campaign.margin is not None:
            facts["kept_revenue"] = kept_revenue(facts["revenue"], problem.campaign.margin)
    return replace(problem, forecast=replace(problem.forecast, **facts)), scenarios.accepted[:, number]


def problem_of(roster, campaign):
    return build_problem(roster, campaign)[0]

"""Small rosters to forecast, one creator on Instagram with 20,000 followers unless a test says otherwise."""

from math import erf, exp, log, sqrt
from statistics import NormalDist

import numpy as np

from microopt.campaign.campaign import Campaign
from microopt.campaign.progress import CampaignProgress
from microopt.forecast.model import expected_results, forecast
from microopt.roster.contract_status import with_contract_columns
from tests.solver.builders import roster as plain_roster

NAN = float("nan")
MU, BETWEEN, WITHIN = -3.63, 0.80, 0.57  # Instagram, 10,000 to 50,000 followers
GROWTH, QUANTILE = 0.28 * 180 / 365, 0.98  # logs of the rate until the next post; where winsorizing starts


def roster(rows=1, fee=40_000, **columns):
    """Return a roster; a column is one value for every row, or a list."""

    def spread(value):
        return value if isinstance(value, list) else [value] * rows

    texts = {
        name: spread(columns.pop(name)) for name in ("platform", "offer", "pay", "features_minor") if name in columns
    }
    numbers = {name: spread(value) for name, value in columns.items()}
    followers = numbers.pop("followers", [20_000] * rows)
    return plain_roster(
        [f"c{row}" for row in range(rows)], followers=followers, fee=spread(fee), numbers=numbers, **texts
    )


def one(name, campaign=None, **columns):
    """Return the first offer's expected result."""
    requested = Campaign(budget=1, **(campaign or {}))
    return float(expected_results(roster(**columns), requested).metrics[name][0])


def cost(campaign=None, **columns):
    """Return the first offer's cost in cents."""
    return int(forecast(roster(**columns), Campaign(budget=1, **(campaign or {}))).cost[0])


def left(spread, quantile=QUANTILE):
    """Return what winsorising leaves of a log-normal's mean, by hand."""
    z = NormalDist().inv_cdf(quantile)
    return (1 + erf((z - spread) / sqrt(2))) / 2 + (1 - quantile) * exp(z * spread - spread**2 / 2)


def usual_rate(mu=MU, between=BETWEEN, within=WITHIN, growth=GROWTH):
    spread = sqrt(between**2 + within**2)
    return exp(mu + growth + spread**2 / 2) * left(spread)


def kept(rate, growth=GROWTH):
    """Return the rate to expect of a creator whose very many posts averaged this."""
    return rate * exp(growth)


def log_of_mean(posts, within=WITHIN):
    """Return how far the log of a mean of so many posts lies above the mean of their logs, by hand."""
    share = 1 - log(1 + (exp(within**2) - 1) / posts) / within**2
    return share * (within**2 / 2 + log(left(within)))


def assert_close(actual, expected, tolerance=1e-4):
    np.testing.assert_allclose(actual, expected, rtol=tolerance)


def before_and_after(results, **columns):
    """Return what is expected before and after results, which are made of what was expected of the first offer."""
    requested, known_roster = Campaign(budget=1), roster(**columns)
    before = expected_results(known_roster, requested)
    actuals = results({name: float(values[0]) for name, values in before.metrics.items()})
    running = CampaignProgress(results=tuple(actuals))
    return before, expected_results(with_contract_columns(known_roster, running), Campaign(budget=1, running=running))

"""Scenarios: joint draws of what all offers bring.

A result of an offer is its expectation times exp(own + platform + tier), scaled to mean 1, or nothing where the creator
declines; `scenario_logs` says what these logs are made of. Draws are keyed by the seed, the creator and the offer, so
that those of an offer do not depend on the other rows. They are computed from integers, tables and exact operations
alone, and are the same to the byte on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign.campaign import Campaign
from microopt.campaign.metrics import TARGET_METRICS
from microopt.errors import CampaignError
from microopt.forecast.audience_quality import share_column
from microopt.forecast.forecast import NO_REVENUE, Forecast
from microopt.forecast.model import MAX_INTEGER, depends_on_other_offers, expected_results
from microopt.forecast.scenario_logs import ScenarioLogs, scenario_logs
from microopt.roster.roster import Roster

Integers = NDArray[np.int64]
NDFloat = NDArray[np.float64]
MOST_CELLS = 40_000_000  # offers times scenarios: 320 MB for each metric
CELLS_AT_ONCE = 1 << 17  # what fits into processor caches


class Scenarios(Struct, frozen=True, kw_only=True, eq=False):
    """Joint draws of what offers bring.

    Attributes
    ----------
    seed, count
        What they were drawn with, and how many scenarios there are.
    metrics
        By metric, (rows, count) thousandths; 0 where the creator declines. Each is drawn when it is first asked for.
    accepted
        (rows, count) whether the creator accepts.
    cost
        (rows, count) cents; 0 where the creator declines. Commissions follow conversions.
    revenue
        (rows, count) cents, `NO_REVENUE` where the order value is unknown; None as in `Forecast`.
    rows
        (rows,) which rows of the roster were drawn, or None for all.
    """

    seed: int
    count: int
    metrics: Mapping[str, Integers]
    accepted: NDArray[np.bool_]
    cost: Integers
    revenue: Integers | None = None
    rows: NDArray[np.intp] | None = None

    def __len__(self) -> int:
        return len(self.accepted)


class DrawnMetrics(Mapping[str, Integers]):
    """Metrics that are drawn when they are first asked for.

    Parameters
    ----------
    names
        The metrics there are.
    draw
        Returns a metric, (rows, count) thousandths.
    """

    def __init__(self, names: tuple[str, ...], draw: Callable[[str], Integers]) -> None:
        self._names, self._draw = names, draw
        self._drawn: dict[str, Integers] = {}

    def __getitem__(self, name: str) -> Integers:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._drawn:
            self._drawn[name] = self._draw(name)
        return self._drawn[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names


def draw_scenarios(
    roster: Roster,
    campaign: Campaign,
    forecast: Forecast,
    *,
    count: int,
    seed: int,
    rows: NDArray[np.intp] | None = None,
) -> Scenarios:
    """Return scenarios of what offers bring.

    Over the distribution, the mean of each metric and of the revenue is its expectation in the forecast, and that of
    the cost is the cost times the chance that the creator accepts.

    Parameters
    ----------
    roster, forecast
        All offers, row for row.
    count
        Scenarios to draw.
    seed
        A whole number; the same one gives the same scenarios.
    rows
        Rows of the roster to draw; by default all of them.

    Raises
    ------
    CampaignError
        If there are too many offers and scenarios to be held in memory.
    """
    drawn = len(roster) if rows is None else len(rows)
    _check_size(drawn, count)
    offers, expected = (roster, forecast) if rows is None else (roster.take(rows), forecast.take(rows))
    logs = _logs(roster, offers, campaign, rows, count=count, seed=seed)
    acceptance = share_column(offers, "acceptance")
    accepted = logs.accepted(acceptance)

    def draw(values: Integers, metric: str, *, if_accepted: bool = False) -> Integers:
        return _draw(logs, values, metric, accepted, np.ones(drawn) if if_accepted else acceptance)

    revenue = expected.revenue
    if revenue is not None:
        known = (revenue != NO_REVENUE)[:, None]
        revenue = np.where(known, draw(np.maximum(revenue, 0), "conversions"), NO_REVENUE)
    commission, cost = expected.extra_costs.get("commission"), np.where(accepted, expected.cost[:, None], 0)
    if commission is not None and commission.any():
        due = draw(commission, "conversions", if_accepted=True)
        cost += np.where(accepted, due - commission[:, None], 0)
    return Scenarios(
        seed=seed,
        count=count,
        metrics=DrawnMetrics(
            tuple(expected.metrics), lambda name: draw(expected.metrics[name], TARGET_METRICS.get(name, name))
        ),
        accepted=accepted,
        cost=cost,
        revenue=revenue,
        rows=rows,
    )


def _check_size(rows: int, count: int) -> None:
    if rows * count > MOST_CELLS:
        message = f"{count:,} scenarios of {rows:,} offers are too many to be drawn at once"
        most = MOST_CELLS // max(rows, 1)
        fix = f"take --scenarios {most}, or leave offers out with --where" if most else "leave offers out with --where"
        raise CampaignError(message, fix=fix, code="scenarios-too-many")


def _logs(
    roster: Roster, offers: Roster, campaign: Campaign, rows: NDArray[np.intp] | None, *, count: int, seed: int
) -> ScenarioLogs:
    """Return the logs of the offers that are drawn, of the whole roster where forecasts depend on all of it."""
    if rows is None or not depends_on_other_offers(campaign):
        roster, rows = offers, np.arange(len(offers))
    results = expected_results(roster, campaign)
    return scenario_logs(roster, results, campaign.tiers, rows, count=count, seed=seed)


def _draw(
    logs: ScenarioLogs, values: Integers, metric: str, accepted: NDArray[np.bool_], acceptance: NDFloat
) -> Integers:
    """Return draws of results that are expected to be these values in all."""
    if_accepted = np.divide(values, acceptance, out=np.zeros(len(values)), where=acceptance > 0)
    drawn = np.zeros(accepted.shape, dtype=np.int64)
    step = max(1, CELLS_AT_ONCE // max(accepted.shape[1], 1))
    for start in range(0, len(values), step):
        part = slice(start, min(start + step, len(values)))
        result = if_accepted[part, None] * logs.factors(metric, part)
        drawn[part] = np.rint(np.minimum(np.where(accepted[part], result, 0.0), MAX_INTEGER))
    return drawn

"""Scenarios: joint draws of what all offers bring.

A result of an offer is its expectation times exp(own + platform + tier), scaled to mean 1, or nothing where the creator
declines; `scenario_logs` says what these logs are made of. Draws are keyed by the seed, the creator and the offer, so
that those of an offer do not depend on the other rows. They are computed from integers, tables and exact operations
alone, and are the same to the byte on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

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
    drawn
        Metrics that are drawn already.
    """

    def __init__(self, names: tuple[str, ...], draw: Callable[[str], Integers], drawn: Mapping[str, Integers]) -> None:
        self._names, self._draw, self._drawn = names, draw, dict(drawn)

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
    money = _draw_money(logs, expected, accepted, acceptance)

    def draw(name: str) -> Integers:
        values = _if_accepted(expected.metrics[name], acceptance)
        return _draw(logs, TARGET_METRICS.get(name, name), accepted, [values])[0]

    metrics = DrawnMetrics(tuple(expected.metrics), draw, money.conversions)
    return Scenarios(
        seed=seed,
        count=count,
        metrics=metrics,
        accepted=accepted,
        cost=money.cost,
        revenue=money.revenue,
        rows=rows,
    )


class _Money(Struct, frozen=True, kw_only=True, eq=False):
    """Cost and revenue, (rows, count) cents, and the conversions by name if these were drawn with them."""

    cost: Integers
    revenue: Integers | None
    conversions: Mapping[str, Integers]


def _draw_money(logs: ScenarioLogs, expected: Forecast, accepted: NDArray[np.bool_], acceptance: NDFloat) -> _Money:
    """Return what follows conversions, all drawn at once."""
    revenue, commission = expected.revenue, expected.extra_costs.get("commission")
    cost = np.where(accepted, expected.cost[:, None], 0)
    due = commission if commission is not None and commission.any() else None
    if revenue is None and due is None:
        return _Money(cost=cost, revenue=None, conversions={})
    earned = np.zeros_like(expected.cost) if revenue is None else revenue
    parts = [
        _if_accepted(expected.metrics["conversions"], acceptance),
        _if_accepted(np.maximum(earned, 0), acceptance),
        np.zeros(len(cost)) if due is None else due.astype(np.float64),
    ]
    conversions, brought, commissions = _draw(logs, "conversions", accepted, parts)
    if due is not None:
        cost += np.where(accepted, commissions - due[:, None], 0)
    if revenue is not None:
        brought[revenue == NO_REVENUE] = NO_REVENUE
    return _Money(cost=cost, revenue=None if revenue is None else brought, conversions={"conversions": conversions})


def _if_accepted(values: Integers, acceptance: NDFloat) -> NDFloat:
    """Return what results are expected to be if the creator accepts; forecasts count that this may not be."""
    return np.divide(values, acceptance, out=np.zeros(len(values)), where=acceptance > 0)


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
    logs: ScenarioLogs, metric: str, accepted: NDArray[np.bool_], expectations: Sequence[NDFloat]
) -> list[Integers]:
    """Return draws of results that follow one metric, (rows, count) each, given what each is if accepted, (rows,)."""
    drawn = [np.zeros(accepted.shape, dtype=np.int64) for _ in expectations]
    rows, count = accepted.shape
    step = max(1, CELLS_AT_ONCE // max(count, 1))
    for start in range(0, rows, step):
        part = slice(start, min(start + step, rows))
        factors = logs.factors(metric, part)
        factors *= accepted[part]
        for values, expectation in zip(drawn, expectations, strict=True):
            if expectation[part].any():
                result = expectation[part, None] * factors
                np.rint(np.minimum(result, MAX_INTEGER, out=result), out=result)
                values[part] = result
    return drawn

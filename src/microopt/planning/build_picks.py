"""The offers that a plan buys, as columns: made one by one, tens of thousands take longer to write than to find."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from msgspec import NODEFAULT
from msgspec.structs import FieldInfo, fields
from numpy.typing import NDArray

from microopt.campaign.calendar import WAVE
from microopt.campaign.metrics import metrics_of
from microopt.forecast.forecast import Forecast, Origin
from microopt.plan.plan import Pick
from microopt.planning.likely_ranges import Ranges, likely_ranges
from microopt.planning.problem import PlanningProblem
from microopt.planning.tier_order import tier_order
from microopt.quantities.records import Records
from microopt.quantities.tables import Coded, Column, Table, rows_of
from microopt.roster.roster import TextColumn

RANGED_METRICS = ("engagements", "conversions")  # whose likely range each pick has
CHANCE_PARTS = 1000  # of an acceptance
FEW = 16  # labels for each one of them that is needed, up to which all are taken together
Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]


def build_picks(problem: PlanningProblem, selection: Mask, ranges: Ranges | None = None) -> Records[Pick]:
    """Return the offers bought, by tier from the largest, then by expected engagements; in waves, creator by creator.

    Parameters
    ----------
    ranges
        Of all offers of a plan, their likely ranges, as `plan_ranges` returns them. Without them picks have neither
        ranges nor days, which depend on all that a plan buys.
    """
    rows = display_order(problem, selection)
    columns = {**_columns_of_roster(problem, rows), **_columns_of_forecast(problem.forecast.take(rows))}
    if ranges is not None:
        assert isinstance(ranges.picks, Records)
        columns["likely"] = ranges.picks.table.select(RANGED_METRICS)
    if ranges is not None and problem.campaign.calendar is not None:
        from microopt.planning.pick_dates import date_columns

        columns |= date_columns(problem, problem.campaign.calendar, rows)
    absent = {field.name: field for field in fields(Pick) if field.name not in columns}
    columns |= {name: Coded.repeated(_default(field), len(rows)) for name, field in absent.items()}
    return Records(Table({field.name: columns[field.name] for field in fields(Pick)}, Pick))


def _default(field: FieldInfo) -> Any:
    return field.default if field.default_factory is NODEFAULT else field.default_factory()


def plan_ranges(problem: PlanningProblem, selection: Mask) -> Ranges:
    """Return the likely ranges of the offers bought, in the order in which a plan lists them."""
    return likely_ranges(problem, display_order(problem, selection))


def display_order(problem: PlanningProblem, selection: Mask) -> Rows:
    """Return the rows of the offers bought in the order in which a plan lists them."""
    tier, rows = problem.roster.texts["tier"], np.flatnonzero(selection)
    position = {name: number for number, name in enumerate(tier_order(problem))}
    positions = np.asarray([position[label] for label in tier.labels], dtype=np.intp)[tier.codes[rows]]
    engagements = problem.forecast.metrics["engagements"][rows]
    if problem.roster.timing is None:
        return rows[np.lexsort([-engagements, positions])]
    return rows[_order_in_waves(problem.roster.creator_id[rows], engagements, positions)]


def _order_in_waves(ids: NDArray[np.int32], engagements: NDArray[np.int64], positions: Rows) -> Rows:
    """Return the order of picks with those of each creator together, which are in order of time already.

    A creator comes by the largest tier, then by the expected engagements, of all of their picks.
    """
    creators, place = np.unique(ids, return_inverse=True)
    total, largest = np.zeros(len(creators), dtype=np.int64), np.full(len(creators), np.iinfo(np.intp).max)
    np.add.at(total, place, engagements)
    np.minimum.at(largest, place, positions)
    return np.lexsort([place, -total[place], largest[place]])


def _columns_of_roster(problem: PlanningProblem, rows: Rows) -> dict[str, Column]:
    roster, tier = problem.roster, problem.roster.texts["tier"]
    stated = roster.numbers.get("acceptance")
    return {
        **({} if stated is None else {"acceptance": _chances(stated[rows])}),
        **({} if roster.timing is None else {"wave": _texts(problem, WAVE, rows)}),
        **{name: _texts(problem, name, rows) for name in ("creator", "offer", "platform", "region")},
        "tier": _coded(tier, rows, lambda code: tier.labels[code]),
        "niche": _niches(problem, rows),
        "followers": roster.numbers["followers"][rows].astype(np.int64),
        "units": roster.unit_counts()[rows],
    }


def _columns_of_forecast(expected: Forecast) -> dict[str, Column]:
    """Return the columns of expected results by the names of their fields, without those that no pick has."""
    columns: dict[str, Column] = {
        "fee": expected.fee,
        "cost": expected.cost,
        "fee_estimated": _flags(expected.origins["fee"] == Origin.ESTIMATED),
        "metrics": Table({name: expected.metrics[name] for name in metrics_of(expected.metrics)}),
        "origins": _origins(expected.origins),
    }
    if expected.usual_fee is not None:
        columns["usual_fee"] = expected.usual_fee
    if expected.fee_high is not None:
        columns["fee_high"] = _flags(expected.fee_high)
    if expected.revenue is not None:
        columns["revenue"] = _without_unknown(expected.revenue)
    if expected.kept_revenue is not None:
        known = (expected.kept_revenue >= 0).tolist()
        profit = (expected.kept_revenue - expected.cost).tolist()
        columns["profit"] = [cents if is_known else None for cents, is_known in zip(profit, known, strict=True)]
    if expected.extra_costs:
        lines = rows_of({name: line.tolist() for name, line in expected.extra_costs.items()})
        columns["extra_costs"] = [{name: cents for name, cents in line.items() if cents} for line in lines]
    return columns


def _without_unknown(revenue: NDArray[np.int64]) -> Column:
    if (revenue >= 0).all():
        return revenue
    return [None if cents < 0 else cents for cents in revenue.tolist()]


def _flags(mask: Mask) -> Coded:
    return Coded((False, True), mask.astype(np.int8))


def _chances(stated: NDArray[np.float64]) -> Coded:
    """Return how likely creators say yes, to the thousandth; whoever has no figure is sure."""
    whole = np.rint(np.where(np.isfinite(stated), stated, 1.0) * CHANCE_PARTS).astype(np.int64)
    found, places = np.unique(whole, return_inverse=True)
    return Coded([Fraction(part, CHANCE_PARTS) for part in found.tolist()], places)


def _coded(column: TextColumn, rows: Rows, label: Callable[[int], Any]) -> Coded:
    """Return what a function makes of the code of each row; it is called once for each code."""
    codes, places = np.unique(column.codes[rows], return_inverse=True)
    return Coded(list(map(label, codes.tolist())), places)


def _texts(problem: PlanningProblem, name: str, rows: Rows) -> Column:
    column = problem.roster.texts.get(name)
    if column is None:
        return Coded.repeated("", len(rows))
    few = len(rows) * FEW < len(column.labels)
    labels = column.labels if few else list(column.labels)  # one by one, names are decoded one by one
    if len(labels) < len(rows):
        return _coded(column, rows, lambda code: labels[code].strip())
    return [labels[code].strip() for code in column.codes[rows].tolist()]


def _niches(problem: PlanningProblem, rows: Rows) -> Column:
    niche = problem.roster.texts.get("niche")
    if niche is None:
        return Coded.repeated((), len(rows))
    return _coded(niche, rows, lambda code: tuple(value for value in niche.label_values(code) if value))


def _origins(origins: Mapping[str, NDArray[np.int8]]) -> Table:
    """Return the sources of each pick's figures by metric."""
    words = [origin.label for origin in sorted(Origin)]
    return Table({name: Coded(words, origins[name]) for name in metrics_of(origins)})

"""A simulation as CSV: one figure per row, so that every part of it fits one table."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from microopt.analysis.simulation.result import Distribution, Histogram, RiskShare, Simulation
from microopt.rendering.data.csv_text import csv_text, text_cell

COLUMNS = ("part", "name", "figure", "value")
DISTRIBUTION_FIGURES = ("planned", "mean", "worst_tenth", "p10", "p50", "p90")

Row = tuple[str, str, str, str]


def simulation_csv(simulation: Simulation) -> str:
    """Return a row for each figure, with a header: part, name, figure, value.

    The parts are `simulation`, `total`, `outcomes` (a bin of a histogram), `target`, `expected`, `rule`, `soft rule`,
    `expectation`, `budget` and `creator`.
    """
    return csv_text(
        COLUMNS,
        (
            [text_cell(part), text_cell(name), text_cell(figure), value]
            for part, name, figure, value in _rows(simulation)
        ),
    )


def _rows(simulation: Simulation) -> Iterator[Row]:
    yield "simulation", "draws", "count", str(simulation.draws)
    yield "simulation", "seed", "number", str(simulation.seed)
    for spread in simulation.distributions:
        yield from _distribution_rows(spread)
    for shown in simulation.histograms:
        yield from _histogram_rows(shown)
    for chance in simulation.chances:
        yield from _chance_rows(chance.kind, chance.label, chance.outcomes, (chance.share, chance.low, chance.high))
    over = simulation.overspending
    if over is not None:
        yield from _chance_rows("budget", "overspent", over.outcomes, (over.share, over.low, over.high))
        yield "budget", "overspent", "excess", _number(Fraction(over.excess, 100))
        yield "budget", "overspent", "worst_tenth", _number(Fraction(over.worst_tenth, 100))
    for each in simulation.risk:
        yield from _creator_rows(each)


def _distribution_rows(spread: Distribution) -> Iterator[Row]:
    for figure in DISTRIBUTION_FIGURES:
        yield "total", spread.measure, figure, _number(getattr(spread, figure))


def _histogram_rows(shown: Histogram) -> Iterator[Row]:
    if shown.below:
        yield "outcomes", shown.measure, f"below {_number(shown.edges[0])}", str(shown.below)
    for (low, high), count in zip(pairwise(shown.edges), shown.counts, strict=True):
        yield "outcomes", shown.measure, f"{_number(low)} to {_number(high)}", str(count)
    if shown.above:
        yield "outcomes", shown.measure, f"{_number(shown.edges[-1])} or more", str(shown.above)


def _chance_rows(kind: str, label: str, outcomes: int, shares: tuple[Fraction, float, float]) -> Iterator[Row]:
    yield kind, label, "outcomes", str(outcomes)
    share, low, high = shares
    yield kind, label, "share", _number(share)
    yield kind, label, "low", _number(low)
    yield kind, label, "high", _number(high)


def _creator_rows(each: RiskShare) -> Iterator[Row]:
    for figure in ("expected", "shortfall", "declined"):
        yield "creator", each.creator, figure, _number(getattr(each, figure))


def _number(value: Fraction | float | None) -> str:
    """Return a number with up to six decimals, without zeros at its end; empty if it is unknown."""
    if value is None:
        return ""
    text = f"{float(value):.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text

"""A trade-off for a person: the answer, a table of points, a chart, and what each step gives up."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from microopt.analysis.tradeoff.pareto import ParetoFront
from microopt.quantities.parse_and_format import format_money, format_percent
from microopt.rendering.terminal.line_chart import HEIGHT, MARKED_POINT, WIDEST, line_chart
from microopt.rendering.terminal.screen import Screen, cell, first_fitting, message_lines
from microopt.rendering.terminal.table import Column, figure, table, totals_columns
from microopt.rendering.wording.plan_figures import TOTALS_HEADINGS, format_total, study_headings
from microopt.rendering.wording.tradeoff import (
    CHART_LEGEND,
    SHARE_LEGEND,
    format_part,
    format_weights,
    mark_legend,
    step_cells,
    tradeoff_head,
    tradeoff_sentences,
    weights_legend,
)

WIDE = 90  # columns from which headings are written in full
MIN_POINT_WIDTH, MIN_STEP_WIDTH = 5, 8
UNPROVEN = "~"
STEP_HEADINGS = ("gives up", "for", "that is", "creators")


def tradeoff_table(front: ParetoFront, screen: Screen) -> str:
    """Return the trade-off as text."""
    parts: list[RenderableType] = [
        *message_lines(tradeoff_head(front)),
        "",
        _heading(front, screen),
        *_points(front, screen),
    ]
    if len(front.points) > 1:
        parts += ["", _chart(front, screen), cell(CHART_LEGEND, "dim"), "", *_steps(front, screen)]
    if sentences := list(tradeoff_sentences(front)):
        parts += ["", *message_lines(sentences)]
    return screen.render(*parts)


def _heading(front: ParetoFront, screen: Screen) -> Text:
    campaign, roster = front.campaign, front.roster
    budget = "no budget" if campaign.budget is None else f"budget {format_money(campaign.budget, roster.currency)}"
    facts = (f"{roster.creators:,} creators", budget, f"{front.metrics[0]} against {front.metrics[1]}")
    return first_fitting(study_headings(campaign, roster.source.path, *facts), screen)


def _points(front: ParetoFront, screen: Screen) -> Iterator[RenderableType]:
    def label(number: int) -> str:
        mark = f" {MARKED_POINT}" if number == front.balanced and len(front.points) > 1 else ""
        return f"{'' if front.points[number].status == 'optimal' else UNPROVEN}{number + 1}{mark}"

    def spend(number: int) -> str:
        return format_total("cost", front.points[number].totals, front.roster.currency)

    def weights(number: int) -> str:
        return format_weights(front.points[number].weights)

    others = ["creators"] if "reach" in front.metrics else ["reach", "creators"]
    if any(point.totals.revenue is not None for point in front.points):
        others.append("roas")
    if any(point.totals.profit is not None for point in front.points):
        others.append("profit")
    columns: list[Column[int]] = [
        Column("Point", label, min_width=MIN_POINT_WIDTH, legend=mark_legend(front)),
        *(column for metric in front.metrics for column in _metric_columns(front, metric)),
        *totals_columns(others, lambda number: front.points[number].totals, front.roster.currency, priority=1),
        figure("Spend", spend, priority=1),
        figure("Weights", weights, priority=1, legend=weights_legend(front)),
    ]
    return table(columns, range(len(front.points)), screen, wide=WIDE)


def _metric_columns(front: ParetoFront, metric: str) -> Iterator[Column[int]]:
    """Yield the columns of a metric: its amount, and its share of the most that is possible."""

    def share(number: int) -> str:
        value = front.share(front.points[number], metric)
        return "-" if value is None else format_percent(float(value))

    def amount(number: int) -> str:
        return format_part(front.points[number].totals.metrics[metric])

    heading, short = TOTALS_HEADINGS[metric]
    yield figure(heading, amount, short_heading=short, priority=1)
    yield figure("Of best", share, short_heading="Of\nbest", priority=1, legend=SHARE_LEGEND)


def _chart(front: ParetoFront, screen: Screen) -> Text:
    ys, xs = ([point.totals.metrics[metric] / 1000 for point in front.points] for metric in front.metrics)
    y_label, x_label = (TOTALS_HEADINGS[metric][0] for metric in front.metrics)
    marks = () if front.balanced is None else (front.balanced,)
    width = min(screen.width, WIDEST)
    return Text(line_chart(xs, ys, width=width, height=HEIGHT, x_label=x_label, y_label=y_label, marks=marks))


def _steps(front: ParetoFront, screen: Screen) -> Iterator[RenderableType]:
    rows = [(f"{number} to {number + 1}", *step_cells(front, number)) for number in range(1, len(front.points))]

    def step(place: int, heading: str) -> Column[tuple[str, ...]]:
        return figure(heading, lambda row: row[place], priority=1)

    columns = [
        Column("From", lambda row: row[0], min_width=MIN_STEP_WIDTH),
        *(step(place, heading) for place, heading in enumerate(STEP_HEADINGS, 1)),
    ]
    return table(columns, rows, screen)

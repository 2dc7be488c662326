"""A frontier for a person: a table and a chart of what each budget buys, and what more money would buy."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from microopt.analysis.frontier.result import Frontier, FrontierPoint
from microopt.plan.plan import Totals
from microopt.quantities.parse_and_format import format_money, format_percent
from microopt.rendering.terminal.line_chart import HEIGHT, WIDEST, line_chart
from microopt.rendering.terminal.screen import Screen, cell, message_lines, notes_and_warnings
from microopt.rendering.terminal.table import Column, figure, table, totals_columns
from microopt.rendering.wording.frontier import (
    STATUS_WORDS,
    STEP,
    describe_next_improvement,
    describe_step,
    format_budget_amount,
    frontier_sentences,
    frontier_value_label,
)
from microopt.rendering.wording.plan_figures import format_metric, format_value, study_heading, value_heading

WIDE = 100  # columns from which reach, the mix and the next better budget are in one table
MIN_TEXT_WIDTH = 14


def frontier_table(frontier: Frontier, screen: Screen) -> str:
    """Return the frontier as text."""
    return screen.render(
        _heading(frontier),
        "",
        *_points(frontier, screen),
        *_mix(frontier, screen),
        *_chart(frontier, screen),
        "",
        *message_lines(frontier_sentences(frontier)),
        *notes_and_warnings(frontier.notes, frontier.warnings),
    )


def _heading(frontier: Frontier) -> Text:
    campaign, roster = frontier.campaign, frontier.roster
    low, high = (format_budget_amount(frontier, frontier.points[place].budget) for place in (0, -1))
    facts = (f"{roster.creators:,} creators", f"budgets {low} to {high}", f"goal {campaign.goal.name}")
    return cell(study_heading(campaign, roster.source.path, *facts), "bold")


def _points(frontier: Frontier, screen: Screen) -> Iterator[RenderableType]:
    goal, currency = frontier.campaign.goal, frontier.roster.currency

    def point(number: int) -> FrontierPoint:
        return frontier.points[number]

    def totals(number: int) -> Totals | None:
        return point(number).totals

    def value(number: int) -> str:
        objective = point(number).objective
        mark = "" if point(number).status == "optimal" else "~"
        return "-" if objective is None else mark + format_value(objective, goal, currency)

    def next_step(number: int) -> str:
        if point(number).totals is None:
            return STATUS_WORDS[point(number).status]
        segment = frontier.segment(number)
        return "" if segment is None else describe_step(frontier, segment)

    def better(number: int) -> str:
        return "" if point(number).totals is None else describe_next_improvement(frontier, point(number).next_better)

    step = format_money(STEP, currency, whole_units=True)
    columns: list[Column[int]] = [
        figure("Budget", lambda number: format_budget_amount(frontier, point(number).budget)),
        figure(value_heading(goal), value),
        *totals_columns(("creators",), totals, currency, priority=1),
        figure("Reach", lambda number: _reach(point(number)), from_width=WIDE),
        *totals_columns(("engagements", "conversions"), totals, currency, priority=1),
        Column(f"The next {step} brings", next_step, min_width=MIN_TEXT_WIDTH, share=2, wrap=True),
        Column("A better plan from", better, "", "right", MIN_TEXT_WIDTH, from_width=WIDE, wrap=True),
    ]
    rows = range(len(frontier.points))
    return table(columns, rows, screen, wide=WIDE, style=lambda number: "" if point(number).totals else "yellow")


def _mix(frontier: Frontier, screen: Screen) -> Iterator[RenderableType]:
    """Yield how many creators of each tier every plan has, and their share of its spend.

    On a narrow screen this table also shows what the first one has no room for.
    """
    if not frontier.tiers:
        return

    def tier_column(tier: str) -> Column[FrontierPoint]:
        return Column(tier, lambda point: _tier_share(point, tier), "", "right", 4, wrap=True)

    def better(point: FrontierPoint) -> str:
        return describe_next_improvement(frontier, point.next_better)

    columns: list[Column[FrontierPoint]] = [
        figure("Mix", lambda point: format_budget_amount(frontier, point.budget)),
        *map(tier_column, frontier.tiers),
    ]
    if screen.width < WIDE:
        columns.append(figure("Reach", _reach, priority=2))
        columns.append(Column("Better from", better, "", "right", 8, priority=1, wrap=True))
    yield ""
    yield from table(columns, [point for point in frontier.points if point.totals is not None], screen)


def _reach(point: FrontierPoint) -> str:
    return "-" if point.totals is None else format_metric("reach", point.totals.metrics["reach"])


def _tier_share(point: FrontierPoint, tier: str) -> str:
    if point.totals is None or tier not in point.mix:
        return "-"
    totals, spend = point.mix[tier], point.totals.spend
    return f"{totals.creators:,} · {format_percent(totals.spend / spend)}" if spend else f"{totals.creators:,}"


def _chart(frontier: Frontier, screen: Screen) -> Iterator[RenderableType]:
    """Yield the value over the budget as a line, if there is more than one plan."""
    plans = [(point.budget / 100, float(point.objective)) for point in frontier.points if point.objective is not None]
    if len(plans) > 1:
        xs, ys = zip(*plans, strict=True)
        width, label = min(screen.width, WIDEST), frontier_value_label(frontier)
        yield ""
        yield Text(line_chart(xs, ys, width=width, height=HEIGHT, x_label="Budget", y_label=label))

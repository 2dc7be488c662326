"""A frontier for a person: the answer, a table of what each budget buys and who is new, its mix, and a chart."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from microopt.analysis.frontier.result import Frontier, FrontierPoint, leaves_money
from microopt.campaign.earnings import PROFIT
from microopt.plan.plan import Totals
from microopt.quantities.parse_and_format import format_percent
from microopt.rendering.sanitize import plain_text
from microopt.rendering.terminal.line_chart import HEIGHT, WIDEST, line_chart
from microopt.rendering.terminal.screen import WARNING, Screen, cell, first_fitting, message_lines, notes_and_warnings
from microopt.rendering.terminal.table import Column, figure, table, totals_columns
from microopt.rendering.wording.frontier import (
    GOALS_OF_METRICS,
    UNPROVEN,
    balanced_note,
    describe_new_creators,
    describe_next_improvement,
    describe_step,
    format_budget_amount,
    format_goal_amount,
    format_net_gain,
    frontier_head,
    goal_amount,
    goal_heading,
    shown_points,
)
from microopt.rendering.wording.near_optimum import is_point_proven
from microopt.rendering.wording.plan_figures import TOTALS_HEADINGS, format_metric, format_total, study_headings

WIDE = 100  # columns from which headings are written in full
MIN_NAMES_WIDTH, MIN_TIER_WIDTH = 24, 11  # of a tier: `1,190 · 15%`
FEW_NAMES, MOST_NAMES = 2, 4  # of new creators, on a narrow and on a wide screen


def frontier_table(frontier: Frontier, screen: Screen) -> str:
    """Return the frontier as text."""
    return screen.render(
        *message_lines(frontier_head(frontier)),
        "",
        _heading(frontier, screen),
        *_points(frontier, screen),
        *_chart(frontier, screen),
        *_mix(frontier, screen),
        *_remarks(frontier),
    )


def _heading(frontier: Frontier, screen: Screen) -> Text:
    campaign, roster = frontier.campaign, frontier.roster
    facts = (f"{roster.creators:,} creators", f"{len(frontier.points):,} budgets", f"goal {campaign.goal.name}")
    return first_fitting(study_headings(campaign, roster.source.path, *facts), screen)


def _points(frontier: Frontier, screen: Screen) -> Iterator[RenderableType]:
    goal, currency = frontier.campaign.goal, frontier.roster.currency

    def point(number: int) -> FrontierPoint:
        return frontier.points[number]

    def totals(number: int) -> Totals | None:
        return point(number).totals

    def budget(number: int) -> str:
        return format_budget_amount(frontier, point(number).budget)

    def spend(number: int) -> str:
        found = totals(number)
        return "-" if found is None else format_total("cost", found, currency)

    columns: list[Column[int]] = [figure("Budget", budget)]
    if goal.name not in GOALS_OF_METRICS:
        columns.append(figure(goal_heading(goal), lambda number: format_goal_amount(frontier, point(number))))
    if goal.name == "worth":
        columns.append(figure("Net gain", lambda number: format_net_gain(frontier, point(number))))
    if any(leaves_money(frontier.campaign, row) for row in frontier.points):
        columns.append(figure("Spend", spend))
    columns += totals_columns(("creators",), totals, currency, priority=2)
    columns += [
        _metric_column(frontier, "engagements", priority=0),
        _metric_column(frontier, "conversions", priority=1),
    ]
    if any(row.totals is not None and row.totals.revenue is not None for row in frontier.points):
        columns += totals_columns(("roas",), totals, currency, priority=1)
    if goal.name != PROFIT and any(row.totals is not None and row.totals.profit is not None for row in frontier.points):
        columns += totals_columns(("profit",), totals, currency, priority=1)

    def new(number: int) -> str:
        return describe_new_creators(frontier, number, MOST_NAMES if screen.width >= WIDE else FEW_NAMES)

    columns.append(Column("New since the row above", new, min_width=MIN_NAMES_WIDTH, wrap=True))
    rows = shown_points(frontier)
    return table(columns, rows, screen, wide=WIDE, style=lambda number: "" if totals(number) else WARNING)


def _metric_column(frontier: Frontier, metric: str, *, priority: int) -> Column[int]:
    """Return the column of a metric, in which a plan that is not proven best has a mark."""

    def value(number: int) -> str:
        point = frontier.points[number]
        if point.totals is None:
            return "-"
        return ("" if is_point_proven(point) else UNPROVEN) + format_metric(metric, point.totals.metrics[metric])

    heading, short = TOTALS_HEADINGS[metric]
    return figure(heading, value, short_heading=short, priority=priority)


def _mix(frontier: Frontier, screen: Screen) -> Iterator[RenderableType]:
    """Yield how many creators of each tier every plan has, their share of its spend, and what more money would buy."""
    if not frontier.tiers:
        return
    rows = [number for number, point in enumerate(frontier.points) if point.totals is not None]

    def point(number: int) -> FrontierPoint:
        return frontier.points[number]

    def tier_column(tier: str) -> Column[int]:
        return Column(tier, lambda number: _tier_share(point(number), tier), "", "right", MIN_TIER_WIDTH, wrap=True)

    def step(number: int) -> str:
        segment = frontier.segment(number)
        return "" if segment is None else describe_step(frontier, segment)

    def better(number: int) -> str:
        return describe_next_improvement(frontier, point(number).next_better)

    is_reach = frontier.campaign.goal.name == "reach"  # which is in the table above
    columns: list[Column[int]] = [
        figure("Mix", lambda number: format_budget_amount(frontier, point(number).budget)),
        *map(tier_column, frontier.tiers),
        *([] if is_reach else [figure("Reach", lambda number: _reach(point(number)), priority=2)]),
        figure("To the next row", step, priority=3),
        Column("Better plan\nfrom", better, "", "right", 8, priority=1, wrap=True),
    ]
    yield ""
    yield from table(columns, rows, screen)


def _reach(point: FrontierPoint) -> str:
    return "-" if point.totals is None else format_metric("reach", point.totals.metrics["reach"])


def _tier_share(point: FrontierPoint, tier: str) -> str:
    if point.totals is None or tier not in point.mix:
        return "-"
    totals, spend = point.mix[tier], point.totals.spend
    return f"{totals.creators:,} · {format_percent(totals.spend / spend)}" if spend else f"{totals.creators:,}"


def _chart(frontier: Frontier, screen: Screen) -> Iterator[RenderableType]:
    """Yield what was asked for over the budget as a line, if there is more than one plan."""
    amounts = [(point.budget / 100, goal_amount(frontier, point)) for point in frontier.points]
    plans = [(budget, amount) for budget, amount in amounts if amount is not None]
    if len(plans) > 1:
        xs, ys = zip(*plans, strict=True)
        width, label = min(screen.width, WIDEST), plain_text(goal_heading(frontier.campaign.goal))
        yield ""
        yield Text(line_chart(xs, ys, width=width, height=HEIGHT, x_label="Budget", y_label=label))


def _remarks(frontier: Frontier) -> Iterator[RenderableType]:
    note = balanced_note(frontier)
    if note or frontier.notes or frontier.warnings:
        yield ""
    if note:
        yield cell(note, "dim")
    yield from notes_and_warnings(frontier.notes, frontier.warnings)

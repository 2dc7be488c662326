"""A frontier as a table and a chart for a person: what each budget buys, and what the next money buys."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from microopt.analysis.frontier.result import NOT_LOOKED_AT, Frontier, FrontierPoint, FrontierSegment, NextImprovement
from microopt.quantities.parse_and_format import format_count, format_money, format_percent
from microopt.rendering.terminal.line_chart import HEIGHT, WIDEST, line_chart
from microopt.rendering.terminal.screen import Screen, cell
from microopt.rendering.wording.plan_figures import format_conversions, format_value, value_heading

WIDE = 100  # columns from which reach, the mix and the next better budget are shown
WORDS = {
    "infeasible": "no plan keeps the rules",
    "unknown": "no plan found in its time",
    NOT_LOOKED_AT: "the time was over",
}
UNIT = 100_000  # cents: what the next money buys is told of so much


def frontier_table(frontier: Frontier, screen: Screen) -> str:
    """Return the frontier as text."""
    parts: list[RenderableType] = [_head(frontier), "", _table(frontier, screen), *_mix(frontier, screen)]
    parts += [*_chart(frontier, screen), ""]
    return screen.render(*parts, *_sentences(frontier))


def _head(frontier: Frontier) -> Text:
    campaign, roster = frontier.campaign, frontier.roster
    source = roster.source.path if roster.source.path != "-" else "standard input"
    low, high = (_money(frontier, frontier.points[place].budget) for place in (0, -1))
    parts = [
        campaign.name or "",
        source,
        f"{roster.creators:,} creators",
        f"budgets {low} to {high}",
        f"goal {campaign.goal.name}",
    ]
    return cell(" · ".join(filter(None, parts)), "bold")


def _table(frontier: Frontier, screen: Screen) -> Table:
    wide = screen.width >= WIDE
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="bold")
    unit = format_money(UNIT, frontier.roster.currency, whole=True)
    names = ["Budget", value_heading(frontier.campaign.goal), "Creators" if wide else "Crea-\ntors"]
    names += ["Reach"] if wide else []
    names += ["Engagements", "Conversions"] if wide else ["Engage-\nments", "Conver-\nsions"]
    for name in names:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column(f"The next {unit} brings", overflow="fold")
    if wide:
        table.add_column("A better plan from", justify="right", overflow="fold")
    for number, point in enumerate(frontier.points):
        table.add_row(*_row(frontier, number, point, wide=wide), style="" if point.totals is not None else "yellow")
    return table


def _row(frontier: Frontier, number: int, point: FrontierPoint, *, wide: bool) -> list[str]:
    budget, step = _money(frontier, point.budget), frontier.segment(number)
    if point.totals is None or point.objective is None:
        return [budget, *["-"] * (5 if wide else 4), WORDS[point.status], *([""] if wide else [])]
    metrics, mark = point.totals.metrics, "" if point.status == "optimal" else "~"
    value = mark + format_value(point.objective, frontier.campaign.goal, frontier.roster.currency)
    cells = [budget, value, f"{point.totals.creators:,}"]
    cells += [format_count(metrics["reach"] / 1000)] if wide else []
    cells += [format_count(metrics["engagements"] / 1000), format_conversions(metrics["conversions"])]
    cells.append("" if step is None else _next(frontier, step))
    return [*cells, _better(frontier, point.next_better)] if wide else cells


def _next(frontier: Frontier, step: FrontierSegment) -> str:
    """Return what so much more money brings, by the slope to the next budget."""
    times = Fraction(UNIT, step.budget)
    engaged, converted = (float(step.metrics[name] * times) / 1000 for name in ("engagements", "conversions"))
    told = f"{_signed(engaged)} engagements, {_signed(converted)} conversions"
    if frontier.campaign.goal.name in ("balanced", "engagement", "conversions"):
        return told
    value = step.objective * times
    sign = "+" if value > 0 else ""
    return f"{sign}{format_value(value, frontier.campaign.goal, frontier.roster.currency)}"


def _signed(value: float) -> str:
    if not value:
        return "no more"
    size = abs(value)
    shown = format_count(size) if size >= 100 else f"{size:.1f}" if size < 10 else f"{size:.0f}"
    return f"{'-' if value < 0 else '+'}{shown}"


def _better(frontier: Frontier, found: NextImprovement | None) -> str:
    if found is None or (found.budget is None and found.least is None):
        return "-"
    if found.budget == found.least and found.budget is not None:
        return _money(frontier, found.budget)
    if found.budget is None:
        return f"over {_money(frontier, found.least or 0)}"
    return f"at most {_money(frontier, found.budget)}"


def _mix(frontier: Frontier, screen: Screen) -> Iterator[RenderableType]:
    """Yield how many creators of each tier every plan has, and their share of its spend.

    On a narrow screen what the first table has no room for stands here.
    """
    if not frontier.tiers:
        return
    narrow = screen.width < WIDE
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="bold")
    table.add_column("Mix", justify="right", no_wrap=True)
    for tier in frontier.tiers:
        table.add_column(cell(tier), justify="right", overflow="fold")
    for name in ("Reach", "Better from") if narrow else ():
        table.add_column(name, justify="right", overflow="fold")
    for point in frontier.points:
        if point.totals is not None:
            reach = format_count(point.totals.metrics["reach"] / 1000)
            beside = [reach, _better(frontier, point.next_better)] if narrow else []
            mix = [_of_tier(point, tier) for tier in frontier.tiers]
            table.add_row(_money(frontier, point.budget), *mix, *beside)
    yield ""
    yield table


def _of_tier(point: FrontierPoint, tier: str) -> str:
    assert point.totals is not None
    if tier not in point.mix:
        return "-"
    mine, whole = point.mix[tier], point.totals.spend
    return f"{mine.creators:,} · {format_percent(mine.spend / whole)}" if whole else f"{mine.creators:,}"


def _money(frontier: Frontier, cents: int) -> str:
    return format_money(cents, frontier.roster.currency, whole=cents % 100 == 0)


def _chart(frontier: Frontier, screen: Screen) -> Iterator[RenderableType]:
    """Yield the value over the budget as a line, where there is more than one plan."""
    points = [(point.budget / 100, float(point.objective)) for point in frontier.points if point.objective is not None]
    if len(points) > 1:
        xs, ys = zip(*points, strict=True)
        label = {"balanced": "Value: engagements and conversions, by the best of each that the highest budget buys"}
        goal = frontier.campaign.goal
        yield ""
        yield Text(
            line_chart(
                xs,
                ys,
                width=min(screen.width, WIDEST),
                height=HEIGHT,
                x_label="Budget",
                y_label=label.get(goal.name, f"{value_heading(goal)}: {goal.column or goal.name}"),
            )
        )


def _sentences(frontier: Frontier) -> Iterator[Text]:
    yield from _enough(frontier)
    yield from _falling(frontier)
    open_points = [point for point in frontier.points if point.status in ("feasible", "unknown", NOT_LOOKED_AT)]
    if open_points:
        told = f"{len(open_points)} of {len(frontier.points)} budgets are not proven (~): a longer --time-limit helps"
        yield cell(f"{told}.", "bold yellow")
    elif any(point.totals is not None for point in frontier.points):
        told = f"Each budget's plan is proven optimal, all in {frontier.seconds:.2f} s"
        yield cell(f"{told}: on these forecasts, no plan within its budget and the rules is better.", "bold green")
    yield from (cell(f"Note: {note}.", "dim") for note in frontier.notes)
    yield from (cell(f"Warning: {warning}.", "yellow") for warning in frontier.warnings)


def _enough(frontier: Frontier) -> Iterator[Text]:
    """Yield where spending stops being worth it, where the goal is money."""
    enough, currency = frontier.optimal_spend, frontier.roster.currency
    if enough is None:
        return
    spend, worth = (format_money(round(cents), currency, whole=True) for cents in (enough.spend, enough.worth * 100))
    if enough.spend == 0:
        told = "No plan within these budgets is worth what it costs"
    else:
        told = f"Spending is worth it up to {spend}, which brings {worth}: beyond it, more costs more than it brings"
    doubt = "" if enough.proven else " (not proven: the time was over)"
    yield cell(f"{told}{doubt}.", "bold")


def _falling(frontier: Frontier) -> Iterator[Text]:
    """Yield how much less the last step brings than the first one did, where all steps have plans."""
    steps = [step for number in range(len(frontier.points)) if (step := frontier.segment(number)) is not None]
    if len(steps) < 2 or steps[0].objective <= 0:
        return
    first, last = (step.objective / step.budget for step in (steps[0], steps[-1]))
    if last < first:
        yield cell(f"The last dollars bring {max(0, round(float(last / first) * 100))}% of what the first ones do.")

"""Two plans side by side for a person: their totals, their settings, who was added, dropped and changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from microopt.analysis.plan_diff.result import CreatorMove, PlanComparison, PlanSide
from microopt.campaign.goals import LEAST_COST
from microopt.plan.purchase import Purchase
from microopt.quantities.parse_and_format import format_count, format_money
from microopt.rendering.terminal.screen import Screen, cell, message_lines
from microopt.rendering.terminal.table import Column, figure, table, totals_columns
from microopt.rendering.wording.plan_diff import (
    describe_changes,
    describe_purchase,
    describe_side,
    format_percent_change,
    plan_diff_notes,
    plan_diff_verdict,
    setting_sentences,
)
from microopt.rendering.wording.plan_figures import (
    METRIC_HEADINGS,
    capitalize_sentence,
    format_metric,
    format_value,
    value_heading,
)

MOST_SHOWN, SHOWN = 25, 20
WIDE, WIDEST = 90, 110
MAX_TIER_WIDTH = 10
MIN_NAME_WIDTH = 14  # columns that a creator's name needs beside the figures
WIDE_ONLY = {"impressions": WIDEST}


def plan_diff_table(comparison: PlanComparison, screen: Screen) -> str:
    """Return the comparison as text."""
    before, after = comparison.before, comparison.after
    parts: list[RenderableType] = [
        *(cell(f"{letter}  {describe_side(side)}", "bold") for letter, side in (("A", before), ("B", after))),
        "",
        *_totals(comparison, screen),
        "",
        cell(plan_diff_verdict(comparison), "bold"),
    ]
    settings = list(setting_sentences(comparison))
    if settings:
        parts += ["", Text("Asked otherwise", style="bold"), *(_indented(sentence) for sentence in settings)]
    for title, moves, side in (("Came", comparison.added, after), ("Left", comparison.dropped, before)):
        if moves:
            parts += ["", *_moves(title, moves, side, screen)]
    if comparison.changed:
        parts += ["", *_changed(comparison, screen)]
    notes = list(message_lines(plan_diff_notes(comparison)))
    return screen.render(*parts, *([""] if notes else []), *notes)


def _indented(sentence: str, style: str = "") -> RenderableType:
    return Padding(cell(sentence, style), (0, 0, 0, 2))


def _totals(comparison: PlanComparison, screen: Screen) -> Iterator[RenderableType]:
    """Yield the figures of both plans, and what B has more as an amount and as a share of A's."""
    before, after = comparison.before, comparison.after
    rows = [
        ("Creators", *_amounts(comparison, "creators", lambda side: side.totals.creators)),
        ("Cost", *_amounts(comparison, "spend", lambda side: side.totals.spend)),
        *((heading, *_metric_amounts(comparison, name)) for name, heading in METRIC_HEADINGS.items()),
    ]
    if before.totals.revenue is not None or after.totals.revenue is not None:
        rows.append(("Revenue", *_amounts(comparison, "revenue", lambda side: side.totals.revenue)))
    if before.goal.name != LEAST_COST:  # whose value is the cost
        rows.append((value_heading(after.goal), *_amounts(comparison, "value", lambda side: side.objective)))

    def text(place: int, heading: str) -> Column[tuple[str, ...]]:
        return figure(heading, lambda row: row[place])

    columns = [Column("", _first), *(text(place, name) for place, name in enumerate(("A", "B", "Change", ""), 1))]
    return table(columns, rows, screen)


def _first(row: tuple[str, ...]) -> str:
    return row[0]


def _metric_amounts(comparison: PlanComparison, name: str) -> tuple[str, str, str, str]:
    return _amounts(comparison, name, lambda side: side.totals.metrics[name])


def _amounts(
    comparison: PlanComparison, name: str, amount: Callable[[PlanSide], int | Fraction | None]
) -> tuple[str, str, str, str]:
    """Return a figure of A, of B, and by how much it differs."""
    before, after = comparison.before, comparison.after
    figures = [_format(name, amount(side), side) for side in (before, after)]
    change = comparison.change(name)
    if change is None:
        return figures[0], figures[1], "-", ""
    sign = "-" if change < 0 else "+"
    difference = f"{sign}{_format(name, change if change > 0 else -change, after)}" if change else "="
    return figures[0], figures[1], difference, format_percent_change(amount(before) or 0, change)


def _format(name: str, amount: int | Fraction | None, side: PlanSide) -> str:
    if amount is None:
        return "-"
    if name == "value":
        return format_value(Fraction(amount), side.goal, side.currency)
    if name == "creators":
        return f"{amount:,}"
    if name in ("spend", "revenue"):
        return format_money(int(amount), side.currency, whole=amount >= 1000)
    return format_metric(name, int(amount))


def _moves(title: str, moves: Sequence[CreatorMove], side: PlanSide, screen: Screen) -> Iterator[RenderableType]:
    """Yield the creators that only one plan has, with the causes below each."""
    shown = moves if len(moves) <= MOST_SHOWN else moves[:SHOWN]
    figures = ("cost", "reach", "impressions", "engagements", "conversions")
    columns: list[Column[CreatorMove]] = [
        Column(title, lambda move: _name(move.purchase), min_width=MIN_NAME_WIDTH),
        Column("Tier", lambda move: move.purchase.tier, min_width=4, max_width=MAX_TIER_WIDTH, share=100),
        figure("Followers", lambda move: format_count(move.purchase.followers), priority=1, from_width=WIDEST),
        *totals_columns(figures, lambda move: move.purchase.totals, side.currency, priority=1, from_width=WIDE_ONLY),
    ]
    yield from table(columns, shown, screen, wide=WIDE, details=_causes)
    yield from _rest(len(moves) - len(shown))


def _causes(move: CreatorMove) -> Iterator[str]:
    return (capitalize_sentence(cause.message) for cause in move.causes)


def _name(purchase: Purchase) -> Text:
    name, offers = cell(purchase.creator, "cyan"), describe_purchase(purchase)
    return name.append_text(cell(f" {offers}", "dim")) if offers else name


def _rest(count: int) -> Iterator[RenderableType]:
    if count:
        yield Text(f"… and {count:,} more: --format json, or -o compared.json, has them all", style="dim")


def _changed(comparison: PlanComparison, screen: Screen) -> Iterator[RenderableType]:
    """Yield the creators that both plans have, and what changed for each."""
    rows = comparison.changed
    shown = rows if len(rows) <= MOST_SHOWN else rows[:SHOWN]
    yield Text("Stayed with changes", style="bold")
    for retained in shown:
        name = _name(retained.after)
        name.truncate(screen.width, overflow="ellipsis")
        yield name
        yield _indented(f"{describe_changes(retained, comparison)}.", "dim")
    yield from _rest(len(rows) - len(shown))

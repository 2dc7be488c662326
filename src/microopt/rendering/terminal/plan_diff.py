"""Two plans side by side for a person: their totals, their settings, who was added, dropped and changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from microopt.analysis.plan_diff.result import CreatorMove, PlanComparison, PlanSide
from microopt.campaign.earnings import EARNINGS, PROFIT
from microopt.plan.purchase import Purchase
from microopt.quantities.parse_and_format import format_count, format_money
from microopt.rendering.terminal.screen import ACCENT, Screen, cell, first_fitting, message_lines
from microopt.rendering.terminal.table import Column, figure, table, totals_columns
from microopt.rendering.wording.plan_diff import (
    describe_changes,
    describe_purchase,
    describe_side,
    format_percent_change,
    plan_diff_head,
    plan_diff_notes,
    rest_sentence,
    setting_sentences,
)
from microopt.rendering.wording.plan_figures import (
    METRIC_HEADINGS,
    capitalize_sentence,
    format_metric,
    format_value,
    score_heading,
)
from microopt.rendering.wording.shared_reasons import shared_reason_sentences, shared_reasons

MOST_SHOWN, SHOWN = 25, 20
WIDE, WIDEST = 90, 110
MAX_TIER_WIDTH = 10
NAME_WIDTH = 20  # characters of a creator's name that are shown while another column can go
PRIORITIES = {"impressions": 6, "reach": 4, "conversions": 2, "engagements": 1}
WIDE_ONLY = {"impressions": WIDEST}
GENERAL_KINDS = ("budget", "goal", "declined")  # of reasons that are about the whole plan
_Row = tuple[str, str, str, str, str]


def plan_diff_table(comparison: PlanComparison, screen: Screen) -> str:
    """Return the comparison as text: the answer first."""
    before, after = comparison.before, comparison.after
    parts: list[RenderableType] = [
        *message_lines(plan_diff_head(comparison)),
        "",
        *(first_fitting(describe_side(letter, side), screen) for letter, side in (("A", before), ("B", after))),
        *_totals(comparison, screen),
    ]
    settings = list(setting_sentences(comparison))
    if settings:
        parts += ["", Text("Settings that changed", style="bold"), *(_indented(sentence) for sentence in settings)]
    for title, moves, side in (("Added", comparison.added, after), ("Dropped", comparison.dropped, before)):
        if moves:
            parts += ["", *_moves(title, moves, side, screen)]
    if comparison.changed:
        parts += ["", *_changed(comparison, screen)]
    notes = list(message_lines(plan_diff_notes(comparison)))
    return screen.render(*parts, *([""] if notes else []), *notes)


def _indented(sentence: str, style: str = "") -> RenderableType:
    return Padding(cell(sentence, style), (0, 0, 0, 2))


def _totals(comparison: PlanComparison, screen: Screen) -> Iterator[RenderableType]:
    """Yield the figures that differ, with their change as an amount and as a share of A, then those that do not."""
    before, after = comparison.before, comparison.after
    rows: list[_Row] = [
        ("Creators", *_amounts(comparison, "creators", lambda side: side.totals.creators)),
        ("Cost", *_amounts(comparison, "spend", lambda side: side.totals.spend)),
        *((heading, *_metric_amounts(comparison, name)) for name, heading in METRIC_HEADINGS.items()),
    ]
    if before.totals.revenue is not None or after.totals.revenue is not None:
        rows.append(("Revenue", *_amounts(comparison, "revenue", lambda side: side.totals.revenue)))
    if before.totals.profit is not None or after.totals.profit is not None:
        rows.append(("Profit", *_amounts(comparison, "profit", lambda side: side.totals.profit)))
    heading = score_heading(comparison.after.goal) if comparison.same_measure else ""
    if heading and comparison.after.goal.name != PROFIT:  # which is a figure of its own
        rows.append((heading, *_amounts(comparison, "value", lambda side: side.objective)))
    different = [row for row in rows if row[3]]

    def text(place: int, heading: str) -> Column[_Row]:
        return figure(heading, lambda row: row[place])

    columns = [Column("", _first), *(text(place, name) for place, name in enumerate(("A", "B", "Change", ""), 1))]
    if different:
        yield ""
        yield from table(columns, different, screen)
        same = ", ".join(f"{row[0].lower()} {row[1]}" for row in rows if not row[3])
        yield from [cell(f"The same in both: {same}.", "dim")] if same else []


def _first(row: _Row) -> str:
    return row[0]


def _metric_amounts(comparison: PlanComparison, name: str) -> tuple[str, str, str, str]:
    return _amounts(comparison, name, lambda side: side.totals.metrics[name])


def _amounts(
    comparison: PlanComparison, name: str, amount: Callable[[PlanSide], int | Fraction | None]
) -> tuple[str, str, str, str]:
    """Return a figure of A, of B, by how much it differs, empty if not at all, and that as a share."""
    before, after = comparison.before, comparison.after
    figures = [_format(name, amount(side), side) for side in (before, after)]
    change = comparison.change(name)
    if change is None:
        return figures[0], figures[1], "-", ""
    difference = (
        f"{'-' if change < 0 else '+'}{_format(name, change if change > 0 else -change, after)}" if change else ""
    )
    return figures[0], figures[1], difference, format_percent_change(amount(before) or 0, change)


def _format(name: str, amount: int | Fraction | None, side: PlanSide) -> str:
    if amount is None:
        return "-"
    if name == "value":
        return format_value(Fraction(amount), side.goal, side.currency)
    if name == "creators":
        return f"{amount:,}"
    if name in ("spend", *EARNINGS):
        return format_money(int(amount), side.currency, whole_units=abs(int(amount)) >= 1000)
    return format_metric(name, int(amount))


def _moves(title: str, moves: Sequence[CreatorMove], side: PlanSide, screen: Screen) -> Iterator[RenderableType]:
    """Yield the creators that only one plan has, with the causes below each; shared ones once below all."""
    shared = _shared_reasons(moves)
    visible = moves if len(moves) <= MOST_SHOWN else moves[:SHOWN]
    figures = ("cost", "reach", "impressions", "engagements", "conversions")
    columns: list[Column[CreatorMove]] = [
        Column(title, lambda move: _name(move.purchase), min_width=NAME_WIDTH),
        Column("Tier", lambda move: move.purchase.tier, min_width=4, max_width=MAX_TIER_WIDTH, share=100, priority=3),
        figure("Followers", lambda move: format_count(move.purchase.followers), priority=5, from_width=WIDEST),
        *totals_columns(
            figures,
            lambda move: move.purchase.totals,
            side.currency,
            priorities=PRIORITIES,
            from_width=WIDE_ONLY,
        ),
    ]

    def causes(move: CreatorMove) -> Iterator[str]:
        return (capitalize_sentence(cause.message) for cause in move.causes if cause.message not in shared)

    yield from table(columns, visible, screen, wide=WIDE, details=causes)
    yield from (_indented(sentence, "dim") for sentence in shared_reason_sentences(shared))
    yield from _rest(len(moves) - len(visible))


def _shared_reasons(moves: Sequence[CreatorMove]) -> dict[str, list[str]]:
    """Return the reasons that many creators share, and those about the whole plan if several do."""
    messages = [(move.purchase.creator, [cause.message for cause in move.causes]) for move in moves]
    general = [
        (move.purchase.creator, [cause.message for cause in move.causes if cause.kind in GENERAL_KINDS])
        for move in moves
    ]
    return shared_reasons(messages) | shared_reasons(general, 2)


def _name(purchase: Purchase) -> Text:
    name, offers = cell(purchase.creator, ACCENT), describe_purchase(purchase)
    return Text.assemble(name, cell(f" {offers}", "dim")) if offers else name


def _rest(count: int) -> Iterator[RenderableType]:
    if count:
        yield Text(rest_sentence(count, "compared.json"), style="dim")


def _changed(comparison: PlanComparison, screen: Screen) -> Iterator[RenderableType]:
    """Yield the creators that both plans have, and what changed for each."""
    rows = comparison.changed
    visible = rows if len(rows) <= MOST_SHOWN else rows[:SHOWN]
    yield Text("Kept, with changes", style="bold")
    for retained in visible:
        name = _name(retained.after)
        name.truncate(screen.width, overflow="ellipsis")
        yield name
        yield _indented(f"{describe_changes(retained, comparison)}.", "dim")
    yield from _rest(len(rows) - len(visible))

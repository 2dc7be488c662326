"""Two plans side by side for a person: their totals, their settings, who was added, dropped and changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from microopt.analysis.plan_diff.result import CreatorMove, FieldChange, PlanComparison, PlanSide, RetainedCreator
from microopt.campaign.goals import LEAST_COST
from microopt.campaign.metrics import METRICS
from microopt.plan.purchase import Purchase
from microopt.quantities.parse_and_format import format_count, format_distinct, format_money, format_percent
from microopt.rendering.terminal.screen import Screen, cell, message_lines
from microopt.rendering.terminal.table import Column, figure, table, totals_columns
from microopt.rendering.wording.full_stop import end_sentence
from microopt.rendering.wording.plan_figures import (
    METRIC_HEADINGS,
    capitalize_sentence,
    count_creators,
    format_metric,
    format_offer,
    format_value,
    source_name,
    value_heading,
)

NAMES = {"spend": "Cost", "reach": "Gross reach", "impressions": "Views", "value": "Value"}
NO_VALUE = "nothing"
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
        return format_money(int(amount), side.currency, whole_units=amount >= 1000)
    return format_metric(name, int(amount))


def _moves(title: str, moves: Sequence[CreatorMove], side: PlanSide, screen: Screen) -> Iterator[RenderableType]:
    """Yield the creators that only one plan has, with the causes below each."""
    visible = moves if len(moves) <= MOST_SHOWN else moves[:SHOWN]
    figures = ("cost", "reach", "impressions", "engagements", "conversions")
    columns: list[Column[CreatorMove]] = [
        Column(title, lambda move: _name(move.purchase), min_width=MIN_NAME_WIDTH),
        Column("Tier", lambda move: move.purchase.tier, min_width=4, max_width=MAX_TIER_WIDTH, share=100),
        figure("Followers", lambda move: format_count(move.purchase.followers), priority=1, from_width=WIDEST),
        *totals_columns(figures, lambda move: move.purchase.totals, side.currency, priority=1, from_width=WIDE_ONLY),
    ]
    yield from table(columns, visible, screen, wide=WIDE, details=_causes)
    yield from _rest(len(moves) - len(visible))


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
    visible = rows if len(rows) <= MOST_SHOWN else rows[:SHOWN]
    yield Text("Stayed with changes", style="bold")
    for retained in visible:
        name = _name(retained.after)
        name.truncate(screen.width, overflow="ellipsis")
        yield name
        yield _indented(f"{describe_changes(retained, comparison)}.", "dim")
    yield from _rest(len(rows) - len(visible))


def describe_side(side: PlanSide) -> str:
    """Return the settings of a plan and its proof, in one line."""
    budget = "no budget" if side.budget is None else f"budget {format_money(side.budget, side.currency)}"
    proof = "proven best" if side.status == "optimal" else f"within {format_percent(side.gap)} of the best"
    return " · ".join(filter(None, (source_name(side.path), side.name, budget, f"goal {side.goal.name}", proof)))


def plan_diff_verdict(comparison: PlanComparison) -> str:
    """Return a sentence that says how the two plans differ."""
    if comparison.same:
        return "The two plans are the same."
    if comparison.same_picks:
        statement = "Both plans buy the same for the same."
        return statement if comparison.campaign else f"{statement} They differ by how they were found."
    added, dropped, changed = (len(part) for part in (comparison.added, comparison.dropped, comparison.changed))
    retained = len(comparison.retained)
    counts = f"{count_creators(added)} added, {dropped:,} dropped, {retained:,} kept"
    return f"{counts}{f', {changed:,} of them with changes' if changed else ''}."


def setting_sentences(comparison: PlanComparison) -> Iterator[str]:
    """Yield a sentence for each setting that differs."""
    for change in comparison.campaign:
        yield capitalize_sentence(change.message)


def plan_diff_notes(comparison: PlanComparison) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence) of what limits the comparison: `note`, `warning`."""
    reason = _incomparable_values(comparison)
    if reason:
        yield "note", f"Note: the two values are not compared: {reason}."
    yield from (("note", f"Note: {end_sentence(note)}") for note in comparison.notes)
    yield from (("warning", f"Warning: {end_sentence(warning)}") for warning in comparison.warnings)


def _incomparable_values(comparison: PlanComparison) -> str:
    """Return why the values of the plans cannot be compared, empty if they can."""
    before, after = comparison.before, comparison.after
    if before.goal != after.goal:
        return "they are of two goals"
    if before.ideals != after.ideals:
        hint = f"to measure both alike, make B with --ideals {source_name(before.path)}"
        return f"each is measured by the ideals of its own plan ({hint})"
    return "" if comparison.same_currency else "they are of two currencies"


def describe_changes(retained: RetainedCreator, comparison: PlanComparison) -> str:
    """Return what changed for a creator that both plans include: `fee $400 -> $550; reach 18.3k -> 12k`."""
    sides = comparison.before, comparison.after
    return "; ".join(_describe_change(change, sides) for change in retained.changes)


def _describe_change(change: FieldChange, sides: tuple[PlanSide, PlanSide]) -> str:
    pair = change.before, change.after
    if change.field in METRICS and isinstance(pair[0], int) and isinstance(pair[1], int):
        before, after = format_distinct(Fraction(pair[0], 1000), Fraction(pair[1], 1000))
    else:
        before, after = (
            _format_setting(change.field, value, side.currency) for value, side in zip(pair, sides, strict=True)
        )
    name = NAMES.get(change.field, change.field).lower()
    return f"{before} -> {after}" if change.field == "offer" else f"{name} {before} -> {after}"


def _format_setting(setting: str, value: str | int | None, currency: str) -> str:
    if value is None or value == "":
        return NO_VALUE
    if isinstance(value, str):
        return value
    return f"{value:,}" if setting == "followers" else format_money(value, currency)


def format_percent_change(before: int | Fraction, change: int | Fraction) -> str:
    """Return a change as a share of the value before, `+12%`; empty if that was 0."""
    if before <= 0:
        return ""
    share = float(Fraction(change) / Fraction(before))
    return f"{'-' if share < 0 else '+'}{format_percent(abs(share))}" if share else ""


def describe_purchase(purchase: Purchase) -> str:
    """Return the platforms and offers of a creator that a plan buys."""
    offers = (" ".join(filter(None, (pick.platform, format_offer(pick)))) for pick in purchase.picks)
    return ", ".join(filter(None, offers))

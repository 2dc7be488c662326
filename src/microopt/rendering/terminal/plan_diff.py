"""Two plans side by side as tables for a person: totals, what was asked otherwise, who came, left and changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from msgspec import Struct
from rich.cells import cell_len
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from microopt.analysis.plan_diff.result import CreatorMove, PlanComparison, PlanSide
from microopt.campaign.goals import LEAST_COST
from microopt.plan.plan import Pick
from microopt.plan.purchase import Purchase
from microopt.quantities.parse_and_format import format_count, format_money
from microopt.rendering.terminal.screen import Screen, cell
from microopt.rendering.wording.plan_diff import (
    describe_changes,
    describe_side,
    format_percent_change,
    plan_diff_notes,
    plan_diff_verdict,
    setting_sentences,
)
from microopt.rendering.wording.plan_figures import format_conversions, format_offer, format_value, value_heading

MOST_SHOWN, SHOWN = 25, 20
WIDE, WIDEST = 90, 110
GAP = 2
LONGEST_TIER = 10
LEAST_ROOM = 14  # columns that a creator's name needs beside the figures
METRIC_ROWS = (
    ("Gross reach", "reach"),
    ("Views", "impressions"),
    ("Engagements", "engagements"),
    ("Clicks", "clicks"),
    ("Conversions", "conversions"),
)


class _Row(Struct, frozen=True, kw_only=True):
    """A creator: name, figures, and what is told below."""

    name: Text
    figures: list[str]
    told: tuple[str, ...]


def plan_diff_table(comparison: PlanComparison, screen: Screen) -> str:
    """Return the comparison as text."""
    sides = (("A", comparison.before), ("B", comparison.after))
    parts: list[RenderableType] = [cell(f"{letter}  {describe_side(side)}", "bold") for letter, side in sides]
    parts += ["", _totals(comparison), "", cell(plan_diff_verdict(comparison), "bold")]
    told = list(setting_sentences(comparison))
    if told:
        parts += ["", Text("Asked otherwise", style="bold"), *(_indented(sentence) for sentence in told)]
    for title, moved in (("Came", comparison.added), ("Left", comparison.dropped)):
        if moved:
            side = comparison.after if title == "Came" else comparison.before
            parts += ["", *_section(title, [_moved(one, side, screen) for one in moved], screen)]
    if comparison.changed:
        parts += ["", *_changed(comparison, screen)]
    last = list(plan_diff_notes(comparison))
    parts += [""] if last else []
    parts += [cell(sentence, "yellow" if kind == "warning" else "") for kind, sentence in last]
    return screen.render(*parts)


def _indented(sentence: str, style: str = "") -> RenderableType:
    return Padding(cell(sentence, style), (0, 0, 0, 2))


def _totals(comparison: PlanComparison) -> Table:
    table = Table(box=None, padding=(0, GAP, 0, 0), show_edge=False, header_style="bold")
    table.add_column("")
    for name in ("A", "B", "Change", ""):
        table.add_column(name, justify="right", no_wrap=True)
    one, other = comparison.before.totals, comparison.after.totals
    table.add_row("Creators", f"{one.creators:,}", f"{other.creators:,}", *_more(comparison, "creators"))
    table.add_row("Cost", *_both(comparison, "spend"), *_more(comparison, "spend"))
    for title, name in METRIC_ROWS:
        shown = [_amount(name, totals.metrics[name]) for totals in (one, other)]
        table.add_row(title, *shown, *_more(comparison, name))
    if one.revenue is not None or other.revenue is not None:
        table.add_row("Revenue", *_both(comparison, "revenue"), *_more(comparison, "revenue"))
    if comparison.before.goal.name != LEAST_COST:  # whose value is the cost
        table.add_row(*_value(comparison))
    return table


def _both(comparison: PlanComparison, name: str) -> Iterator[str]:
    for side in (comparison.before, comparison.after):
        cents = getattr(side.totals, name)
        yield "-" if cents is None else format_money(cents, side.currency, whole=cents >= 1000)


def _more(comparison: PlanComparison, name: str) -> tuple[str, str]:
    """Return what B has more of a figure, and as a share of what A has."""
    change = comparison.change(name)
    if change is None:
        return "-", ""
    if name == "value":
        side = comparison.after
        shown = format_value(abs(Fraction(change)), side.goal, side.currency)
        return _signed(change, shown), format_percent_change(comparison.before.objective, change)
    totals, size = comparison.before.totals, abs(int(change))
    if name in totals.metrics:
        return _signed(change, _amount(name, size)), format_percent_change(totals.metrics[name], change)
    money = format_money(size, comparison.after.currency, whole=size >= 1000)
    return _signed(change, f"{size:,}" if name == "creators" else money), format_percent_change(
        getattr(totals, name), change
    )


def _signed(change: int | Fraction, size: str) -> str:
    return "=" if not change else f"{'-' if change < 0 else '+'}{size}"


def _amount(name: str, thousandths: int) -> str:
    return format_conversions(thousandths) if name == "conversions" else format_count(thousandths / 1000)


def _value(comparison: PlanComparison) -> list[str]:
    sides = comparison.before, comparison.after
    shown = [format_value(side.objective, side.goal, side.currency) for side in sides]
    return [value_heading(comparison.after.goal), *shown, *_more(comparison, "value")]


def _moved(moved: CreatorMove, side: PlanSide, screen: Screen) -> _Row:
    told = tuple(f"{cause.message[:1].upper()}{cause.message[1:]}." for cause in moved.causes)
    return _Row(name=_name(moved.purchase), figures=_figures(moved.purchase, side, screen), told=told)


def _name(bought: Purchase) -> Text:
    offers = ", ".join(filter(None, map(_offer, bought.picks)))
    name = cell(bought.creator, "cyan")
    return name.append_text(cell(f" {offers}", "dim")) if offers else name


def _offer(pick: Pick) -> str:
    return " ".join(filter(None, (pick.platform, format_offer(pick))))


def _figure_names(screen: Screen) -> list[str]:
    results = ["Engagements", "Conversions"] if screen.width >= WIDE else ["Engage-\nments", "Conver-\nsions"]
    if screen.width >= WIDEST:
        return ["Tier", "Followers", "Cost", "Gross reach", "Views", *results]
    return ["Tier", "Cost", "Gross\nreach", *results]


def _figures(bought: Purchase, side: PlanSide, screen: Screen) -> list[str]:
    totals = bought.totals
    cost = format_money(totals.spend, side.currency, whole=totals.spend >= 1000)
    names = ("reach", "impressions", "engagements") if screen.width >= WIDEST else ("reach", "engagements")
    counts = [format_count(totals.metrics[name] / 1000) for name in names]
    people = [format_count(bought.followers)] if screen.width >= WIDEST else []
    return [_tier(bought), *people, cost, *counts, format_conversions(totals.metrics["conversions"])]


def _tier(bought: Purchase) -> str:
    name = cell(bought.tier)
    name.truncate(LONGEST_TIER, overflow="ellipsis")
    return name.plain


def _section(title: str, rows: Sequence[_Row], screen: Screen) -> Iterator[RenderableType]:
    """Yield a table of creators with what is told of each below it: tables of one row, all of the same widths."""
    shown = rows if len(rows) <= MOST_SHOWN else rows[:SHOWN]
    names = _figure_names(screen)
    heads = [max(name.split("\n"), key=len) for name in names]
    widths = [max(map(cell_len, column)) for column in zip(heads, *(row.figures for row in shown), strict=True)]
    while (room := screen.width - sum(widths) - GAP * (len(widths) + 1)) < LEAST_ROOM and len(widths) > 1:
        widths.pop()  # rather a figure less than half of one
    room = min(room, max(len(title), *(row.name.cell_len for row in shown)))
    table = _columns([title, *names], [room, *widths])
    table.show_header = True
    yield table
    for row in shown:
        line = _columns([title, *names], [room, *widths])
        row.name.truncate(room, overflow="ellipsis")
        line.add_row(row.name, *row.figures[: len(widths)])
        yield line
        yield from (_indented(told, "dim") for told in row.told)
    yield from _rest(len(rows) - len(shown))


def _columns(names: Sequence[str], widths: Sequence[int]) -> Table:
    table = Table(box=None, padding=(0, GAP, 0, 0), show_edge=False, show_header=False, header_style="bold")
    for place, (name, width) in enumerate(zip(names, widths, strict=False)):
        table.add_column(name, justify="right" if place > 1 else "left", no_wrap=True, width=width)
    return table


def _rest(count: int) -> Iterator[RenderableType]:
    if count:
        yield Text(f"… and {count:,} more: --format json, or -o compared.json, has them all", style="dim")


def _changed(comparison: PlanComparison, screen: Screen) -> Iterator[RenderableType]:
    """Yield who stayed with changes, and which."""
    rows = comparison.changed
    shown = rows if len(rows) <= MOST_SHOWN else rows[:SHOWN]
    yield Text("Stayed with changes", style="bold")
    for one in shown:
        name = _name(one.after)
        name.truncate(screen.width, overflow="ellipsis")
        yield name
        yield _indented(f"{describe_changes(one, comparison)}.", "dim")
    yield from _rest(len(rows) - len(shown))

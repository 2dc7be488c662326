"""A plan as a table for a person: picks by tier, the mix, the rules, what is unspent, and the proof."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rich.cells import cell_len
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from microopt.campaign.metrics import GROSS
from microopt.plan.plan import Pick, Plan, Totals
from microopt.quantities.parse_and_format import print_count, print_floor, print_money, print_percent
from microopt.rendering.sanitize import plain
from microopt.rendering.terminal.bars import bar
from microopt.rendering.terminal.replan import replan_parts
from microopt.rendering.terminal.screen import Screen, cell
from microopt.rendering.wording.plan_figures import (
    allowed,
    budget_of,
    cost_per,
    likely_fees,
    money_name,
    offer_of,
    print_conversions,
    room,
    rule_price,
    used,
)
from microopt.rendering.wording.plan_sentences import sentences

MOST_SHOWN, SHOWN = 60, 50
WIDE, WIDEST = 100, 118
GAP = 1
LEAST_NAME = 6  # columns of a creator's name beside its offer
LEAST_ROOM = 18  # columns that creator, platform and niche need to be told apart


def plan_table(plan: Plan, screen: Screen) -> str:
    """Return the plan as text."""
    return screen.render(*plan_parts(plan, screen))


def plan_parts(plan: Plan, screen: Screen) -> list[RenderableType]:
    """Return what the plan's text is made of, from above to below."""
    parts: list[RenderableType] = [
        *_head(plan),
        "",
        *replan_parts(plan, screen),
        _picks(plan, screen),
        *_notes_on_picks(plan),
        "",
        _mix(plan, screen),
    ]
    if plan.rules:
        parts += ["", _rules(plan, screen)]
    return [*parts, "", *_tail(plan)]


def _head(plan: Plan) -> Iterator[Text]:
    roster, campaign = plan.roster, plan.campaign
    filtered = f" ({roster.filtered:,} filtered out)" if roster.filtered else ""
    parts = [
        campaign.name or "",
        roster.source.path if roster.source.path != "-" else "standard input",
        f"{roster.creators:,} creators{filtered}",
        budget_of(plan),
        f"goal {campaign.goal.name}",
    ]
    yield cell(" · ".join(part for part in parts if part), "bold")
    bands = campaign.tiers
    edges = [print_floor(floor) for floor in bands.floors]
    spans = [f"{name} {low}-{high}" for name, low, high in zip(bands.names, edges, edges[1:], strict=False)]
    yield cell(" · ".join([*spans, f"{bands.names[-1]} {edges[-1]}+"]), "dim")


def _picks(plan: Plan, screen: Screen) -> Table:
    """The figures are never cut: what they leave of the width is shared by creator, platform and niche."""
    shown = plan.picks if len(plan.picks) <= MOST_SHOWN else plan.picks[:SHOWN]
    figures = _figure_names(plan, screen)
    rows = [(pick, _pick_figures(plan, pick, screen)) for pick in shown]
    total = _figures(plan, plan.totals, screen)
    widths = [max(map(len, column)) for column in zip(*(_lines(figures), total, *(r for _, r in rows)), strict=True)]
    while (room := screen.width - sum(widths) - GAP * (len(widths) + 3)) < LEAST_ROOM and len(widths) > 1:
        widths.pop()  # sums of many digits: rather no cost per result than half a figure
    table = Table(box=None, padding=(0, GAP, 0, 0), show_edge=False, header_style="bold")
    shares = _shares(room, shown)
    for name, width in zip(("Creator", "Platform", "Niche"), shares, strict=True):
        table.add_column(name, no_wrap=True, overflow="ellipsis", width=width)
    for name, width in zip(figures, widths, strict=False):
        table.add_column(name, justify="right", no_wrap=True, width=width)
    for tier, members in groupby(rows, key=lambda row: row[0].tier):
        table.add_row(cell(tier.capitalize(), "bold cyan"))
        for pick, numbers in members:
            table.add_row(
                _name(pick, shares[0]),
                cell(pick.platform or "-"),
                cell(", ".join(pick.niche) or "-"),
                *numbers[: len(widths)],
            )
    whole = f"{plan.totals.creators:,} creator{'' if plan.totals.creators == 1 else 's'}"
    table.add_row(Text(whole), "", "", *total[: len(widths)], style="bold")
    return table


def _figure_names(plan: Plan, screen: Screen) -> list[str]:
    wide = screen.width >= WIDE
    names = [
        money_name(plan),
        "Gross\nreach",
        *(["Engagements", "Conversions"] if wide else ["Engage-\nments", "Conver-\nsions"]),
    ]
    if screen.width >= WIDEST:
        last = "CPM" if plan.totals.revenue is None else "ROAS"
        return [*names[:2], "Views", *names[2:], "CPE", "CPA", last]
    return [*names, "CPE", "CPA"]


def _lines(names: list[str]) -> list[str]:
    """Return the longest line of each name."""
    return [max(name.split("\n"), key=len) for name in names]


def _shares(room: int, picks: tuple[Pick, ...]) -> tuple[int, int, int]:
    """Share the room: the platform in full if it fits, the niche up to 40% of the rest, the creator what is left."""
    longest = [
        max((cell_len(plain(text)) for text in texts), default=1)
        for texts in (
            [_name(pick).plain for pick in picks],
            [pick.platform or "-" for pick in picks],
            [", ".join(pick.niche) or "-" for pick in picks],
        )
    ]
    platform = min(max(longest[1], 8), 10, max(4, room - 14))
    rest = room - platform
    niche = max(5, min(max(longest[2], 5), max(rest - longest[0], rest * 2 // 5)))
    return min(max(longest[0], 12), rest - niche), platform, niche


def _name(pick: Pick, width: int | None = None) -> Text:
    """Return who and what is bought; where both do not fit the creator's name is cut, down to a few letters."""
    name, offer = cell(pick.creator), offer_of(pick)
    if width is not None and offer:
        name.truncate(max(LEAST_NAME, width - 1 - cell_len(plain(offer))), overflow="ellipsis")
    return name.append_text(cell(f" {offer}", "dim")) if offer else name


def _pick_figures(plan: Plan, pick: Pick, screen: Screen) -> list[str]:
    alone = Totals(creators=1, spend=pick.cost, metrics=pick.metrics, revenue=pick.revenue)
    cost = print_money(pick.cost, plan.roster.currency, whole=pick.cost >= 1000)
    return [("~" if pick.fee_estimated else "") + cost, *_figures(plan, alone, screen)[1:]]


def _figures(plan: Plan, totals: Totals, screen: Screen) -> list[str]:
    currency, metrics = plan.roster.currency, totals.metrics
    figures = [
        print_money(totals.spend, currency, whole=True),
        print_count(metrics["reach"] / 1000),
        print_count(metrics["engagements"] / 1000),
        print_conversions(metrics["conversions"]),
        cost_per(totals, "engagements", currency),
        cost_per(totals, "conversions", currency),
    ]
    if screen.width >= WIDEST:
        figures.insert(2, print_count(metrics["impressions"] / 1000))
        figures.append(_last_figure(plan, totals))
    return figures


def _last_figure(plan: Plan, totals: Totals) -> str:
    """Return the return on spend where an order's value is known, else the cost of a thousand views."""
    if totals.revenue is None:
        return cost_per(totals, "impressions", plan.roster.currency, per=1000)
    return f"{totals.revenue / totals.spend:.2f}x" if totals.spend else "-"


def _notes_on_picks(plan: Plan) -> Iterator[Text]:
    if len(plan.picks) > MOST_SHOWN:
        rest = len(plan.picks) - SHOWN
        yield Text(f"… and {rest:,} more: write them all with -o plan.csv (or .json, .md)", style="dim")
    if len(plan.picks) > SHOWN:
        hint = "are many to brief: --creators ..20 limits them, --per-creator 50 counts the work."
        yield Text(f"{len(plan.picks):,} creators {hint}", style="dim")
    if any(pick.fee_estimated for pick in plan.picks):
        low, high = likely_fees(plan.campaign)
        told = f"~ fee estimated from followers and public CPMs: expect {low:g} to {high:g} times as much."
        yield Text(told, style="dim")


def _mix(plan: Plan, screen: Screen) -> Table:
    width = 12 if screen.width >= WIDE else 7
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="bold")
    table.add_column("Mix")
    for name in ("Creators", "Spend", "Engagements", "Conversions"):
        table.add_column(name, justify="right" if name == "Creators" else "left", no_wrap=True)
    for tier, totals in plan.mix.items():
        shares = (
            (totals.spend, plan.totals.spend),
            (totals.metrics["engagements"], plan.totals.metrics["engagements"]),
            (totals.metrics["conversions"], plan.totals.metrics["conversions"]),
        )
        bars = [_bar(part / whole if whole else 0.0, width) for part, whole in shares]
        table.add_row(cell(tier), f"{totals.creators:,}", *bars)
    return table


def _bar(share: float, width: int) -> Text:
    return Text.assemble((bar(share, width), "cyan"), f" {print_percent(share):>4}")


def _rules(plan: Plan, screen: Screen) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="bold")
    table.add_column("Rule", overflow="fold", max_width=max(30, screen.width - 42))
    for name in ("used", "allowed", ""):
        table.add_column(name, no_wrap=True)
    currency, prices = plan.roster.currency, {price.label: price for price in plan.rule_prices}
    if prices:
        table.add_column("dropping it would bring", overflow="fold")
    for rule in plan.rules:
        limit = Text(room(rule), style="yellow")
        cost = [rule_price(plan, prices.get(rule.label.removesuffix(GROSS)))] if prices else []
        table.add_row(cell(rule.label), used(rule, currency), allowed(rule, currency), limit, *cost)
    return table


def _tail(plan: Plan) -> Iterator[Text]:
    for kind, sentence in sentences(plan):
        yield cell(sentence, {"proof": "bold green", "doubt": "bold yellow", "warning": "yellow"}.get(kind, ""))

"""A comparison as tables for a person: tiers alone beside the mix, and baskets beside large creators."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from microopt.analysis.tiers.compare import Comparison, SingleTierPlan
from microopt.analysis.tiers.substitutes import BundleTotals, SubstituteBundle, Substitutes
from microopt.campaign.goals import LEAST_COST
from microopt.plan.plan import Pick, Plan, Totals
from microopt.quantities.parse_and_format import format_count, format_money, format_percent
from microopt.rendering.sanitize import plain_text
from microopt.rendering.terminal.screen import Screen, cell
from microopt.rendering.wording.plan_figures import (
    format_budget,
    format_conversions,
    format_cost_per,
    format_offer,
    format_ratio,
    format_value,
    value_heading,
    value_meaning,
)
from microopt.rendering.wording.tiers import bundle_rules_sentence, explain_missing_plan, tiers_sentences

SHOWN = 10
WIDE, WIDEST = 90, 110
GAP = 2
LEAST_ROOM = 12  # columns that a name needs
STYLES = {"fact": "bold", "proof": "bold green", "doubt": "bold yellow", "warning": "yellow"}


def tiers_table(comparison: Comparison, screen: Screen) -> str:
    """Return the comparison as text."""
    parts: list[RenderableType] = [head_of(comparison.mix), "", *_variants(comparison, screen)]
    if comparison.substitutes is not None:
        parts += ["", *_baskets(comparison, comparison.substitutes, screen)]
    told = (cell(sentence, STYLES.get(kind, "")) for kind, sentence in tiers_sentences(comparison))
    return screen.render(*parts, "", *told)


def head_of(plan: Plan) -> Text:
    """Return the line that says which campaign on which roster a study is of."""
    parts = [
        plan.campaign.name or "",
        plan.roster.source.path if plan.roster.source.path != "-" else "standard input",
        f"{plan.roster.creators:,} creators",
        format_budget(plan),
        f"goal {plan.campaign.goal.name}",
    ]
    return cell(" · ".join(part for part in parts if part), "bold")


def _variants(comparison: Comparison, screen: Screen) -> Iterator[RenderableType]:
    """Yield the table of plans, and below it why some tiers have none."""
    mix, goal = comparison.mix, comparison.mix.campaign.goal
    last = "Of mix" if goal.name != LEAST_COST else "By mix"
    rows = [_variant_row(variant, comparison, screen) for variant in comparison.tiers]
    value = format_value(mix.proof.objective, goal, mix.roster.currency)
    whole = "100%" if goal.name != LEAST_COST else "1.00x"
    rows.append(("Mix of all", [*_figures(mix.totals, mix.roster.currency, screen), value, whole], "bold"))
    title = "At equal budget" if goal.name != LEAST_COST else "At the least cost"
    yield figures_table(title, [*_names(screen), value_heading(goal), last], rows, screen)
    yield cell(value_meaning(goal), "dim")
    for variant in comparison.tiers:
        if explain_missing_plan(variant):
            yield cell(f"{variant.tier} alone has {explain_missing_plan(variant)}.", "yellow")


def _variant_row(variant: SingleTierPlan, comparison: Comparison, screen: Screen) -> tuple[str, list[str], str]:
    mix, name = comparison.mix, f"{variant.tier} only"
    if variant.plan is None:
        return name, ["-"] * (len(_names(screen)) + 2), "dim"
    share = variant.share_of_mix
    least = mix.campaign.goal.name == LEAST_COST
    shown = "-" if share is None else f"{format_ratio(share)}x" if least else format_percent(float(share))
    value = format_value(variant.plan.proof.objective, mix.campaign.goal, mix.roster.currency)
    mark = "" if variant.status == "optimal" else "~"
    return name, [*_figures(variant.plan.totals, mix.roster.currency, screen), mark + value, shown], ""


def _baskets(comparison: Comparison, baskets: Substitutes, screen: Screen) -> Iterator[RenderableType]:
    """Yield for each large creator three lines: the creator, the basket, how many times as much it brings."""
    shown = baskets.creators[:SHOWN]
    rows: list[tuple[str, list[str], str]] = []
    for basket in shown:
        rows += _basket_rows(comparison, basket, screen)
    name = plain_text(f"For the money of each {baskets.tier} creator")
    if rows:
        yield figures_table(name, [*_names(screen), "Value", ""], rows, screen)
    if len(baskets.creators) > SHOWN:
        rest = len(baskets.creators) - SHOWN
        yield Text(f"… and {rest:,} more: --format json, or -o compare.json, has them all", style="dim")
    if baskets.not_examined:
        names = ", ".join(baskets.not_examined[:5]) + (", …" if len(baskets.not_examined) > 5 else "")
        yield cell(f"Not looked at, the time was over: {len(baskets.not_examined):,} ({names}).", "yellow")
    yield cell(bundle_rules_sentence(comparison), "dim")


def _basket_rows(
    comparison: Comparison, basket: SubstituteBundle, screen: Screen
) -> Iterator[tuple[str, list[str], str]]:
    yield _name(basket.large.picks), [*_side(basket.large, comparison, screen), ""], "cyan"
    if basket.small is None:
        yield "  none found in its time", ["-"] * (len(_names(screen)) + 1) + [""], "yellow"
        return
    mark = "" if basket.status == "optimal" else f"within {basket.gap:.1%}"
    yield "  smaller ones", [*_side(basket.small, comparison, screen), mark], ""
    large, small = basket.large.totals, basket.small.totals
    ratios = [_times(basket.times(metric)) for metric in ("reach", "engagements", "conversions")]
    views = [_times(basket.times("impressions"))] if screen.width >= WIDEST else []
    costs = ["", ""] if screen.width >= WIDEST else []
    spend = _times(Fraction(small.spend, large.spend) if large.spend else None)
    value = _times(basket.small.objective / basket.large.objective if basket.large.objective > 0 else None)
    yield "  times", ["", spend, ratios[0], *views, *ratios[1:], *costs, value, ""], "dim"


def _times(value: Fraction | None) -> str:
    return "-" if value is None else f"{format_ratio(value)}x"


def _side(side: BundleTotals, comparison: Comparison, screen: Screen) -> list[str]:
    currency, goal = comparison.mix.roster.currency, comparison.mix.campaign.goal
    value = f"{float(side.objective):.3f}" if goal.name == LEAST_COST else format_value(side.objective, goal, currency)
    return [*_figures(side.totals, currency, screen), value]


def _name(picks: tuple[Pick, ...]) -> str:
    offers = ", ".join(format_offer(pick) for pick in picks if format_offer(pick))
    return f"{picks[0].creator} {offers}".strip()


def _names(screen: Screen) -> list[str]:
    wide = screen.width >= WIDE
    people = "Creators" if wide else "Crea-\ntors"
    results = ["Engagements", "Conversions"] if wide else ["Engage-\nments", "Conver-\nsions"]
    if screen.width >= WIDEST:
        return [people, "Cost", "Gross reach", "Views", *results, "CPE", "CPA"]
    return [people, "Cost", "Gross\nreach", *results]


def _figures(totals: Totals, currency: str, screen: Screen) -> list[str]:
    metrics = totals.metrics
    figures = [
        f"{totals.creators:,}",
        format_money(totals.spend, currency, whole=True),
        format_count(metrics["reach"] / 1000),
        format_count(metrics["engagements"] / 1000),
        format_conversions(metrics["conversions"]),
    ]
    if screen.width >= WIDEST:
        figures.insert(3, format_count(metrics["impressions"] / 1000))
        figures += [format_cost_per(totals, "engagements", currency), format_cost_per(totals, "conversions", currency)]
    return figures


def figures_table(
    title: str,
    names: list[str],
    rows: list[tuple[str, list[str], str]],
    screen: Screen,
    *,
    least_room: int = LEAST_ROOM,
) -> Table:
    """Return a table whose figures are never cut: names of rows have what these leave of the width.

    Parameters
    ----------
    title, names
        What stands above the names of rows, and above each column of figures.
    rows
        (name, figures, style) of each.
    least_room
        Columns that a name needs.
    """
    heads = [max(name.split("\n"), key=len) for name in names]
    widths = [max(map(len, column)) for column in zip(heads, *(figures for _, figures, _ in rows), strict=True)]
    gap = GAP
    while (room := screen.width - sum(widths) - gap * (len(widths) + 1)) < least_room and gap > 1:
        gap -= 1
    while room < least_room and len(widths) > 1:
        room += widths.pop() + gap  # sums of many digits: rather a figure less than half of one
    table = Table(box=None, padding=(0, gap, 0, 0), show_edge=False, header_style="bold")
    longest = max(len(title), *(cell(name).cell_len for name, _, _ in rows))
    table.add_column(title, overflow="ellipsis", no_wrap=len(title) <= room, width=min(room, longest))
    for name, width in zip(names, widths, strict=False):
        table.add_column(name, justify="right", no_wrap=True, width=width)
    for name, figures, style in rows:
        label = cell(name)
        label.truncate(min(room, longest), overflow="ellipsis")
        table.add_row(label, *figures[: len(widths)], style=style)
    return table

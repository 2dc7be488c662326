"""A plan as a table for a person: picks by tier, the mix, the rules, what is unspent, and the proof."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace
from rich.console import RenderableType
from rich.text import Text

from microopt.campaign.metrics import GROSS_SUFFIX
from microopt.plan.plan import Pick, Plan, RuleUse, Totals
from microopt.quantities.parse_and_format import format_floor, format_percent
from microopt.rendering.terminal.replan import replan_parts
from microopt.rendering.terminal.screen import Screen, bar, cell, message_lines
from microopt.rendering.terminal.table import Column, figure, table, totals_columns
from microopt.rendering.wording.costs import CostLine, cost_cells, cost_lines
from microopt.rendering.wording.plan_figures import (
    TOTALS_HEADINGS,
    cost_heading,
    count_creators,
    describe_binding,
    fee_estimate_range,
    format_allowed,
    format_budget,
    format_offer,
    format_rule_price,
    format_total,
    format_used,
    limits_creators,
    pick_totals,
    platform_label,
    shown_picks,
    study_heading,
    sum_picks,
)
from microopt.rendering.wording.plan_head import format_likely_range, plan_head
from microopt.rendering.wording.plan_sentences import plan_sentences, short_sentences
from microopt.rendering.wording.suspicion import fee_sentences

MOST_SHOWN, SHOWN = 60, 50
MEDIUM, WIDE, WIDEST = 60, 100, 150
BAR_WIDTHS = {WIDE: 12, MEDIUM: 7, 0: 2}  # by width of the narrowest screen
NAME_WIDTH = 20  # characters of a creator's name that are shown while another column can go
SHARES = ("spend", "engagements", "conversions")
# Columns that leave a narrow screen, the first to go with the highest number.
PRIORITIES = {"cpm": 7, "impressions": 6, "niche": 5, "cpe": 4, "reach": 3, "cpa": 2, "roas": 1}


class _PickRow(Struct, frozen=True):
    """A pick, or without one the totals of the plan or, with a label, of the picks that are not shown."""

    pick: Pick | None
    totals: Totals
    label: str = ""


def plan_table(plan: Plan, screen: Screen, *, details: bool = False) -> str:
    """Return the plan as text; with `details` also all warnings, the tiers' sizes and how it was proven."""
    return screen.render(*plan_parts(plan, screen, details=details))


def plan_parts(plan: Plan, screen: Screen, *, details: bool = False) -> list[RenderableType]:
    """Return the parts of the plan's text from top to bottom: the answer first."""
    parts: list[RenderableType] = [
        *message_lines(plan_head(plan)),
        *message_lines(fee_sentences(plan.suspicions)),
        "",
        *replan_parts(plan, screen),
        *_heading(plan, details=details),
        *_picks(plan, screen),
        *_notes_on_picks(plan),
        *_costs(plan, screen),
        "",
        *_mix(plan, screen),
    ]
    if plan.rules:
        parts += ["", *_rules(plan, screen)]
    sentences = list(plan_sentences(plan, doubtful_fees=False) if details else short_sentences(plan))
    return [*parts, "", *message_lines(sentences)] if sentences else parts


def _heading(plan: Plan, *, details: bool) -> Iterator[Text]:
    roster, campaign = plan.roster, plan.campaign
    filtered = f" ({roster.filtered:,} filtered out)" if roster.filtered else ""
    facts = (f"{roster.creators:,} creators{filtered}", format_budget(plan), f"goal {campaign.goal.name}")
    yield cell(study_heading(campaign, roster.source.path, *facts), "dim")
    if details:
        bands = campaign.tiers
        edges = [format_floor(floor) for floor in bands.floors]
        spans = [f"{name} {low}-{high}" for name, low, high in zip(bands.names, edges, edges[1:], strict=False)]
        yield cell(" · ".join([*spans, f"{bands.names[-1]} {edges[-1]}+"]), "dim")


def _picks(plan: Plan, screen: Screen) -> Iterator[RenderableType]:
    """Yield the picks by tier, and their totals."""
    shown = shown_picks(plan.picks)
    places = set(map(id, shown))
    hidden = [pick for pick in plan.picks if id(pick) not in places]
    rows = [_PickRow(pick, pick_totals(pick)) for pick in shown]
    if hidden:
        rows.append(_PickRow(None, sum_picks(hidden), f"… and {len(hidden):,} more"))
    rows.append(_PickRow(None, plan.totals, count_creators(plan.totals.creators)))
    yield from table(
        [*_name_columns(), *_figure_columns(plan)],
        rows,
        screen,
        wide=WIDE,
        gap=1,
        style=lambda row: "" if row.pick else "bold" if row is rows[-1] else "dim",
        group=lambda row: row.pick.tier.capitalize() if row.pick else "",
    )


def _name_columns() -> list[Column[_PickRow]]:
    def creator(row: _PickRow) -> str:
        return row.pick.creator if row.pick else row.label

    def offer(row: _PickRow) -> str:
        return f"{platform_label(row.pick.platform)} {format_offer(row.pick)}".strip() if row.pick else ""

    def niche(row: _PickRow) -> str:
        return ", ".join(row.pick.niche) or "-" if row.pick else ""

    return [
        Column("Creator", creator, min_width=NAME_WIDTH, share=3),
        Column("Post", offer, min_width=8, share=2),
        Column("Niche", niche, min_width=8, share=1, priority=PRIORITIES["niche"]),
    ]


def _figure_columns(plan: Plan) -> list[Column[_PickRow]]:
    currency = plan.roster.currency

    def cost(row: _PickRow) -> str:
        return ("~" if row.pick and row.pick.fee_estimated else "") + format_total("cost", row.totals, currency)

    def likely(row: _PickRow) -> str:
        own = row.pick.likely if row.pick else plan.likely if row.totals is plan.totals else {}
        return format_likely_range(own["engagements"]) if "engagements" in own else ""

    def times_usual(row: _PickRow) -> str:
        pick = row.pick
        known = pick and pick.usual_fee and not pick.fee_estimated
        return f"{pick.fee / pick.usual_fee:.1f}x" if pick and pick.usual_fee and known else ""

    names = ["reach", "impressions", "engagements", "conversions", "cpe", "cpa", "cpm"]
    if plan.totals.revenue is not None:
        names.append("roas")
    reach, *others = totals_columns(names, lambda row: row.totals, currency, priorities=PRIORITIES)
    place = names.index("engagements")
    return [
        figure(cost_heading(plan), cost),
        figure("Of usual", times_usual, from_width=WIDEST),
        replace(reach, heading=reach.short_heading),
        *others[:place],
        figure("Likely", likely, from_width=WIDEST),
        *others[place:],
    ]


def _notes_on_picks(plan: Plan) -> Iterator[Text]:
    if len(plan.picks) > MOST_SHOWN:
        yield Text("All creators: add -o plan.csv (or .xlsx, .html).", style="dim")
    if len(plan.picks) > SHOWN and not limits_creators(plan):
        text = f"{len(plan.picks):,} creators is a lot to manage: --creators ..20 limits them."
        yield Text(text, style="dim")
    if any(pick.fee_estimated for pick in plan.picks):
        low, high = fee_estimate_range(plan.campaign)
        text = f"~ fee estimated from followers and public CPMs: expect {low:g} to {high:g} times as much."
        yield Text(text, style="dim")


def _costs(plan: Plan, screen: Screen) -> Iterator[RenderableType]:
    """Yield what the plan pays for, a line each, where it is not fees alone."""
    lines = cost_lines(plan)
    if lines:
        columns: list[Column[CostLine]] = [
            Column("Cost", lambda line: cost_cells(plan, line)[0], min_width=8),
            figure("", lambda line: cost_cells(plan, line)[1]),
            figure("of spend", lambda line: cost_cells(plan, line)[2]),
        ]
        yield ""
        yield from table(columns, lines, screen, style=lambda line: "bold" if line.key == "total" else "")


def _mix(plan: Plan, screen: Screen) -> Iterator[RenderableType]:
    """Yield the tiers, with bars of their shares of the plan."""
    width = next(width for min_width, width in BAR_WIDTHS.items() if screen.width >= min_width)

    def amount(totals: Totals, name: str) -> int:
        return totals.spend if name == "spend" else totals.metrics[name]

    def share(name: str) -> Column[tuple[str, Totals]]:
        total = amount(plan.totals, name)
        heading, short = TOTALS_HEADINGS.get(name, (name.capitalize(), ""))
        return Column(heading, lambda row: _share_bar(amount(row[1], name), total, width), short)

    columns: list[Column[tuple[str, Totals]]] = [
        Column("Mix", lambda row: row[0], min_width=8),
        *totals_columns(("creators",), lambda row: row[1], plan.roster.currency),
        *map(share, SHARES),
    ]
    return table(columns, list(plan.mix.items()), screen, wide=MEDIUM)


def _share_bar(part: int, total: int, width: int) -> Text:
    share = part / total if total else 0.0
    return Text.assemble((bar(share, width), "cyan"), f" {format_percent(share):>4}")


def _rules(plan: Plan, screen: Screen) -> Iterator[RenderableType]:
    currency, prices = plan.roster.currency, {price.label: price for price in plan.rule_prices}
    columns: list[Column[RuleUse]] = [
        Column("Rule", lambda rule: rule.label, min_width=30, share=3, wrap=True),
        Column("used", lambda rule: format_used(rule, currency)),
        Column("allowed", lambda rule: format_allowed(rule, currency)),
        Column("", lambda rule: Text(describe_binding(rule), style="yellow" if rule.beyond else "")),
    ]
    if prices:

        def price(rule: RuleUse) -> str:
            return format_rule_price(plan, prices.get(rule.label.removesuffix(GROSS_SUFFIX)))

        columns.append(Column("dropping it would bring", price, min_width=12, share=2, wrap=True))
    return table(columns, plan.rules, screen)

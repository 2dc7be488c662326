"""A plan as a table for a person: picks by tier, the mix, the rules, what is unspent, and the proof."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace
from rich.console import RenderableType
from rich.text import Text

from microopt.campaign.metrics import NET_REACH
from microopt.files.reading import source_name
from microopt.plan.expected_spend import can_decline
from microopt.plan.plan import Plan, Totals
from microopt.quantities.parse_and_format import format_floor, format_percent
from microopt.quantities.records import column_of, some_have
from microopt.quantities.tables import values_of
from microopt.rendering.terminal.fallbacks import fallback_parts
from microopt.rendering.terminal.pick_rows import PickRow, pick_rows
from microopt.rendering.terminal.replan import replan_parts
from microopt.rendering.terminal.screen import ACCENT, WARNING, Screen, bar, cell, first_fitting, message_lines
from microopt.rendering.terminal.table import Column, figure, table, totals_columns
from microopt.rendering.wording.acceptance import CHANCE_HEADING
from microopt.rendering.wording.costs import CostLine, cost_cells, cost_lines
from microopt.rendering.wording.high_fees import fee_multiple
from microopt.rendering.wording.pick_notes import pick_notes
from microopt.rendering.wording.plan_figures import (
    TOTALS_HEADINGS,
    cost_heading,
    format_budget,
    format_offer,
    format_total,
    platform_label,
)
from microopt.rendering.wording.plan_head import format_likely_range, plan_head
from microopt.rendering.wording.plan_sentences import plan_sentences, short_sentences
from microopt.rendering.wording.rules import WITHOUT_RULE, RuleRow, rule_rows
from microopt.rendering.wording.suspicion import fee_sentences

MEDIUM, WIDE, WIDEST = 60, 130, 150
BAR_WIDTHS = {100: 12, MEDIUM: 7, 0: 2}  # by width of the narrowest screen
NAME_WIDTH, OFFER_WIDTH = 20, 16  # characters of a name that are shown while another column can go
WITHOUT_RULE_WIDTH = 100  # below this width, what a plan would gain without a rule stands below it
SHARES = ("spend", "engagements", "conversions")
# Columns that leave a narrow screen, the first to go with the highest number; the return on spend always stays.
PRIORITIES = {
    "usual": 10,
    "chance": 9,
    "likely": 8,
    "cpm": 7,
    "impressions": 6,
    "niche": 5,
    "cpe": 4,
    "reach": 3,
    "cpa": 2,
    "tier": 1,
}


def plan_table(plan: Plan, screen: Screen, *, details: bool = False, file: str | None = None) -> str:
    """Return the plan as text; with `details` also all warnings, the tiers' sizes and how it was proven.

    Parameters
    ----------
    file
        The JSON file of the plan, which the commands that are advised read; None if there is none.
    """
    return screen.render(*plan_parts(plan, screen, details=details, file=file))


def plan_parts(plan: Plan, screen: Screen, *, details: bool = False, file: str | None = None) -> list[RenderableType]:
    """Return the parts of the plan's text from top to bottom: the answer first."""
    fees = list(fee_sentences(plan.suspicions, creators=plan.roster.considered))
    parts: list[RenderableType] = [
        *message_lines(plan_head(plan)),
        *message_lines(fees),
        "",
        *_heading(plan, screen, details=details),
        *replan_parts(plan, screen),
        *(_bought(plan, screen) if plan.picks else ()),
    ]
    if rules := list(rule_rows(plan, each_wave=details)):
        parts += ["", *_rules(rules, screen)]
    parts += fallback_parts(plan, screen, file)
    sentences = (
        plan_sentences(plan, after_head=True)
        if details
        else short_sentences(plan, told=sum(text.startswith("Warning:") for _, text in fees))
    )
    lines = list(message_lines(sentences))
    return [*parts, "", *lines] if lines else parts


def _bought(plan: Plan, screen: Screen) -> Iterator[RenderableType]:
    """Yield what is bought, what is paid for it, and the tiers."""
    yield from _picks(plan, screen)
    yield from _costs(plan, screen)
    if plan.by_wave:
        from microopt.rendering.terminal.waves import wave_parts  # only plans with a calendar need it

        yield from wave_parts(plan, screen)
    yield ""
    yield from _mix(plan, screen)


def _heading(plan: Plan, screen: Screen, *, details: bool) -> Iterator[Text]:
    """Yield what was planned: in one line, without the least important facts where they do not fit, or all of it."""
    roster, campaign = plan.roster, plan.campaign
    filtered = f" ({roster.filtered:,} filtered out)" if roster.filtered else ""
    name, source = campaign.name or "", source_name(roster.source.path)
    creators = f"{roster.creators:,} creators"
    budget = format_budget(plan)
    terms = f"{budget} · goal {campaign.goal.name}"
    full = (name, source, creators + filtered, terms)
    choices = (full, (name, source, creators, terms), (name, creators, terms), (name, terms), (name, budget))
    titles = [" · ".join(filter(None, parts)) for parts in choices]
    yield cell(titles[0], "dim") if details else first_fitting([*titles, budget], screen)
    if details:
        bands = campaign.tiers
        edges = [format_floor(floor) for floor in bands.floors]
        spans = [f"{name} {low}-{high}" for name, low, high in zip(bands.names, edges, edges[1:], strict=False)]
        yield cell(" · ".join([*spans, f"{bands.names[-1]} {edges[-1]}+"]), "dim")


def _picks(plan: Plan, screen: Screen) -> Iterator[RenderableType]:
    """Yield the picks by tier, their totals, and notes on them."""
    rows = pick_rows(plan)
    yield from table(
        [*_name_columns(plan), *_figure_columns(plan)],
        rows,
        screen,
        wide=WIDE,
        gap=1,
        style=lambda row: "" if row.pick else "bold" if row is rows[-1] else "dim",
    )
    all_shown = not any(row.label and row is not rows[-1] for row in rows)
    yield from (Text(note, style="dim") for note in pick_notes(plan, all_shown=all_shown))


def _name_columns(plan: Plan) -> list[Column[PickRow]]:
    """Return the columns of text, without those that no pick fills."""

    def creator(row: PickRow) -> str:
        return row.pick.creator if row.pick else row.label

    def tier(row: PickRow) -> str:
        return row.pick.tier.capitalize() if row.pick else ""

    def offer(row: PickRow) -> str:
        return f"{platform_label(row.pick.platform)} {format_offer(row.pick)}".strip() if row.pick else ""

    def niche(row: PickRow) -> str:
        return ", ".join(row.pick.niche) or "-" if row.pick else ""

    columns = [
        Column("Creator", creator, min_width=NAME_WIDTH, share=3),
        Column("Tier", tier, min_width=5, max_width=12, share=1, priority=PRIORITIES["tier"]),
    ]
    if some_have(plan.picks, "platform") or some_have(plan.picks, "offer") or _has_several_units(plan):
        columns.append(Column("Post", offer, min_width=OFFER_WIDTH, share=2))
    if some_have(plan.picks, "niche"):
        columns.append(Column("Niche", niche, min_width=12, share=1, priority=PRIORITIES["niche"]))
    return columns


def _has_several_units(plan: Plan) -> bool:
    return bool(plan.by_wave) or max(values_of(column_of(plan.picks, "units")), default=1) > 1


def _figure_columns(plan: Plan) -> list[Column[PickRow]]:
    currency = plan.roster.currency

    def cost(row: PickRow) -> str:
        return ("~" if row.pick and row.pick.fee_estimated else "") + format_total("cost", row.totals, currency)

    def likely(row: PickRow) -> str:
        own = row.pick.likely if row.pick else plan.likely if row.totals is plan.totals else {}
        return format_likely_range(own["engagements"]) if "engagements" in own else ""

    def times_usual(row: PickRow) -> str:
        multiple = fee_multiple(row.pick) if row.pick else None
        return "" if multiple is None else f"{multiple:.1f}x"

    def chance(row: PickRow) -> str:
        return format_percent(float(1 if row.pick.acceptance is None else row.pick.acceptance)) if row.pick else ""

    names = ["reach", "impressions", "engagements", "conversions", "cpe", "cpa", "cpm"]
    if plan.totals.revenue is not None:
        names.append("roas")
    if plan.totals.profit is not None:
        names.append("profit")
    stays = {"reach": 0} if plan.campaign.goal.name in ("reach", NET_REACH) else {}
    priorities = PRIORITIES | stays
    results: list[Column[PickRow]] = totals_columns(names, lambda row: row.totals, currency, priorities=priorities)
    reach, *others = results
    place = names.index("engagements")
    return [
        figure(cost_heading(plan), cost),
        figure("vs usual", times_usual, from_width=WIDEST, priority=PRIORITIES["usual"]),
        *(
            [figure(CHANCE_HEADING, chance, from_width=WIDEST, priority=PRIORITIES["chance"])]
            if can_decline(plan)
            else []
        ),
        replace(reach, heading=reach.short_heading),
        *others[:place],
        figure("Likely (80%)", likely, from_width=WIDEST, priority=PRIORITIES["likely"]),
        *others[place:],
    ]


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
        Column("Mix", lambda row: row[0].capitalize(), min_width=8),
        *totals_columns(("creators",), lambda row: row[1], plan.roster.currency),
        *map(share, SHARES),
    ]
    return table(columns, list(plan.mix.items()), screen, wide=MEDIUM)


def _share_bar(part: int, total: int, width: int) -> Text:
    share = part / total if total else 0.0
    return Text.assemble((bar(share, width), ACCENT), f" {_whole_percent(share):>4}")


def _whole_percent(share: float) -> str:
    return "<1%" if 0 < share < 0.005 else ">99%" if 0.995 <= share < 1 else f"{share:.0%}"


def _rules(rules: list[RuleRow], screen: Screen) -> Iterator[RenderableType]:
    columns: list[Column[RuleRow]] = [
        Column("Rule", lambda rule: rule.label, min_width=30, share=3, wrap=True),
        Column("used", lambda rule: rule.used),
        Column("allowed", lambda rule: rule.allowed),
        Column("", lambda rule: Text(rule.room or "", style=WARNING if rule.violated else "")),
    ]
    if screen.width >= WITHOUT_RULE_WIDTH and any(rule.without for rule in rules):
        columns.append(Column(WITHOUT_RULE, lambda rule: rule.without, min_width=12, share=2, wrap=True))

    def gain_below(rule: RuleRow) -> list[str]:
        return [f"Without it: {rule.without}"] if screen.width < WITHOUT_RULE_WIDTH and rule.without else []

    return table(columns, rules, screen, details=gain_below)

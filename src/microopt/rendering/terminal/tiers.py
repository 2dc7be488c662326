"""A comparison of tiers for a person: each tier alone against the mix, and smaller creators against large ones."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from msgspec import Struct
from rich.console import RenderableType
from rich.text import Text

from microopt.analysis.tiers.compare import Comparison, TierPlan
from microopt.analysis.tiers.substitutes import BundleTotals, SubstituteBundle, Substitutes
from microopt.campaign.goals import LEAST_COST
from microopt.plan.plan import Plan, Totals
from microopt.quantities.parse_and_format import format_percent
from microopt.rendering.sanitize import plain_text
from microopt.rendering.terminal.screen import ACCENT, WARNING, Screen, cell, first_fitting, message_lines
from microopt.rendering.terminal.table import Column, figure, table
from microopt.rendering.wording.plan_figures import (
    TOTALS_HEADINGS,
    format_budget,
    format_offer,
    format_ratio,
    format_total,
    format_value,
    score_heading,
    score_meaning,
    study_headings,
)
from microopt.rendering.wording.tiers import (
    bundle_rules_sentence,
    bundle_score_legend,
    missing_plan_sentences,
    required_creators_sentence,
    tier_plan_name,
    tiers_head,
    tiers_sentences,
)

SHOWN = 10
WIDE, WIDEST = 90, 110
NAME_WIDTH = 20  # characters of a creator's name that are shown while another column can go
# Columns that leave a narrow screen, the first to go with the highest number.
PRIORITIES = {"cpa": 8, "cpe": 7, "impressions": 6, "score": 5, "reach": 4, "creators": 3, "conversions": 2}
FIGURES = ("creators", "cost", "reach", "impressions", "engagements", "conversions", "cpe", "cpa")
WIDE_ONLY = dict.fromkeys(("impressions", "cpe", "cpa"), WIDEST)


class _Line(Struct, frozen=True, kw_only=True):
    """A line of a table: a plan or a bundle of picks, or how many times as much one brings as another.

    Attributes
    ----------
    ratios
        By name of a figure, what stands in place of the totals.
    remark
        The last column: the share of the mix, or a doubt.
    """

    name: str
    totals: Totals | None = None
    ratios: dict[str, str] | None = None
    value: str = "-"
    remark: str = ""
    style: str = ""


def tiers_table(comparison: Comparison, screen: Screen) -> str:
    """Return the comparison as text."""
    parts: list[RenderableType] = [
        *message_lines(tiers_head(comparison)),
        "",
        study_title(comparison.mix, screen),
        *_tiers(comparison, screen),
    ]
    if comparison.substitutes is not None:
        parts += ["", *_substitutes(comparison, comparison.substitutes, screen)]
    return screen.render(*parts, "", *message_lines(tiers_sentences(comparison)))


def study_title(plan: Plan, screen: Screen) -> Text:
    """Return the line that names the campaign and the roster of a result."""
    facts = (f"{plan.roster.creators:,} creators", format_budget(plan), f"goal {plan.campaign.goal.name}")
    return first_fitting(study_headings(plan.campaign, plan.roster.source.path, *facts), screen)


def _tiers(comparison: Comparison, screen: Screen) -> Iterator[RenderableType]:
    """Yield the table of plans, and below it why some tiers have none."""
    mix, goal = comparison.mix, comparison.mix.campaign.goal
    at_least_cost = goal.name == LEAST_COST
    value = format_value(mix.proof.objective, goal, mix.roster.currency)
    full_share = "1.00x" if at_least_cost else "100%"
    lines = [_tier_line(tier_plan_name(tier), plan, tier, mix) for tier in comparison.tiers if (plan := tier.own_plan)]
    without = comparison.without_largest
    if without is not None and without.own_plan is not None:
        lines.append(_tier_line(f"Without {without.tier}", without.own_plan, without, mix))
    lines.append(_Line(name="Mix of all", totals=mix.totals, value=value, remark=full_share, style="bold"))
    title = "At the least cost" if at_least_cost else "At equal budget"
    remark = "By mix" if at_least_cost else "Of mix"
    meaning = score_meaning(mix.campaign)
    legend = f"{score_heading(goal)}: {meaning}." if meaning else ""
    yield from _lines_table(title, score_heading(goal), remark, lines, mix.roster.currency, screen, legend=legend)
    yield from (cell(sentence, WARNING) for sentence in missing_plan_sentences(comparison))
    if mix.campaign.include:
        yield cell(required_creators_sentence(mix), "dim")


def _tier_line(name: str, plan: Plan, tier: TierPlan, mix: Plan) -> _Line:
    goal, share = mix.campaign.goal, tier.share_of_mix
    share_text = "-" if share is None else _times(share) if goal.name == LEAST_COST else format_percent(float(share))
    mark = "" if tier.status == "optimal" else "~"
    value = mark + format_value(plan.proof.objective, goal, mix.roster.currency)
    return _Line(name=name, totals=plan.totals, value=value, remark=share_text)


def _substitutes(comparison: Comparison, substitutes: Substitutes, screen: Screen) -> Iterator[RenderableType]:
    """Yield three lines for each large creator: the creator, smaller ones, how many times as much they bring."""
    examined, missed = substitutes.creators, substitutes.not_examined
    lines = [line for bundle in examined[:SHOWN] for line in _bundle_lines(comparison.mix, bundle)]
    if lines:
        title = plain_text(f"For the price of one {substitutes.tier} creator")
        score = score_heading(comparison.mix.campaign.goal)
        if comparison.mix.campaign.goal.name == LEAST_COST:
            score = "Score"
        legend = bundle_score_legend(comparison.mix, examined[:SHOWN])
        yield from _lines_table(title, score, "", lines, comparison.mix.roster.currency, screen, legend=legend)
    if len(examined) > SHOWN:
        rest = len(examined) - SHOWN
        yield Text(f"… and {rest:,} more: add -o compare.json for all of them.", style="dim")
    if missed:
        names = ", ".join(missed[:5]) + (", …" if len(missed) > 5 else "")
        yield cell(f"Not looked at, because the time was up: {len(missed):,} ({names}).", WARNING)
    yield cell(bundle_rules_sentence(comparison), "dim")


def _bundle_lines(mix: Plan, bundle: SubstituteBundle) -> Iterator[_Line]:
    large, small = bundle.large, bundle.small
    offers = ", ".join(filter(None, map(format_offer, large.picks)))
    name = f"{large.picks[0].creator} {offers}".strip()
    yield _Line(name=name, totals=large.totals, value=_bundle_value(large, mix), style=ACCENT)
    if small is None:
        yield _Line(name="  none found in time", style=WARNING)
        return
    doubt = "" if bundle.status == "optimal" else f"within {bundle.gap:.1%}"
    name = "  smaller, not in mix" if bundle.in_mix else "  smaller creators"
    yield _Line(name=name, totals=small.totals, value=_bundle_value(small, mix), remark=doubt)
    ratios = {name: _times(bundle.times(name)) for name in ("reach", "impressions", "engagements", "conversions")}
    ratios["cost"] = _times(Fraction(small.totals.spend, large.totals.spend) if large.totals.spend else None)
    value = _times(small.objective / large.objective if large.objective > 0 else None)
    yield _Line(name="  ratio", ratios=ratios, value=value, style="dim")


def _bundle_value(bundle: BundleTotals, mix: Plan) -> str:
    if mix.campaign.goal.name == LEAST_COST:
        return f"{float(bundle.objective):.3f}"
    return format_value(bundle.objective, mix.campaign.goal, mix.roster.currency)


def _times(ratio: Fraction | None) -> str:
    return "-" if ratio is None else f"{format_ratio(ratio)}x"


def _lines_table(
    title: str, value: str, remark: str, lines: list[_Line], currency: str, screen: Screen, *, legend: str = ""
) -> Iterator[RenderableType]:
    def total(name: str) -> Column[_Line]:
        def text(line: _Line) -> str:
            if line.totals is not None:
                return format_total(name, line.totals, currency)
            return "-" if line.ratios is None else line.ratios.get(name, "")

        heading, short = TOTALS_HEADINGS[name]
        own, from_width = PRIORITIES.get(name, 1), WIDE_ONLY.get(name, 0)
        return figure(heading, text, short_heading=short, priority=own, from_width=from_width)

    columns = [Column(title, lambda line: line.name, min_width=NAME_WIDTH), *map(total, FIGURES)]
    if value:
        columns.append(figure(value, lambda line: line.value, priority=PRIORITIES["score"], legend=legend))
    columns.append(figure(remark, lambda line: line.remark))
    return table(columns, lines, screen, wide=WIDE, style=lambda line: line.style)

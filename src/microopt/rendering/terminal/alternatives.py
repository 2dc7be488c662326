"""Alternatives for a person: each plan with who is exchanged, then how many plans each creator is in."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from msgspec import Struct
from rich.console import RenderableType
from rich.text import Text

from microopt.analysis.alternatives import Alternatives, CreatorFrequency
from microopt.campaign.earnings import PROFIT
from microopt.campaign.goals import LEAST_COST
from microopt.plan.plan import Plan
from microopt.quantities.parse_and_format import format_names
from microopt.rendering.terminal.screen import ACCENT, Screen, bar, cell, message_lines
from microopt.rendering.terminal.table import Column, figure, table, totals_columns
from microopt.rendering.terminal.tiers import study_title
from microopt.rendering.wording.alternatives import (
    alternatives_head,
    alternatives_sentences,
    comparison_meaning,
    creators_in_every_plan,
    describe_swaps,
    format_share_of_best,
)
from microopt.rendering.wording.plan_figures import format_value, score_heading

MAX_COMMON_NAMES = 40  # of creators who are in every plan
SHOWN = 20  # creators who are in some of the plans
NAME_WIDTH = 20  # characters of a creator's name that are shown while another column can go
WIDEST = 110
LEAST_BAR = 64  # columns of a screen that has room for bars
BAR_WIDTH = 12
INDENT = 6  # columns before who is exchanged
FIGURES = ("creators", "cost", "reach", "impressions", "engagements", "conversions", "cpe", "cpa")
WIDE_ONLY = dict.fromkeys(("reach", "impressions", "cpe", "cpa"), WIDEST)


class _PlanLine(Struct, frozen=True, kw_only=True):
    """A plan: its name, its share of the best, and who is exchanged."""

    name: str
    plan: Plan
    share: str
    swaps: str = ""


def alternatives_table(alternatives: Alternatives, screen: Screen) -> str:
    """Return alternatives as text."""
    parts: list[RenderableType] = [
        *message_lines(alternatives_head(alternatives)),
        "",
        study_title(alternatives.best, screen),
        *_plans(alternatives, screen),
    ]
    if alternatives.plans:
        parts += ["", *_creators(alternatives, screen)]
    sentences = list(message_lines(alternatives_sentences(alternatives)))
    return screen.render(*parts, *([""] if sentences else []), *sentences)


def _plans(alternatives: Alternatives, screen: Screen) -> Iterator[RenderableType]:
    """Yield a line for each plan, and below it who is exchanged."""
    best = alternatives.best
    goal, currency = best.campaign.goal, best.roster.currency
    at_least_cost = goal.name == LEAST_COST
    lines = [_PlanLine(name="Best", plan=best, share="-" if at_least_cost else "100%")]
    for number, alternative in enumerate(alternatives.plans, 1):
        share, swaps = format_share_of_best(alternative, best), describe_swaps(alternative)
        lines.append(_PlanLine(name=str(number), plan=alternative.plan, share=share, swaps=swaps))
    from_width = {name: width for name, width in WIDE_ONLY.items() if name != goal.name}
    columns: list[Column[_PlanLine]] = [
        Column("Plan", lambda line: line.name),
        *totals_columns(FIGURES, lambda line: line.plan.totals, currency, priority=1, from_width=from_width),
    ]
    if (heading := score_heading(goal)) and goal.name != "balanced":  # whose score says nothing to a person

        def value(line: _PlanLine) -> str:
            profit = line.plan.totals.profit if goal.name == PROFIT else None  # without what soft rules cost
            amount = line.plan.proof.objective if profit is None else Fraction(profit, 100)
            return format_value(amount, goal, currency)

        columns.append(figure(heading, value, priority=1))

    def share_of_best(line: _PlanLine) -> str:
        return ("" if line.plan.proof.status == "optimal" else "~") + line.share

    columns.append(figure("More" if at_least_cost else "Of best", share_of_best))
    yield from table(
        columns,
        lines,
        screen,
        style=lambda line: "" if line.swaps else f"bold {ACCENT}",
        details=lambda line: filter(None, [line.swaps]),
        indent=INDENT,
    )
    yield Text(comparison_meaning(goal), style="dim")


def _creators(alternatives: Alternatives, screen: Screen) -> Iterator[RenderableType]:
    """Yield who is in every plan, in a line, and a table of who is in some."""
    always = creators_in_every_plan(alternatives)
    names = format_names([creator.creator for creator in always], MAX_COMMON_NAMES) if always else "nobody"
    yield Text.assemble((f"In every plan ({len(always):,}): ", "bold"), cell(names))
    sometimes = [creator for creator in alternatives.creators if len(creator.plans) <= len(alternatives.plans)]
    if sometimes:
        yield ""
        yield from _frequencies(sometimes[:SHOWN], len(alternatives.plans) + 1, screen)
    if len(sometimes) > SHOWN:
        more = f"… and {len(sometimes) - SHOWN:,} more: add -o alternatives.json for all of them."
        yield Text(more, style="dim")


def _frequencies(creators: list[CreatorFrequency], plans: int, screen: Screen) -> Iterator[RenderableType]:
    def frequency(creator: CreatorFrequency) -> Text:
        remark = "" if creator.plans[0] == 0 else " not in the best plan"
        return Text.assemble((bar(len(creator.plans) / plans, BAR_WIDTH), ACCENT), (remark, "dim"))

    columns: list[Column[CreatorFrequency]] = [
        Column("In some plans", lambda creator: creator.creator, min_width=NAME_WIDTH),
        Column("Tier", lambda creator: creator.tier, min_width=4, max_width=8, share=100, priority=1),
        figure("Plans", lambda creator: f"{len(creator.plans):,} of {plans:,}"),
        Column("", frequency, from_width=LEAST_BAR),
    ]
    return table(columns, creators, screen)

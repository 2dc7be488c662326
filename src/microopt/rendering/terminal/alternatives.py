"""Alternatives for a person: each plan with who is exchanged, then how many plans each creator is in."""

from __future__ import annotations

from collections.abc import Iterator
from math import floor

from msgspec import Struct
from rich.console import RenderableType
from rich.text import Text

from microopt.analysis.alternatives import Alternative, Alternatives, CreatorFrequency, StopReason
from microopt.campaign.campaign import Goal
from microopt.campaign.goals import LEAST_COST
from microopt.plan.difference import Difference
from microopt.plan.plan import Plan
from microopt.quantities.parse_and_format import format_names
from microopt.rendering.terminal.screen import Screen, bar, cell, message_lines
from microopt.rendering.terminal.table import Column, figure, table, totals_columns
from microopt.rendering.terminal.tiers import study_title
from microopt.rendering.wording.full_stop import end_sentence
from microopt.rendering.wording.limits import LIMITS
from microopt.rendering.wording.plan_figures import (
    count_creators,
    format_value,
    join_words,
    value_heading,
)
from microopt.rendering.wording.tiers import benchmark_sentences

MAX_NAMES = 12  # of creators in one line of a plan
MAX_COMMON_NAMES = 40  # of creators who are in every plan
MORE_TIME = " More time: --time-limit 300."
SHOWN = 20  # creators who are in some of the plans
WIDEST = 110
LEAST_BAR = 64  # columns of a screen that has room for bars
BAR_WIDTH = 12
INDENT = 6  # columns before who is exchanged
# Goals whose value is one of the other columns, or says nothing to a person.
GOALS_WITHOUT_VALUE = ("balanced", "engagement", "conversions", LEAST_COST)
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
    parts: list[RenderableType] = [study_title(alternatives.best), "", *_plans(alternatives, screen)]
    if alternatives.plans:
        parts += ["", *_creators(alternatives, screen)]
    return screen.render(*parts, "", *message_lines(alternatives_sentences(alternatives), facts="bold"))


def _plans(alternatives: Alternatives, screen: Screen) -> Iterator[RenderableType]:
    """Yield a line for each plan, and below it who is exchanged."""
    best = alternatives.best
    goal, currency = best.campaign.goal, best.roster.currency
    at_least_cost = goal.name == LEAST_COST
    lines = [_PlanLine(name="Best", plan=best, share="-" if at_least_cost else "100%")]
    for number, alternative in enumerate(alternatives.plans, 1):
        share, swaps = format_share_of_best(alternative, best), describe_swaps(alternative)
        lines.append(_PlanLine(name=str(number), plan=alternative.plan, share=share, swaps=swaps))
    columns: list[Column[_PlanLine]] = [
        Column("Plan", lambda line: line.name),
        *totals_columns(FIGURES, lambda line: line.plan.totals, currency, priority=1, from_width=WIDE_ONLY),
    ]
    if goal.name not in GOALS_WITHOUT_VALUE:

        def value(line: _PlanLine) -> str:
            return format_value(line.plan.proof.objective, goal, currency)

        columns.append(figure(value_heading(goal), value, priority=1))

    def share_of_best(line: _PlanLine) -> str:
        return ("" if line.plan.proof.status == "optimal" else "~") + line.share

    columns.append(figure("More" if at_least_cost else "Of best", share_of_best))
    yield from table(
        columns,
        lines,
        screen,
        style=lambda line: "" if line.swaps else "bold cyan",
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
        more = f"… and {len(sometimes) - SHOWN:,} more: --format json, or -o alternatives.json, has them all"
        yield Text(more, style="dim")


def _frequencies(creators: list[CreatorFrequency], plans: int, screen: Screen) -> Iterator[RenderableType]:
    def frequency(creator: CreatorFrequency) -> Text:
        text = Text(bar(len(creator.plans) / plans, BAR_WIDTH), style="cyan")
        return text.append("" if creator.plans[0] == 0 else " not in the best", "dim")

    columns: list[Column[CreatorFrequency]] = [
        Column("In some plans", lambda creator: creator.creator, min_width=12),
        Column("Tier", lambda creator: creator.tier, min_width=4, max_width=8, share=100),
        figure("Plans", lambda creator: f"{len(creator.plans):,} of {plans:,}"),
        Column("", frequency, from_width=LEAST_BAR),
    ]
    return table(columns, creators, screen)


def format_loss(change: Difference, best: Plan) -> str:
    """Return how a plan compares with the best, as a predicate: `brings 1.2% less`, `costs $120 more`."""
    goal = best.campaign.goal
    verb = "costs" if goal.name == LEAST_COST else "brings"
    if not change.objective:
        return f"{verb} as much"
    more = "more" if change.objective > 0 else "less"
    if goal.name == LEAST_COST or change.share is None:
        return f"{verb} {format_value(abs(change.objective), goal, best.roster.currency)} {more}"
    return f"{verb} {_format_small_share(abs(float(change.share)))} {more}"


def format_share_of_best(alternative: Alternative, best: Plan) -> str:
    """Return a plan's share of the best value, or its extra cost; rounded down, so that only an equal plan has 100%."""
    change, goal = alternative.change, best.campaign.goal
    if goal.name == LEAST_COST:
        return (
            f"{'-' if change.objective < 0 else '+'}{format_value(abs(change.objective), goal, best.roster.currency)}"
        )
    if alternative.share_of_best is None:
        return "-"
    hundredths = floor(alternative.share_of_best * 10_000)
    return f"{hundredths // 100}%" if not hundredths % 100 else f"{hundredths / 100:.2f}%"


def describe_swaps(alternative: Alternative) -> str:
    """Return which creators replace which creators of the best plan."""
    added, dropped = (
        format_names(creators, MAX_NAMES) for creators in (alternative.change.added, alternative.change.dropped)
    )
    swaps = (
        [f"instead of {dropped}: {added}" if added else f"without {dropped}"]
        if dropped
        else [f"with {added}"]
        if added
        else []
    )
    swaps += [f"another offer of {format_names(alternative.swapped, MAX_NAMES)}"] if alternative.swapped else []
    return "; ".join(swaps)


def comparison_meaning(goal: Goal) -> str:
    """Return what the last column of the plans means."""
    if goal.name == LEAST_COST:
        return "More: what a plan costs beyond the best, which meets the targets for the least."
    measure = "engagements and conversions, as the balanced goal adds them" if goal.name == "balanced" else "the goal"
    return f"Of best: what a plan brings of {measure}, by what the best plan brings."


def creators_in_every_plan(alternatives: Alternatives) -> list[CreatorFrequency]:
    """Return the creators that every plan includes."""
    return [creator for creator in alternatives.creators if len(creator.plans) == len(alternatives.plans) + 1]


def alternatives_sentences(alternatives: Alternatives) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): `fact`, `proof`, `doubt`, `note`, `warning`."""
    yield from (("fact", sentence) for sentence in (*_losses(alternatives), *_retention(alternatives)))
    if alternatives.stop_reason is StopReason.EXHAUSTED:
        yield "fact", _exhausted(alternatives)
    yield from _proof(alternatives)
    yield from benchmark_sentences(alternatives.best, "the best plan's", "the others")
    yield from (("warning", f"Warning: {end_sentence(warning)}") for warning in alternatives.warnings)


def _losses(alternatives: Alternatives) -> Iterator[str]:
    if not alternatives.plans:
        return
    first, last = alternatives.plans[0].change, alternatives.plans[-1].change
    compared = f"{'than' if first.objective else 'as'} the best plan"
    if len(alternatives.plans) == 1:
        yield f"The alternative {format_loss(first, alternatives.best)} {compared}."
        return
    worst = f"alternative {len(alternatives.plans):,} {format_loss(last, alternatives.best)}"
    yield f"Alternative 1 {format_loss(first, alternatives.best)} {compared}, {worst}."


def _retention(alternatives: Alternatives) -> Iterator[str]:
    """Yield how many creators of the best plan are in every other plan, and how many in none."""
    plan_counts = [len(creator.plans) for creator in alternatives.creators if creator.plans[0] == 0]
    if not alternatives.plans or not plan_counts:
        return
    creators, always, never = len(plan_counts), plan_counts.count(len(alternatives.plans) + 1), plan_counts.count(1)
    if len(alternatives.plans) == 1:
        yield f"{always:,} of the best plan's {count_creators(creators)} {_are(always)} in the alternative too."
        return
    in_every_plan = f"{always:,} of the best plan's {count_creators(creators)} {_are(always)} in every alternative"
    yield f"{in_every_plan}, {never:,} in none of them." if never else f"{in_every_plan}."


def _exhausted(alternatives: Alternatives) -> str:
    number = len(alternatives.plans)
    count = (
        "is no such plan" if not number else "is only 1 such plan" if number == 1 else f"are only {number:,} such plans"
    )
    why = f"no {'other' if number else 'plan'}{' plan' if number else ''} within these rules"
    each = "the best plan" if not number else "every plan before it"
    hint = " Fewer might do: --differ 1." if alternatives.differ > 1 else ""
    excluded = (
        "enough creators" if alternatives.warnings else count_creators(alternatives.differ)
    )  # where a plan has fewer, all of them
    return f"There {count}: {why} leaves out {excluded} of {each}.{hint}"


def _proof(alternatives: Alternatives) -> Iterator[tuple[str, str]]:
    seconds = f"{alternatives.seconds:.2f} s"
    plans = [("the best plan", alternatives.best)]
    plans += [(f"alternative {number}", alternative.plan) for number, alternative in enumerate(alternatives.plans, 1)]
    unproven = [(name, plan.proof) for name, plan in plans if plan.proof.status != "optimal"]
    if alternatives.stop_reason is StopReason.STOPPED:
        why = f"{LIMITS.get(alternatives.limit or '', 'stopped')} after {seconds}"
        statement = f"Found {len(alternatives.plans):,} of {alternatives.count:,} alternatives ({why})."
        yield "doubt", f"{statement}{'' if unproven else MORE_TIME}"
    if unproven:
        limit = LIMITS.get(next((proof.limit for _, proof in unproven if proof.limit), ""), "stopped")
        yield (
            "doubt",
            f"Not proven (~): {join_words([name for name, _ in unproven])} ({limit}), after {seconds}.{MORE_TIME}",
        )
    elif alternatives.plans:
        condition = f"leave out {count_creators(alternatives.differ)} of every plan before it"
        subject = "These are proven" if alternatives.stop_reason is StopReason.STOPPED else f"All proven in {seconds}"
        yield "proof", f"{subject}: on these forecasts, each is the best of the plans that {condition}."
    else:
        statement = f"The best plan is proven in {seconds}"
        yield "proof", f"{statement}: on these forecasts, no plan within these rules is better."


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _format_small_share(share: float) -> str:
    """Return a share that is often small: 12%, 1.2%, 0.12%."""
    if share < 0.0001:
        return "under 0.01%"
    return f"{share:.0%}" if share >= 0.0995 else f"{share:.1%}" if share >= 0.00995 else f"{share:.2%}"

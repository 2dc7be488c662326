"""The sentences about a plan for the worst outcomes: what it brings there, and the price of that safety."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor
from shlex import quote

from microopt.campaign.campaign import EachRule
from microopt.campaign.metrics import canonical_measure
from microopt.campaign.risk_settings import MOST_SCENARIOS
from microopt.campaign.rule_grammar import parse_rule
from microopt.errors import CampaignError
from microopt.plan.plan import Plan
from microopt.plan.tail import FreshTail, MetricFigures, Tail
from microopt.quantities.parse_and_format import format_bound, format_percent, join_words
from microopt.rendering.wording.near_optimum import UNITS
from microopt.rendering.wording.plan_figures import format_metric, format_share_down, format_value
from microopt.rendering.wording.worst_share import LEAST_SHARE, worst_part, worst_scenarios

LEAST_LOSS = 0.1  # of the worst outcomes of a metric, from which it is a warning
KEPT = Fraction(4, 5)  # of what the plan that is best on average brings of a metric: the floor that is advised
OFTEN = Fraction(9, 10)  # of the draws, from which a rule needs no word
MORE_SCENARIOS = 1_000  # in which a plan mostly brings what it brings in other draws


def tail_sentences(plan: Plan, *, hints: bool) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): what a plan brings in the worst scenarios, and what that costs and gains.

    Parameters
    ----------
    hints
        Whether to say which options make a plan safer that is no safer in other draws.
    """
    tail = plan.tail
    if tail is None:
        return
    yield "fact", f"Planned for {worst_scenarios(tail)} (seed {tail.seed}){_brings(plan, tail)}."
    yield "fact", f"Price of safety: {price_of_safety(plan, tail)}."
    if plan.picks and not _is_means(tail):
        yield from by_metric(tail.metrics_of_means, tail.metrics, _part_of_draws(tail), hints=hints)
    if hints and plan.picks and not _is_means(tail) and not _is_safer(tail):
        yield "warning", f"To be safer in other draws, too, try {_safer(plan, tail)}."
    yield from _weakest_rule(plan, tail.fresh, hints=hints)


def _weakest_rule(plan: Plan, fresh: FreshTail, *, hints: bool) -> Iterator[tuple[str, str]]:
    """Yield which rule of the user often breaks once creators decline and results vary, and what helps."""
    weakest = fresh.weakest_rule
    if weakest is None or weakest.share >= OFTEN:
        return
    can_decline = any(pick.acceptance is not None and pick.acceptance < 1 for pick in plan.picks)
    found = (
        f"{weakest.label} holds in only {format_share_down(weakest.share)} of {fresh.draws:,} other draws"
        f"{' if nobody is replaced' if can_decline else ''}"
    )
    fixes = []
    if _may_have_chance(weakest.label):
        fixes.append(f"plan without --risk and with -r {quote(_with_chance(weakest.label))}")
    if can_decline and not plan.fallbacks:
        fixes.append("have substitutes ready with --fallbacks 3")
    advice = f": {join_words(fixes, 'or')}" if hints and fixes else ""
    yield "warning", f"Warning: {found}{advice}."


def _with_chance(label: str) -> str:
    return f"{label} in {format_bound(OFTEN, True)}"


def _may_have_chance(label: str) -> bool:
    """Whether a rule may ask for a chance."""
    try:
        parse_rule(_with_chance(label))
    except CampaignError:
        return False
    return True


def by_metric(
    of_means: Sequence[MetricFigures], own: Sequence[MetricFigures], where: str, *, hints: bool = True
) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): what safety does to each metric of a balanced goal, whose score adds them up.

    Parameters
    ----------
    of_means, own
        Of the plan that is best on average, and of the safer one; empty for any other goal.
    where
        The draws that bring least of each: `worst tenth of 10,000 other draws`.
    hints
        Whether to say which rule keeps a metric that is given up.
    """
    pairs = [pair for pair in zip(of_means, own, strict=True) if any(each.mean or each.worst for each in pair)]
    if not pairs:
        return
    worst, mean = (
        ", ".join(f"{before.metric} {_change(before, after, name)}" for before, after in pairs)
        for name in ("worst", "mean")
    )
    yield (
        "fact",
        f"By metric, against the plan that is best on average: {worst} (each in its {where}); expected {mean}.",
    )
    for before, after in pairs:
        if after.worst < (1 - LEAST_LOSS) * before.worst:
            yield "warning", f"Warning: {_given_up(before, after, where)}{_floor_hint(before) if hints else ''}."


def _given_up(before: MetricFigures, after: MetricFigures, where: str) -> str:
    """Return how much less of a metric a safer plan brings."""
    less = format_percent(float(1 - after.worst / before.worst))
    text = f"{before.metric} are not safer: {less} fewer in the {where}"
    if after.mean < before.mean:
        text += f", {format_percent(float(1 - after.mean / before.mean))} fewer expected"
    return text


def _floor_hint(of_means: MetricFigures) -> str:
    """Return a rule that keeps most of a metric, which at least the plan that is best on average keeps."""
    least = format_bound(Fraction(floor(of_means.mean * KEPT)), False)
    return f"; to keep more, add -r 'all {of_means.metric} >= {least}'"


def _change(before: MetricFigures, after: MetricFigures, name: str) -> str:
    """Return `26.1k -> 39.5k`."""
    amounts = (round(getattr(each, name) * 1000) for each in (before, after))
    return " -> ".join(format_metric(before.metric, amount) for amount in amounts)


def price_of_safety(plan: Plan, tail: Tail) -> str:
    """Return what safety costs and raises: `costs 4% of the mean, raises the worst tenth of 10,000 other draws by 2%`.

    Both are of the plan that is best on average, and what it raises is counted in draws that neither plan was chosen
    by: the scenarios that a plan was chosen by flatter it.
    """
    if _is_means(tail):
        return f"none, the plan that is best on average is also best in {worst_scenarios(tail)}"
    where, means = _worst_draws(tail), tail.fresh.of_means.worst
    if not plan.picks:
        value = format_value(means, plan.campaign.goal, plan.roster.currency)
        expected = format_value(tail.of_means.mean, plan.campaign.goal, plan.roster.currency)
        return f"all of the {expected} expected of the plan that is best on average, which brings {value} in {where}"
    if not _is_safer(tail):
        less = f"{format_percent(-tail.raises)} less than" if tail.raises <= -LEAST_SHARE else "no more than"
        return f"{_cost(plan, tail)}, but is not safer: {where} brings {less} with the plan that is best on average"
    against = "(against the plan that is best on average)"
    if means <= 0:
        own, other = (
            format_value(each, plan.campaign.goal, plan.roster.currency) for each in (tail.fresh.plan.worst, means)
        )
        return f"{_cost(plan, tail)}, raises {where} from {other} to {own} {against}"
    return f"{_cost(plan, tail)}, raises {where} by {format_percent(tail.raises)} {against}"


def _is_means(tail: Tail) -> bool:
    """Whether the plan of means is as good in every figure, above all where it is the same plan."""
    return tail.plan == tail.of_means and tail.fresh.plan == tail.fresh.of_means


def _is_safer(tail: Tail) -> bool:
    """Whether the plan is better than the plan of means in the worst of other draws, by as much as is told."""
    fresh = tail.fresh
    return tail.raises >= LEAST_SHARE if fresh.of_means.worst else fresh.plan.worst > 0


def _worst_draws(tail: Tail) -> str:
    return f"the {_part_of_draws(tail)}"


def _part_of_draws(tail: Tail) -> str:
    return f"{worst_part(tail)} of {tail.fresh.draws:,} other draws"


def _safer(plan: Plan, tail: Tail) -> str:
    """Return what makes plans safer in other draws than those that they were chosen by."""
    more = min(MOST_SCENARIOS, max(MORE_SCENARIOS, 5 * tail.scenarios))
    if any(isinstance(rule, EachRule) and canonical_measure(rule.measure) == "spend" for rule in plan.campaign.rules):
        return f"--scenarios {more}"
    return f"--scenarios {more}, or a limit such as -r 'each creator spend <= 20% of budget'"


def best_for_worst(plan: Plan) -> str:
    """Return that a plan is best for the worst scenarios, as far as that is proven, without a full stop."""
    assert plan.tail is not None
    where = worst_scenarios(plan.tail)
    if plan.proof.status == "optimal":
        return f"Proven best for {where}"
    value = abs(plan.proof.objective)
    if not value:
        return f"Not proven best for {where}"
    percent = ceil(10_000 * abs(plan.proof.bound - plan.proof.objective) / value) / 100
    return f"Proven best for {where} to within {percent:,.2f}%"


def is_closed_by_gap(plan: Plan) -> bool:
    """Whether a plan for the worst scenarios is proven but for a small gap at which the search ended by itself."""
    return plan.tail is not None and plan.proof.status != "optimal" and plan.proof.limit == "gap"


def _brings(plan: Plan, tail: Tail) -> str:
    """Return what the plan brings there on average."""
    goal, currency = plan.campaign.goal, plan.roster.currency
    figures = (tail.plan.worst, tail.fresh.plan.worst, tail.plan.mean)
    if goal.name == "balanced":
        worst, fresh, mean = (format_value(each, goal, currency) for each in figures)
        return f": a score of {worst} there on average, {fresh} in {_worst_draws(tail)}; {mean} expected in all"
    unit = UNITS.get(goal.name) or ("" if goal.name in ("profit", "worth") else f"of {goal.column or goal.name}")
    worst, fresh, mean = (f"{format_value(each, goal, currency)} {unit}".strip() for each in figures)
    return f": {worst} there on average, {fresh} in {_worst_draws(tail)}; {mean} expected in all"


def _cost(plan: Plan, tail: Tail) -> str:
    score = " score" if plan.campaign.goal.name == "balanced" else ""
    if tail.costs < LEAST_SHARE:
        return f"costs nothing of the mean{score}"
    return f"costs {format_percent(tail.costs)} of the mean{score}"

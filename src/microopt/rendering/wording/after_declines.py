"""The sentences about what a plan brings after declines and substitutes."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil

from microopt.campaign.goals import MONEY_GOALS
from microopt.plan.after_declines import AfterDeclines
from microopt.plan.plan import Plan
from microopt.quantities.parse_and_format import format_money, format_percent
from microopt.rendering.wording.near_optimum import UNITS
from microopt.rendering.wording.plan_figures import format_amount

LEAST_SHARE = 0.0005  # from which a difference is told


def is_chosen_for_declines(plan: Plan) -> bool:
    """Whether a plan brings most after declines, of those that were compared, and another may before them."""
    return plan.is_chosen_for_declines and plan.proof.status != "optimal"


def after_declines_sentences(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): what the plan brings once some have declined, and how it compares."""
    after = plan.after_declines
    if after is None:
        return
    yield "fact", f"After declines and substitutes, {_compared(plan, after)}.{_if_known(after)}"
    if after.rules_kept < after.scenarios:
        kept = f"In {after.rules_kept:,} of the {after.scenarios:,} draws"
        yield "note", f"{kept}, all rules are kept in the end; in the others, too few substitutes accept."


def chosen_sentence(plan: Plan) -> str:
    """Return why a plan was chosen that is not the best one before declines, without its full stop."""
    assert plan.after_declines is not None
    count = plan.after_declines.candidates
    return f"Best of {count} plans by what they bring after declines, not proven best of all"


def before_declines(plan: Plan) -> str:
    """Return how much better a plan may be if nobody is replaced, as a sentence without its full stop."""
    value = abs(plan.proof.objective)
    if not value:
        return "If nobody is replaced, a better plan may exist"
    percent = ceil(10_000 * abs(plan.proof.bound - plan.proof.objective) / value) / 100
    return f"If nobody is replaced, another plan brings at most {percent:,.2f}% more"


def _compared(plan: Plan, after: AfterDeclines) -> str:
    """Return what the plan brings beside the plan of averages, with substitutes and without."""
    value, draws = _format_value(plan, after.value), f"{after.scenarios:,} draws of who accepts"
    alone = _more(after.value, after.of_means_alone) if after.of_means_alone > 0 else ""
    if not after.share:
        brings = "this plan is still the best one found"
        if after.candidates > 1:
            brings = f"this plan still brings the most of the {after.candidates} compared"
        brings += f" ({draws})"
        parts = [value, alone and f"{alone} if nobody is replaced"]
        return f"{brings}: {', '.join(filter(None, parts))}" if any(parts) else brings
    means = f"{_more(after.value, after.of_means)} the plan of averages with the same substitutes"
    least = _format_value(plan, after.of_means_alone)
    nobody = f"{alone} that plan if nobody is replaced{f' ({least} in these draws)' if least else ''}" if alone else ""
    compared = " and ".join(filter(None, [means, nobody]))
    if not value:
        return f"the plan brings {compared}, on average over {draws}"
    return f"the plan brings {value} on average ({draws}): {compared}"


def _if_known(after: AfterDeclines) -> str:
    if not after.value > 0:
        return ""
    share = ceil(max((after.bound - after.value) / after.value, Fraction(0)) * 1000) / 10
    return f" Knowing all answers in advance would bring at most {share:.1f}% more."


def _more(value: Fraction, other: Fraction) -> str:
    change = float((value - other) / abs(other)) if other else 0.0
    if abs(change) < LEAST_SHARE:
        return "as much as"
    return f"{format_percent(abs(change))} {'more' if change > 0 else 'less'} than"


def _format_value(plan: Plan, value: Fraction) -> str:
    """Return a value in the goal's unit, empty for a balanced goal, which has none."""
    goal = plan.campaign.goal
    if goal.name in MONEY_GOALS:
        return format_money(round(value * 100), plan.roster.currency, whole_units=abs(value) >= 100)
    if goal.name == "balanced":
        return ""
    amount = f"{float(value):.1f}" if 0 < value < 10 else format_amount(float(value))
    return f"{amount} {UNITS.get(goal.name) or f'of {goal.column or goal.name}'}"

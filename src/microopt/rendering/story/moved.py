"""What moved between the waves of a calendar since the last plan, and why, in sentences of a language."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.plan.plan import Plan
from microopt.plan.replan_summary import MoveCause, MoveReason
from microopt.rendering.language.language import Language
from microopt.rendering.story.figures import name_of, names_of, write_money


def moved_sentences(plan: Plan, language: Language) -> Iterator[str]:
    """Yield a sentence for each amount that left a wave, in order of time."""
    for each in () if plan.replan is None else plan.replan.moved:
        amount = write_money(language, each.amount, plan.roster.currency)
        source, why = name_of(each.source), "; ".join(_why(cause, language) for cause in each.causes)
        if each.target is None:
            yield language.text("{amount} of {source} is not spent now: {why}.", amount=amount, source=source, why=why)
        else:
            yield language.text(
                "{amount} moved from {source} to {target}: {why}.",
                amount=amount,
                source=source,
                target=name_of(each.target),
                why=why,
            )


def _why(cause: MoveCause, language: Language) -> str:
    count, plural = len(cause.creators), language.plural
    who = names_of(language, cause.creators)
    match cause.reason:
        case MoveReason.DECLINED:
            return plural("{who} declined there", "{who} declined there", count, who=who)
        case MoveReason.CLOSED:
            return plural(
                "{who} has not agreed, and it is too late to book anybody there",
                "{who} have not agreed, and it is too late to book anybody there",
                count,
                who=who,
            )
        case MoveReason.UNAVAILABLE:
            return plural("{who} is no longer available", "{who} are no longer available", count, who=who)
        case MoveReason.BETTER:
            return language.text("the plan is better without {who} there", who=who)
        case MoveReason.LEFT_OUT:
            return plural("{who} is not in the plan there", "{who} are not in the plan there", count, who=who)
        case MoveReason.CHEAPER:
            return plural("{who} costs less there", "{who} cost less there", count, who=who)

"""What moved between the waves of a calendar since the last plan, and why, in sentences of a language."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from microopt.plan.plan import Plan
from microopt.plan.replan_summary import MoveCause, MovedMoney, MoveReason
from microopt.rendering.language.language import Language
from microopt.rendering.story.figures import name_of, names_of, write_money


def moved_sentences(plan: Plan, language: Language) -> Iterator[str]:
    """Yield a sentence for each wave that has less, in order of time."""
    moved = () if plan.replan is None else plan.replan.moved
    for (source, causes), group in groupby(moved, key=lambda each: (each.source, each.causes)):
        why = "; ".join(_why(cause, language) for cause in causes)
        yield _sentence(name_of(source), list(group), why, plan.roster.currency, language)


def _sentence(source: str, moves: list[MovedMoney], why: str, currency: str, language: Language) -> str:
    text, first = language.text, moves[0]
    amount = write_money(language, sum(each.amount for each in moves), currency)
    if len(moves) > 1:
        parts = ", ".join(_part(each, currency, language) for each in moves)
        return text("{amount} left {source} ({parts}): {why}.", amount=amount, source=source, parts=parts, why=why)
    if first.target is None:
        return text("{amount} of {source} is not spent now: {why}.", amount=amount, source=source, why=why)
    target = name_of(first.target)
    return text(
        "{amount} moved from {source} to {target}: {why}.", amount=amount, source=source, target=target, why=why
    )


def _part(move: MovedMoney, currency: str, language: Language) -> str:
    amount = write_money(language, move.amount, currency)
    if move.target is None:
        return language.text("{amount} not spent now", amount=amount)
    return language.text("{amount} to {target}", amount=amount, target=name_of(move.target))


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

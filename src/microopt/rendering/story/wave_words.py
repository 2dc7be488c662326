"""Rules in time in words: in which waves they hold, posts, creators who come back, and days after a post."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from microopt.campaign.wave_rules import When
from microopt.quantities.parse_and_format import Range
from microopt.rendering.language.language import Language


def waves_phrase(when: When, language: Language, plain: Callable[[str], str]) -> str:
    """Return the waves of a rule as they follow `in`: `each wave`, `2027-03`, `the first wave`.

    Parameters
    ----------
    plain
        Returns a name as it can stand in a sentence, or raises.
    """
    text = language.text
    if when.place is not None:
        if when.place > 1:
            return text("wave {number}", number=f"{when.place}")
        return text("the first wave") if when.place == 1 else text("the last wave")
    if when.first is None or when.last is None:
        return text("each wave")
    first, last = plain(when.first), plain(when.last)
    span = first if first == last else text("{first} to {last}", first=first, last=last)
    return text("each wave of {waves}", waves=span) if when.each and first != last else span


def in_waves(sentence: str, when: When | None, language: Language, plain: Callable[[str], str]) -> str:
    """Return a sentence with the waves in which it holds, if it names any."""
    if when is None:
        return sentence
    return language.text("{rule} in {waves}", rule=sentence, waves=waves_phrase(when, language, plain))


def gap_sentence(bounds: Range, number: Callable[[Fraction], str], language: Language) -> str:
    """Return how many waves are from one post of a creator to the next."""
    low, high = bounds.low, bounds.high
    if low is not None and high is not None and low != high:
        return language.text(
            "{low} to {high} waves from one post of a creator to the next", low=number(low), high=number(high)
        )
    ends = [end for end in (low, high) if end is not None]
    count, amount = int(ends[0]), number(ends[0])
    if low == high:
        return language.plural(
            "Exactly {amount} wave from one post of a creator to the next",
            "Exactly {amount} waves from one post of a creator to the next",
            count,
            amount=amount,
        )
    if low is not None:
        return language.plural(
            "At least {amount} wave from one post of a creator to the next",
            "At least {amount} waves from one post of a creator to the next",
            count,
            amount=amount,
        )
    return language.plural(
        "At most {amount} wave from one post of a creator to the next",
        "At most {amount} waves from one post of a creator to the next",
        count,
        amount=amount,
    )


def posts_sentence(amount: str, count: int, language: Language) -> str:
    """Return how many posts each creator has: `At most 1 post per creator`."""
    return language.plural("{amount} post per creator", "{amount} posts per creator", count, amount=amount)


def repeats_sentence(amount: str, group: str, count: int | None, language: Language) -> str:
    """Return how many creators post in at least two waves.

    Parameters
    ----------
    group
        Who they are as a noun in the plural, or empty for everyone.
    count
        For a number of creators; None for a share of them.
    """
    if count is not None and not group:
        return language.plural(
            "{amount} creator with posts in at least two waves",
            "{amount} creators with posts in at least two waves",
            count,
            amount=amount,
        )
    if count is not None:
        return language.text("{amount} {group} with posts in at least two waves", amount=amount, group=group)
    if not group:
        return language.text("{amount} of all creators have posts in at least two waves", amount=amount)
    return language.text("{amount} of the {group} have posts in at least two waves", amount=amount, group=group)


def exclusive_sentence(left: str, right: str, days: int, language: Language) -> str:
    """Return in which waves nobody else posts with a post: those that start up to so many days later.

    Parameters
    ----------
    left, right
        Whose post it is, and who else does not post then; empty for everyone.
    """
    count = language.number(days)
    if not right:
        return language.plural(
            "With a post by {left} in a wave, nobody else posts in waves that start up to {days} day later",
            "With a post by {left} in a wave, nobody else posts in waves that start up to {days} days later",
            days,
            left=left,
            days=count,
        )
    return language.plural(
        "With a post by {left} in a wave, no other {right} post in waves that start up to {days} day later",
        "With a post by {left} in a wave, no other {right} post in waves that start up to {days} days later",
        days,
        left=left,
        right=right,
        days=count,
    )

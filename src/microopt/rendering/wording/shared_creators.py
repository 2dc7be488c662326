"""Who gets whom of several campaigns, and why: a sentence for each creator whom more campaigns want or have."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from microopt.plan.portfolio import Booking, PortfolioPlan, SharedCreator
from microopt.rendering.wording.portfolio import FAIR, names, shown_name
from microopt.rendering.wording.words import ENGLISH_WORDS, Words

MOST_OTHERS = 3  # campaigns that go without a creator and are named


def creator_sentence(shared: SharedCreator, plan: PortfolioPlan, words: Words = ENGLISH_WORDS) -> str:
    """Return to whom a creator goes and what that is worth there and elsewhere: `@a goes to Glow: worth 4.1% ...`."""
    return f"{shown_name(shared.creator)} {creator_reason(shared, plan, words)}"


def creator_reason(shared: SharedCreator, plan: PortfolioPlan, words: Words = ENGLISH_WORDS) -> str:
    """Return the sentence of a creator without its subject, the creator."""
    booked = [each for each in shared.bookings if each.booked]
    others = [each for each in shared.bookings if not each.booked]
    sentences = [_goes(booked, others, words)]
    if shared.discount:
        percent = words.number(float(shared.discount * 100), 2)
        sentences.append(words.text("{percent}% off the fees for booking several campaigns.", percent=percent))
    if _is_worth_more_elsewhere(booked, others, plan) and plan.goal != FAIR and plan.status == "optimal":
        sentences.append(words.text("Together, the campaigns reach the most in this way."))
    return " ".join(sentences)


def creator_limits(shared: SharedCreator, words: Words = ENGLISH_WORDS) -> str:
    """Return what keeps other campaigns from booking a creator, empty where nothing does."""
    return words.text("Limit: {limits}", limits=limits_text(shared)) if shared.limits else ""


def limits_text(shared: SharedCreator) -> str:
    """Return the limits of a creator as the portfolio has them."""
    return "; ".join(shared.limits)


def price_cell(shared: SharedCreator, words: Words = ENGLISH_WORDS) -> str:
    """Return what one more booking of a creator would add, `-` where nobody is kept out."""
    return words.share(shared.price) if shared.price else "-"


def _goes(booked: Sequence[Booking], others: Sequence[Booking], words: Words) -> str:
    elsewhere = _worths(others[:MOST_OTHERS], words)
    signed = [each for each in booked if each.signed]
    if not booked:
        return words.text("goes to none of them: worth {elsewhere}.", elsewhere=elsewhere)
    where = names([each.campaign for each in booked], words)
    if len(signed) == len(booked):
        if not others:
            return words.text("stays with {campaigns}: signed there.", campaigns=where)
        return words.text(
            "stays with {campaigns}: signed there. Worth {elsewhere}.", campaigns=where, elsewhere=elsewhere
        )
    if not any(each.worth for each in (*booked, *others)):  # the solver gave no prices
        return words.text("goes to {campaigns}.", campaigns=where)
    if len(booked) > 1:
        (first, *rest) = booked
        told = _worths([*rest, *others[:MOST_OTHERS]], words)
        return words.text(
            "goes to {campaigns}: worth {share} of its best at {campaign}, {elsewhere}.",
            campaigns=where,
            share=words.share(first.worth),
            campaign=shown_name(first.campaign),
            elsewhere=told,
        )
    worth = words.share(booked[0].worth)
    if not others:
        return words.text("goes to {campaigns}: worth {share} of its best there.", campaigns=where, share=worth)
    return words.text(
        "goes to {campaigns}: worth {share} of its best there, {elsewhere}.",
        campaigns=where,
        share=worth,
        elsewhere=elsewhere,
    )


def _worths(bookings: Sequence[Booking], words: Words) -> str:
    """Return what a creator is worth where: `2.6% at Dew, 1.1% at Zest`."""
    told = [
        words.text("{share} at {campaign}", share=words.share(each.worth), campaign=shown_name(each.campaign))
        for each in bookings
    ]
    return ", ".join(told)


def _is_worth_more_elsewhere(booked: Sequence[Booking], others: Sequence[Booking], plan: PortfolioPlan) -> bool:
    """Whether a campaign goes without a creator who is worth more to it than to one that is not bound by a contract."""
    weights = {each.name: each.weight for each in plan.campaigns}
    free = [_weighted(each, weights) for each in booked if not each.signed]
    return bool(free and others) and max(_weighted(each, weights) for each in others) > min(free)


def _weighted(booking: Booking, weights: dict[str, Fraction]) -> Fraction:
    return booking.worth * weights.get(booking.campaign, Fraction(1))

"""What is said of a creator's posts in waves: for which a fee is the highest, and up to which one any of them is in."""

from __future__ import annotations

from fractions import Fraction

from microopt.analysis.explain.result import AnyPosts, CreatorExplanation
from microopt.quantities.parse_and_format import format_money

NEAR = Fraction(1, 200)  # less than that is not told


def these_posts(creator: CreatorExplanation) -> str:
    """Return what a highest fee is known of: `these 3 posts`; empty without a calendar."""
    count = _posts(creator) if any(offer.wave is not None for offer in creator.offers) else 0
    return f"these {count:,} posts" if count > 1 else "this post" if count else ""


def any_posts_sentence(creator: CreatorExplanation, currency: str, *, has_retainer: bool) -> str:
    """Return up to which fee the plan has any posts of a creator, where that is more than for the posts explained."""
    found = creator.any_posts
    if found is None or not found.posts or found.limit.fee is None or not _is_higher(creator, found):
        return ""
    number = f"{found.posts:,} post{'' if found.posts == 1 else 's'}"
    which = number if found.posts != _posts(creator) else f"{number} in other waves"
    then = "they stay in the plan" if creator.picked else "they would be added"
    limit, above = (format_money(fee, currency) for fee in (found.limit.fee, found.limit.excluded_from or 0))
    each = " a post" if found.posts > 1 else ""
    basis = " before a retainer discount" if has_retainer else ""
    if found.limit.message:
        return f"With {which}, {then} up to at least {limit}{each}{basis}."
    ends = {"budget": f"your budget rules out {above}", "rules": f"your rules rule out {above}"}
    end = ends.get(found.limit.limited_by, f"at {above}, the plan is better without them")
    return f"With {which}, {then} up to {limit}{each}{basis}; {end}."


def _is_higher(creator: CreatorExplanation, found: AnyPosts) -> bool:
    """Whether it is more than the highest fee of the posts explained, compared before discounts, beyond rounding."""
    first = creator.offers[0]
    own = first.walk_away.fee
    if own is None or not first.fee:
        return True
    return (found.limit.fee or 0) > own * (1 + NEAR) * (first.list_fee or first.fee) / first.fee


def _posts(creator: CreatorExplanation) -> int:
    return sum(offer.units for offer in creator.offers)

"""The worst share of the scenarios in words."""

from __future__ import annotations

from fractions import Fraction

from microopt.plan.plan import Plan
from microopt.plan.tail import Tail
from microopt.quantities.parse_and_format import format_bound

LEAST_SHARE = 0.0005  # from which a difference in the worst share is told
NAMED_SHARES = {
    Fraction(1, 2): "half",
    Fraction(1, 3): "third",
    Fraction(1, 4): "quarter",
    Fraction(1, 5): "fifth",
    Fraction(1, 10): "tenth",
    Fraction(1, 20): "twentieth",
    Fraction(1, 100): "hundredth",
}


def share_words(share: Fraction) -> str:
    """Return a share in words: `tenth`, `15%`."""
    return NAMED_SHARES.get(share) or format_bound(share, True)


def worst_part(tail: Tail) -> str:
    """Return the share that counts in words: `worst tenth`, `worst 15%`."""
    return f"worst {share_words(tail.share)}"


def worst_scenarios(tail: Tail) -> str:
    """Return which scenarios a plan was chosen for: `the worst tenth of 200 scenarios`."""
    return f"the {worst_part(tail)} of {tail.scenarios:,} scenarios"


def where_goal_counts(plan: Plan) -> str:
    """Return the outcomes that the goal of a plan is counted in: ` in its worst tenth`; empty if in all of them."""
    return "" if plan.tail is None else f" in its {worst_part(plan.tail)}"

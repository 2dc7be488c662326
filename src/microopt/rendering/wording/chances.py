"""What is said of rules that hold in a share of the scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

from microopt.plan.chance import BestChance
from microopt.plan.plan import Plan
from microopt.quantities.parse_and_format import format_bound


def chance_sentences(plan: Plan, *, hints: bool) -> Iterator[tuple[str, str]]:
    """Yield by which scenarios chances were counted, for a plan with a rule that has one.

    Parameters
    ----------
    hints
        Whether to name the command that counts them in others.
    """
    chances = [rule.chance for rule in plan.rules if rule.chance is not None]
    if not chances:
        return
    scenarios = f"the {chances[0].scenarios:,} scenarios that the plan was made for"
    others = ": microopt simulate counts 10,000 others" if hints else ""
    yield "fact", f"Chances are counted in {scenarios}; in others they can be lower{others}."


def best_chance_sentence(best: BestChance) -> str:
    """Return in how many scenarios any plan can keep a rule, and what to ask for instead."""
    share = format_bound(Fraction(floor(best.share * 1000), 1000), True)
    scenarios = f"of the {best.scenarios:,} scenarios"
    if not best.at_most:
        return f"{best.label}: no plan reaches this limit in any {scenarios}; move the limit."
    if best.share == best.at_most:
        known = f"no plan keeps this limit in more than {share} {scenarios}"
    else:
        most = format_bound(Fraction(ceil(best.at_most * 1000), 1000), True)
        known = f"the best plan found keeps this limit in {share} {scenarios}, and none can in more than {most}"
    return f"{best.label}: {known}; move the limit{f', or ask for {share}' if best.share else ''}."

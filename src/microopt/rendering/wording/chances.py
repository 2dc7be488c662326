"""What is said of rules that hold in a share of the scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

from microopt.plan.chance import BestChance, Chance
from microopt.plan.plan import Plan
from microopt.quantities.parse_and_format import format_bound
from microopt.rendering.wording.plan_figures import format_share_down


def chance_sentences(plan: Plan, *, hints: bool) -> Iterator[tuple[str, str]]:
    """Yield by which scenarios the chances of rules were counted, and which are lower than asked in other draws.

    Parameters
    ----------
    hints
        Whether to say which options help.
    """
    chances = [rule.chance for rule in plan.rules if rule.chance is not None]
    if not chances:
        return
    scenarios = f"the {chances[0].scenarios:,} scenarios that the plan was made for"
    if chances[0].fresh is None:
        yield "fact", f"Chances are counted in {scenarios}; in others they can be lower."
        return
    short = [(rule.label, rule.chance) for rule in plan.rules if rule.chance is not None and _falls_short(rule.chance)]
    draws = f"{chances[0].fresh.draws:,} other draws"
    if not short:
        yield "fact", f"Chances are counted in {scenarios}; in {draws} they are as high as asked, too."
        return
    lower = "one is lower" if len(short) == 1 else "some are lower"
    yield "fact", f"Chances are counted in {scenarios}; in {draws} {lower} than asked."
    for label, chance in short:
        assert chance.fresh is not None
        share = format_share_down(chance.fresh.share)
        yield "warning", f"Warning: {label} is kept in only {share} of {chance.fresh.draws:,} other draws."
    if hints:
        rule = "this rule" if len(short) == 1 else "these rules"
        yield "warning", f"To keep {rule} in other draws, too, ask for a little more, or move the limit."


def _falls_short(chance: Chance) -> bool:
    return chance.fresh is not None and chance.fresh.share < chance.asked


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

"""The step from one plan to the next in words that every renderer shares."""

from __future__ import annotations

from microopt.plan import Plan
from microopt.replanned import Replan, Switch
from microopt.units import print_percent


def moved_sentence(replan: Replan) -> str:
    """Return how many came and left."""
    came = sum(one.came for one in replan.switches)
    left = len(replan.switches) - came
    if not replan.switches:
        return "Since the last plan: nobody came, nobody left."
    return f"Since the last plan: {came:,} came, {left:,} left."


def gain_words(one: Switch) -> str:
    """Return what a switch gains, in a few characters."""
    if one.forced:
        return "no choice"
    if one.gain is None or one.gain.share is None:
        return "-"
    share = float(one.gain.share)
    return f"{'-' if share < 0 else '+'}{print_percent(abs(share))}"


def gain_sentence(plan: Plan) -> str:
    """Return what all switches gain together, empty where there is nothing to say."""
    replan = plan.replan
    if replan is None or not replan.switches:
        return ""
    if replan.obstacle:
        return f"{replan.obstacle[0].upper()}{replan.obstacle[1:]}."
    if replan.gain is None or replan.gain.share is None:
        return ""
    if not replan.gain.share:
        return "It is the best plan, and keeps everybody of the last one who can still be had."
    share = print_percent(abs(float(replan.gain.share)))
    word = "less" if replan.gain.share < 0 else "more"
    return f"It brings {share} {word} than the best plan that keeps everybody of the last one who can still be had."

"""Who was exchanged since the last plan of a campaign that runs, in a sentence and in a few characters."""

from __future__ import annotations

from microopt.plan.replan_summary import ReplanSummary, RosterChange
from microopt.rendering.language.language import Language
from microopt.rendering.story.figures import change


def switches_sentence(replan: ReplanSummary, language: Language) -> str:
    """Return how many creators were added and dropped since the last plan."""
    added = sum(switch.added for switch in replan.switches)
    dropped = len(replan.switches) - added
    if not replan.switches:
        return language.text("Since the last plan: nobody added, nobody dropped.")
    return language.text(
        "Since the last plan: {added} added, {dropped} dropped.",
        added=language.number(added),
        dropped=language.number(dropped),
    )


def switch_gain(switch: RosterChange, language: Language) -> str:
    """Return what a switch gains the plan, in a few characters."""
    if switch.forced:
        return language.text("forced")
    share = None if switch.gain is None else switch.gain.share
    return "-" if share is None else change(language, share)

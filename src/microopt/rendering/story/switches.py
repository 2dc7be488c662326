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


def told_gain(replan: ReplanSummary, language: Language) -> str:
    """Return the gain of all switches together, and that single ones do not add up to it; empty if none is known."""
    if not replan.switches:
        return ""
    gains = sum(switch.gain is not None and switch.gain.share is not None for switch in replan.switches)
    single = language.text("Each gain is for that change alone, so the gains do not add up.") if gains > 1 else ""
    return " ".join(filter(None, (_whole_gain(replan, language), single)))


def _whole_gain(replan: ReplanSummary, language: Language) -> str:
    if replan.obstacle:  # of the plan file, which is in English
        return f"{replan.obstacle[0].upper()}{replan.obstacle[1:]}."
    share = None if replan.gain is None else replan.gain.share
    if share is None:
        return ""
    if not share:
        return language.text("The best plan keeps everyone who is still available.")
    gain = change(language, abs(share)).removeprefix("+")
    if share < 0:
        return language.text("This plan brings {gain} less than keeping everyone who is still available.", gain=gain)
    return language.text("This plan brings {gain} more than keeping everyone who is still available.", gain=gain)

"""The sentences and figures of a replan and of a running campaign, shared by all formats."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from microopt.plan.difference import Difference
from microopt.plan.pacing import CreatorPacing, MetricPacing, Pacing, build_pacing
from microopt.plan.plan import Plan
from microopt.plan.replan_summary import ReplanSummary, RosterChange
from microopt.quantities.parse_and_format import format_money, format_percent
from microopt.rendering.wording.plan_figures import (
    format_conversions,
    format_signed_percent,
)

CREATOR_METRICS = ("engagements", "conversions")
PACING_HEADINGS = ("", "first planned", "to date", "share", "projected", "change")
CREATOR_STAGES = ("planned", "to date", "projected")  # of a creator under contract


def switches_sentence(replan: ReplanSummary) -> str:
    """Return how many creators were added and dropped."""
    added = sum(switch.added for switch in replan.switches)
    dropped = len(replan.switches) - added
    if not replan.switches:
        return "Since the last plan: nobody added, nobody dropped."
    return f"Since the last plan: {added:,} added, {dropped:,} dropped."


def format_switch_gain(switch: RosterChange) -> str:
    """Return the gain of a switch, in a few characters."""
    if switch.forced:
        return "forced"
    share = _share(switch.gain)
    return "-" if share is None else format_signed_percent(float(share))


def gain_sentence(plan: Plan) -> str:
    """Return the gain of all switches together, and that single ones do not add up to it; empty if none is known."""
    replan = plan.replan
    if replan is None or not replan.switches:
        return ""
    gains = sum(_share(switch.gain) is not None for switch in replan.switches)
    single = "Each gain is for that change alone, so the gains do not add up." if gains > 1 else ""
    return " ".join(filter(None, (_total_gain(replan), single)))


def _share(gain: Difference | None) -> Fraction | None:
    return None if gain is None else gain.share


def _total_gain(replan: ReplanSummary) -> str:
    if replan.obstacle:
        return f"{replan.obstacle[0].upper()}{replan.obstacle[1:]}."
    share = _share(replan.gain)
    if share is None:
        return ""
    if not share:
        return "The best plan keeps everyone who is still available."
    word = "less" if share < 0 else "more"
    return f"This plan brings {format_percent(abs(float(share)))} {word} than keeping everyone who is still available."


def reportable_pacing(plan: Plan) -> Pacing | None:
    """Return the pacing of a campaign, None before its first plan or result."""
    running = plan.campaign.running
    return build_pacing(plan) if running is not None and (running.last_plan or running.results) else None


def format_day(pacing: Pacing) -> str:
    """Return the day up to which results count."""
    if pacing.day is None:
        return "The campaign"
    return f"Day {pacing.day:,}" + (f" of {pacing.days:,}" if pacing.days is not None else "")


def pacing_rows(plan: Plan, pacing: Pacing) -> Iterator[tuple[str, ...]]:
    """Yield the cells of each figure of the campaign, in the order of `PACING_HEADINGS`."""
    for figure in pacing.figures:
        share = "" if figure.to_date is None or not figure.planned else format_percent(figure.to_date / figure.planned)
        change = "" if not figure.planned else format_signed_percent(figure.projected / figure.planned - 1)
        figures = [
            _format_figure(plan, figure, amount) for amount in (figure.planned, figure.to_date, figure.projected)
        ]
        yield figure.name.capitalize(), figures[0], figures[1], share, figures[2], change


def creator_pacing_cells(creator: CreatorPacing) -> Iterator[str]:
    """Yield what a creator was planned to bring, has brought and is projected to bring, by `CREATOR_METRICS`."""
    for name in CREATOR_METRICS:
        for figures in (creator.planned, creator.to_date, creator.projected):
            yield format_conversions(figures[name]) if name in figures else "-"


def commitments_sentence(plan: Plan, pacing: Pacing) -> str:
    """Return what is committed, paid, and lost on creators who declined."""
    currency, running = plan.roster.currency, plan.campaign.running
    text = f"{format_money(pacing.committed, currency, whole_units=True)} is committed to creators who signed."
    if pacing.paid:
        text += f" {format_money(pacing.paid, currency, whole_units=True)} is paid"
        if running is not None and running.sunk_cost:
            lost = format_money(running.sunk_cost, currency, whole_units=True)
            text += f", including {lost} to creators who declined"
        text += "."
    return text


def _format_figure(plan: Plan, figure: MetricPacing, amount: int | None) -> str:
    if amount is None:
        return "-"
    return (
        format_money(amount, plan.roster.currency, whole_units=True)
        if figure.name == "spend"
        else format_conversions(amount)
    )

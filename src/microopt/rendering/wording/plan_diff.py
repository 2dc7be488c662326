"""The sentences of a comparison of two plans, and how the changes of a creator are written."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from microopt.analysis.plan_diff.result import FieldChange, PlanComparison, PlanSide, RetainedCreator
from microopt.campaign.metrics import METRICS
from microopt.plan.purchase import Purchase
from microopt.quantities.parse_and_format import format_distinct, format_money, format_percent
from microopt.rendering.wording.plan_figures import (
    capitalize_sentence,
    count_creators,
    format_offer,
    source_name,
)

NAMES = {"spend": "Cost", "reach": "Gross reach", "impressions": "Views", "value": "Value"}
NO_VALUE = "nothing"


def describe_side(side: PlanSide) -> str:
    """Return the settings of a plan and its proof, in one line."""
    budget = "no budget" if side.budget is None else f"budget {format_money(side.budget, side.currency)}"
    proof = "proven best" if side.status == "optimal" else f"within {format_percent(side.gap)} of the best"
    return " · ".join(filter(None, (source_name(side.path), side.name, budget, f"goal {side.goal.name}", proof)))


def plan_diff_verdict(comparison: PlanComparison) -> str:
    """Return a sentence that says how the two plans differ."""
    if comparison.same:
        return "The two plans are the same."
    if comparison.same_picks:
        statement = "Both plans buy the same for the same."
        return statement if comparison.campaign else f"{statement} They differ by how they were found."
    added, dropped, changed = (len(part) for part in (comparison.added, comparison.dropped, comparison.changed))
    retained = len(comparison.retained)
    counts = f"{count_creators(added)} came, {dropped:,} left, {retained:,} stayed"
    return f"{counts}{f', {changed:,} of them with changes' if changed else ''}."


def setting_sentences(comparison: PlanComparison) -> Iterator[str]:
    """Yield a sentence for each setting that differs."""
    for change in comparison.campaign:
        yield capitalize_sentence(change.message)


def plan_diff_notes(comparison: PlanComparison) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence) of what limits the comparison: `note`, `warning`."""
    reason = _incomparable_values(comparison)
    if reason:
        yield "note", f"Note: the two values are not compared: {reason}."
    yield from (("note", f"Note: {note}.") for note in comparison.notes)
    yield from (("warning", f"Warning: {warning}.") for warning in comparison.warnings)


def _incomparable_values(comparison: PlanComparison) -> str:
    """Return why the values of the plans cannot be compared, empty if they can."""
    before, after = comparison.before, comparison.after
    if before.goal != after.goal:
        return "they are of two goals"
    if before.ideals != after.ideals:
        hint = f"to measure both alike, make B with --ideals {source_name(before.path)}"
        return f"each is measured by the ideals of its own plan ({hint})"
    return "" if comparison.one_currency else "they are of two currencies"


def describe_changes(retained: RetainedCreator, comparison: PlanComparison) -> str:
    """Return what changed for a creator that both plans include: `fee $400 -> $550; reach 18.3k -> 12k`."""
    sides = comparison.before, comparison.after
    return "; ".join(_describe_change(change, sides) for change in retained.changes)


def _describe_change(change: FieldChange, sides: tuple[PlanSide, PlanSide]) -> str:
    pair = change.before, change.after
    if change.field in METRICS and isinstance(pair[0], int) and isinstance(pair[1], int):
        before, after = format_distinct(Fraction(pair[0], 1000), Fraction(pair[1], 1000))
    else:
        before, after = (
            _format_setting(change.field, value, side.currency) for value, side in zip(pair, sides, strict=True)
        )
    name = NAMES.get(change.field, change.field).lower()
    return f"{before} -> {after}" if change.field == "offer" else f"{name} {before} -> {after}"


def _format_setting(what: str, value: str | int | None, currency: str) -> str:
    if value is None or value == "":
        return NO_VALUE
    if isinstance(value, str):
        return value
    return f"{value:,}" if what == "followers" else format_money(value, currency)


def format_percent_change(before: int | Fraction, change: int | Fraction) -> str:
    """Return a change as a share of the value before, `+12%`; empty if that was 0."""
    if before <= 0:
        return ""
    share = float(Fraction(change) / Fraction(before))
    return f"{'-' if share < 0 else '+'}{format_percent(abs(share))}" if share else ""


def describe_purchase(purchase: Purchase) -> str:
    """Return the platforms and offers of a creator that a plan buys."""
    offers = (" ".join(filter(None, (pick.platform, format_offer(pick)))) for pick in purchase.picks)
    return ", ".join(filter(None, offers))

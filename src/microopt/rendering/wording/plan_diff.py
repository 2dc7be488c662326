"""What a comparison of two plans says in sentences, and how what changed of a creator is written."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from microopt.analysis.plan_diff.result import FieldChange, PlanComparison, PlanSide, RetainedCreator
from microopt.campaign.metrics import METRICS
from microopt.plan.purchase import Purchase
from microopt.quantities.parse_and_format import format_distinct, format_money, format_percent
from microopt.rendering.wording.plan_figures import format_offer, source_name

NAMES = {"spend": "Cost", "reach": "Gross reach", "impressions": "Views", "value": "Value"}
NOTHING = "nothing"


def describe_side(side: PlanSide) -> str:
    """Return what a plan was asked, and how well it is proven, in a line."""
    budget = "no budget" if side.budget is None else f"budget {format_money(side.budget, side.currency)}"
    shown = "proven best" if side.status == "optimal" else f"within {format_percent(side.gap)} of the best"
    return " · ".join(filter(None, (source_name(side.path), side.name, budget, f"goal {side.goal.name}", shown)))


def plan_diff_verdict(comparison: PlanComparison) -> str:
    """Return how the two plans differ, in a sentence."""
    if comparison.same:
        return "The two plans are the same."
    if comparison.same_picks:
        told = "Both plans buy the same for the same."
        return told if comparison.campaign else f"{told} They differ by how they were found."
    came, left, changed = (len(part) for part in (comparison.added, comparison.dropped, comparison.changed))
    stayed = len(comparison.retained)
    counts = f"{_people(came)} came, {left:,} left, {stayed:,} stayed"
    return f"{counts}{f', {changed:,} of them with changes' if changed else ''}."


def _people(count: int) -> str:
    return f"{count:,} creator{'' if count == 1 else 's'}"


def setting_sentences(comparison: PlanComparison) -> Iterator[str]:
    """Yield what was asked otherwise, in sentences."""
    for change in comparison.campaign:
        yield f"{change.message[:1].upper()}{change.message[1:]}."


def plan_diff_notes(comparison: PlanComparison) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence) of what limits the comparison: `note`, `warning`."""
    told = _unlike(comparison)
    if told:
        yield "note", f"Note: the two values are not compared: {told}."
    yield from (("note", f"Note: {note}.") for note in comparison.notes)
    yield from (("warning", f"Warning: {warning}.") for warning in comparison.warnings)


def _unlike(comparison: PlanComparison) -> str:
    """Return why the values of the plans are not measured alike, empty where they are."""
    one, other = comparison.before, comparison.after
    if one.goal != other.goal:
        return "they are of two goals"
    if one.ideals != other.ideals:
        alike = f"to measure both alike, make B with --ideals {source_name(one.path)}"
        return f"each is measured by the ideals of its own plan ({alike})"
    return "" if comparison.one_currency else "they are of two currencies"


def describe_changes(stayed: RetainedCreator, comparison: PlanComparison) -> str:
    """Return what changed of a creator whom both plans have: `fee $400 -> $550; reach 18.3k -> 12k`."""
    sides = comparison.before, comparison.after
    return "; ".join(_altered(change, sides) for change in stayed.changes)


def _altered(change: FieldChange, sides: tuple[PlanSide, PlanSide]) -> str:
    pair = change.before, change.after
    if change.field in METRICS and isinstance(pair[0], int) and isinstance(pair[1], int):
        was, now = format_distinct(Fraction(pair[0], 1000), Fraction(pair[1], 1000))
    else:
        was, now = (_shown(change.field, one, side.currency) for one, side in zip(pair, sides, strict=True))
    name = NAMES.get(change.field, change.field).lower()
    return f"{was} -> {now}" if change.field == "offer" else f"{name} {was} -> {now}"


def _shown(what: str, value: str | int | None, currency: str) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, str):
        return value
    return f"{value:,}" if what == "followers" else format_money(value, currency)


def format_percent_change(before: int | Fraction, change: int | Fraction) -> str:
    """Return a change as a share of what was there before, `+12%`; empty where nothing was."""
    if before <= 0:
        return ""
    share = float(Fraction(change) / Fraction(before))
    return f"{'-' if share < 0 else '+'}{format_percent(abs(share))}" if share else ""


def describe_purchase(purchase: Purchase) -> str:
    """Return the platforms and the offers that are bought of a creator."""
    offers = (" ".join(filter(None, (pick.platform, format_offer(pick)))) for pick in purchase.picks)
    return ", ".join(filter(None, offers))

"""What is said of two plans: which brings more for what money, what changed, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from microopt.analysis.plan_diff.result import FieldChange, PlanComparison, PlanSide, RetainedCreator
from microopt.campaign.metrics import METRICS, NET_REACH
from microopt.files.reading import source_name
from microopt.plan.purchase import Purchase, waves_by_offer
from microopt.quantities.parse_and_format import (
    format_distinct,
    format_money,
    format_number_of,
    format_percent,
    join_words,
)
from microopt.rendering.wording.full_stop import end_sentence
from microopt.rendering.wording.plan_figures import (
    capitalize_sentence,
    count_creators,
    format_cost_per,
    format_metric,
    format_offer,
    format_signed_percent,
    platform_label,
)

NAMES = {"spend": "cost", "reach": "gross reach"}
NO_VALUE = "unknown"
SMALL = 0.0005  # the change, as a share, below which an amount says more


def plan_diff_head(comparison: PlanComparison) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): what B brings more than A for what money, what that means, how sure it is.

    Before them comes the warning that a plan was altered, because their figures may be false.
    """
    yield from (("warning", f"Warning: {end_sentence(warning)}") for warning in comparison.warnings)
    if comparison.same:
        yield "main fact", "The two plans are the same."
    elif comparison.same_picks:
        statement = "Both plans buy the same for the same money."
        searches = "" if comparison.campaign or _altered(comparison) else " Only their searches ended differently."
        yield "main fact", f"{statement}{searches}"
    else:
        yield "main fact", f"B brings {_results(comparison)}{_for_money(comparison)}."
        yield "fact", " ".join(filter(None, (_counts(comparison), _costs_per_result(comparison))))
    yield _proof(comparison)


def _results(comparison: PlanComparison) -> str:
    """Return what B brings more or less than A: `34% fewer engagements and 2.6% fewer conversions than A`."""
    goals = {side.goal.name for side in (comparison.before, comparison.after)}
    people = ("reach",) if goals & {"reach", NET_REACH} else ()
    parts = [_result(comparison, metric) for metric in (*people, "engagements", "conversions")]
    if not any(parts):
        return "as much as A"
    return f"{join_words([part for part in parts if part])} than A"


def _result(comparison: PlanComparison, metric: str) -> str:
    before, after = (side.totals.metrics[metric] for side in (comparison.before, comparison.after))
    name = "people reached" if metric == "reach" else metric
    change = after - before
    if not change:
        return ""
    more = "more" if change > 0 else "fewer"
    if not before or abs(change) < SMALL * before:
        return f"{format_metric(metric, abs(change))} {more} {name}"
    return f"{format_percent(abs(change) / before)} {more} {name}"


def _for_money(comparison: PlanComparison) -> str:
    """Return for how much more or less money: `, for $4,980 less (-25%)`."""
    before, after = comparison.before, comparison.after
    if not comparison.same_currency:
        spends = (format_money(side.totals.spend, side.currency) for side in (after, before))
        return f", for {' instead of '.join(spends)}"
    change = after.totals.spend - before.totals.spend
    if not change:
        return ", for the same money"
    amount = format_money(abs(change), after.currency, whole_units=abs(change) >= 100_00)
    share = format_percent_change(before.totals.spend, change)
    return f", for {amount} {'more' if change > 0 else 'less'}{f' ({share})' if share else ''}"


def _counts(comparison: PlanComparison) -> str:
    added, dropped, changed = (len(part) for part in (comparison.added, comparison.dropped, comparison.changed))
    retained = len(comparison.retained)
    counts = f"{count_creators(added)} added, {dropped:,} dropped, {retained:,} kept"
    return f"{counts}{f', {changed:,} of them with changes' if changed else ''}."


def _costs_per_result(comparison: PlanComparison) -> str:
    """Return what an engagement and a conversion cost in B and in A: `An engagement costs $0.36 (A: $0.31).`."""
    before, after = comparison.before, comparison.after
    if not comparison.same_currency:
        return ""
    parts: list[str] = []
    for metric, name in (("engagements", "an engagement"), ("conversions", "a conversion")):
        old, new = (format_cost_per(side.totals, metric, side.currency) for side in (before, after))
        if old != new and "-" not in (old, new):
            parts.append(f"{name}{'' if parts else ' costs'} {new} (A: {old})")
    return capitalize_sentence(join_words(parts)) if parts else ""


def _proof(comparison: PlanComparison) -> tuple[str, str]:
    if altered := _altered(comparison):
        return "doubt", f"Not proven: {join_words(altered)} {'was' if len(altered) == 1 else 'were'} altered."
    unproven = [
        f"{letter} is within {format_percent(side.gap)} of the best"
        for letter, side in _sides(comparison)
        if side.status != "optimal"
    ]
    if unproven:
        return "doubt", f"Not proven: {join_words(unproven)}."
    return "proof", "Both plans are proven best for their goal and rules."


def _sides(comparison: PlanComparison) -> tuple[tuple[str, PlanSide], ...]:
    return ("A", comparison.before), ("B", comparison.after)


def _altered(comparison: PlanComparison) -> list[str]:
    """Return the letters of the plans that were altered after they were written."""
    return [letter for letter, side in _sides(comparison) if not side.sealed]


def describe_side(letter: str, side: PlanSide) -> list[str]:
    """Return the settings of a plan and its proof in one line, and in a shorter one without the campaign's name."""
    budget = "no budget" if side.budget is None else f"budget {format_money(side.budget, side.currency)}"
    proof = "proven best" if side.status == "optimal" else f"within {format_percent(side.gap)} of the best"
    proof = proof if side.sealed else "altered"
    terms = (budget, f"goal {side.goal.name}", proof)
    lines = (source_name(side.path), side.name, *terms), (source_name(side.path), *terms)
    return [f"{letter}  {' · '.join(filter(None, line))}" for line in lines]


def setting_sentences(comparison: PlanComparison) -> Iterator[str]:
    """Yield a sentence for each setting that differs."""
    for change in comparison.campaign:
        yield capitalize_sentence(change.message)


def plan_diff_notes(comparison: PlanComparison) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence) of what limits the comparison: `note`."""
    reason = _incomparable_scores(comparison)
    if reason:
        yield "note", f"Note: {reason}."
    yield from (("note", f"Note: {end_sentence(note)}") for note in comparison.notes)


def _incomparable_scores(comparison: PlanComparison) -> str:
    """Return why the scores of the plans are not shown, empty if they are, or if the figures show them."""
    before, after = comparison.before, comparison.after
    if before.goal != after.goal:
        return "the plans have different goals, so compare their figures, not their scores"
    if before.ideals != after.ideals:
        hint = f"to score both alike, make B with --ideals {source_name(before.path)}"
        return f"no scores are shown, because each plan is scored against its own reference totals ({hint})"
    return "" if comparison.same_currency else "no money is compared, because the plans are in two currencies"


def describe_changes(retained: RetainedCreator, comparison: PlanComparison) -> str:
    """Return what changed for a creator that both plans include: `fee $400 -> $550; reach 18.3k -> 12k`."""
    sides = comparison.before, comparison.after
    return "; ".join(_describe_change(change, sides) for change in retained.changes)


def _describe_change(change: FieldChange, sides: tuple[PlanSide, PlanSide]) -> str:
    pair = change.before, change.after
    if isinstance(pair[0], int) and isinstance(pair[1], int) and change.field in (*METRICS, "revenue"):
        before, after = _format_result(change.field, pair[0], pair[1], sides)
    else:
        before, after = (
            _format_setting(change.field, value, side.currency) for value, side in zip(pair, sides, strict=True)
        )
    name = NAMES.get(change.field, change.field)
    return f"{before} -> {after}" if change.field == "offer" else f"{name} {before} -> {after}"


def _format_result(name: str, before: int, after: int, sides: tuple[PlanSide, PlanSide]) -> tuple[str, str]:
    """Return both figures as the tables show them, and more exactly where these would look alike."""
    paid = list(zip((before, after), sides, strict=True))
    rounded: Sequence[str] = [format_metric(name, before), format_metric(name, after)]
    exact: Sequence[str] = format_distinct(Fraction(before, 1000), Fraction(after, 1000))
    if name == "revenue":
        rounded = [format_money(amount, side.currency, whole_units=amount >= 1000) for amount, side in paid]
        exact = [format_money(amount, side.currency) for amount, side in paid]
    first, second = rounded if rounded[0] != rounded[1] else exact
    return first, second


def _format_setting(setting: str, value: str | int | None, currency: str) -> str:
    if value is None or value == "":
        return NO_VALUE
    if isinstance(value, str):
        return value
    return f"{value:,}" if setting == "followers" else format_money(value, currency)


def format_percent_change(before: int | Fraction, change: int | Fraction) -> str:
    """Return a change as a share of the value before, `+12%`; empty if that was 0."""
    if before <= 0:
        return ""
    share = float(Fraction(change) / Fraction(before))
    return format_signed_percent(share) if share else ""


def describe_purchase(purchase: Purchase) -> str:
    """Return the platforms and offers of a creator that a plan buys."""
    offers = [
        (" ".join(filter(None, (platform_label(pick.platform), format_offer(pick)))), waves)
        for pick, waves in waves_by_offer(purchase)
    ]
    return ", ".join(f"{offer} in {join_words(waves)}" if waves else offer for offer, waves in offers if offer)


def rest_sentence(count: int, file: str) -> str:
    """Return how many creators a table does not show, and where they are."""
    return f"… and {format_number_of(count, 'creator')} more: add -o {file} for all of them."

"""The sentences of an explanation: what changes without a creator, and up to which fee an offer is worth it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from microopt.analysis.explain.explain import CreatorExplanation, ExplainedOffer, Explanation
from microopt.plan.difference import NOT_LOOKED_AT, Difference
from microopt.quantities.parse_and_format import format_money
from microopt.rendering.wording.plan_figures import format_metric, format_signed_percent

MOST_NAMES = 4  # in a line
METRICS = ("engagements", "conversions", "reach")


def explanation_sentences(explanation: Explanation) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence) of what limits the explanation: `doubt`."""
    if explanation.status != "optimal":
        yield "doubt", "The plan itself is not proven best: a better one might decide otherwise."
    if not explanation.finished:
        yield "doubt", "Some of it was not finished in its time: a longer --time-limit helps."


def explanation_legend(explanation: Explanation) -> Iterator[str]:
    """Yield what the columns and marks of the table mean."""
    highest = "In up to: the highest fee at which the best plan still has the creator"
    yield f"{highest}; a cent more, and it is as good without."
    offers = (offer for creator in explanation.creators for offer in creator.offers)
    if any(not offer.break_even.exact and offer.break_even.fee for offer in offers):
        yield "~ at least: the time was over before the cent was found."


def describe_missing_plan(creator: CreatorExplanation) -> str:
    """Return why there is no plan without a creator."""
    if creator.status == NOT_LOOKED_AT:
        return "not looked at: the time was over"
    return "; ".join(creator.reasons) or "no plan found without"


def format_fee(cents: int, currency: str) -> str:
    """Return a fee, with cents only if it has any."""
    return format_money(cents, currency, whole=cents % 100 == 0)


def format_break_even(offer: ExplainedOffer, currency: str) -> str:
    """Return the highest fee at which the plan has an offer."""
    break_even = offer.break_even
    if break_even.fee is None:
        return "any fee" if break_even.unlimited else "-"
    return ("" if break_even.exact else "~") + format_fee(break_even.fee, currency)


def format_fee_change(offer: ExplainedOffer) -> str:
    """Return by how much the fee of an offer may rise."""
    fee = offer.break_even.fee
    return "-" if fee is None or not offer.fee else format_signed_percent((fee - offer.fee) / offer.fee)


def list_names(names: Sequence[str], most: int = MOST_NAMES) -> list[str]:
    """Return names, those beyond `most` as a count."""
    return [*names[:most], *([f"{len(names) - most:,} more"] if len(names) > most else [])]


def describe_effect(explanation: Explanation, creator: CreatorExplanation, change: Difference) -> str:
    """Return what the best plan without, or with, a creator has more or less, and who is exchanged."""
    start = "Without" if creator.picked else "With"
    results = ", ".join(_metric_change(explanation, name, change) for name in METRICS if change.metrics[name])
    goal = "" if change.share is None else f" ({format_signed_percent(float(change.share))} of the goal)"
    doubt = "" if creator.status == "optimal" else " at least, not proven"
    exchanges = []
    for names, verb in ((change.added, "would come"), (change.dropped, "would go")):
        others = [name for name in names if name != creator.creator]
        if others:
            exchanges.append(f"{', '.join(list_names(others))} {verb}")
    who = f"{'; '.join(exchanges)}." if exchanges else "Nobody else changes."
    return f"{start}: {results or 'the same results'}{goal}{doubt}. {who}"


def _metric_change(explanation: Explanation, name: str, change: Difference) -> str:
    amount, whole = change.metrics[name], explanation.totals.metrics[name]
    share = f" ({format_signed_percent(amount / whole)})" if whole else ""
    return f"{'-' if amount < 0 else '+'}{format_metric(name, abs(amount))} {name}{share}"


def describe_offer(offer: ExplainedOffer, currency: str, *, picked: bool) -> str:
    """Return the fee up to which an offer of a creator stays in the plan, or at which it would enter."""
    break_even = offer.break_even
    units, platform = f"x{offer.units}" if offer.units > 1 else "", f"on {offer.platform}" if offer.platform else ""
    words = " ".join(filter(None, (offer.offer, units, platform)))
    name = words[:1].upper() + words[1:] if words else "The offer"
    asks = f"{name} asks {format_fee(offer.fee, currency)}"
    if break_even.fee is None:
        return f"{asks}: {break_even.message}."
    limit, doubt = format_fee(break_even.fee, currency), "" if break_even.exact else f" ({break_even.message})"
    change = format_fee_change(offer)
    if picked:
        return f"{asks} and is in up to {limit} ({change}){doubt}: that is what you can still agree to."
    if break_even.fee >= offer.fee:
        return f"{asks}: the plan would be worth as much with it, up to {limit}{doubt}."
    return f"{asks} and would come in at {limit} or less ({change}){doubt}."

"""An explanation for a person: a table of all picks, or a paragraph for each creator asked about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from microopt.analysis.explain.explain import CreatorExplanation, ExplainedOffer, Explanation
from microopt.plan.difference import NOT_LOOKED_AT, Difference
from microopt.quantities.parse_and_format import format_money
from microopt.rendering.terminal.screen import Screen, cell, message_lines, notes_and_warnings
from microopt.rendering.terminal.table import Column, figure, table
from microopt.rendering.wording.plan_figures import (
    capitalize_sentence,
    format_metric,
    format_signed_percent,
    study_heading,
)

MOST_NAMES = 4  # in a line
METRICS = ("engagements", "conversions", "reach")
WIDE = 100  # columns from which everyone who would replace a creator is named
ALL_NAMES = 99
_Row = tuple[CreatorExplanation, ExplainedOffer]


def explanation_table(explanation: Explanation, screen: Screen) -> str:
    """Return the explanation as text."""
    parts: list[RenderableType] = [_heading(explanation), ""]
    if explanation.everyone:
        legend = (cell(sentence, "dim") for sentence in explanation_legend(explanation))
        parts += [*_offers(explanation, screen), "", *legend]
    else:
        for creator in explanation.creators:
            parts += [*_paragraph(explanation, creator), ""]
    parts += message_lines(explanation_sentences(explanation))
    return screen.render(*parts, *notes_and_warnings((), explanation.warnings))


def _heading(explanation: Explanation) -> Text:
    campaign, roster, totals = explanation.campaign, explanation.roster, explanation.totals
    spend = format_money(totals.spend, roster.currency, whole_units=True)
    facts = (f"{totals.creators:,} creators for {spend}", f"goal {campaign.goal.name}")
    return cell(study_heading(campaign, roster.source.path, *facts), "bold")


def _offers(explanation: Explanation, screen: Screen) -> Iterator[RenderableType]:
    """Yield a line for each pick: its fee, the highest fee at which it stays, and the plan without it."""
    wide, currency = screen.width >= WIDE, explanation.roster.currency
    rows = [(creator, offer) for creator in explanation.creators for offer in creator.offers]

    def share(row: _Row) -> str:
        change = row[0].change
        return "-" if change is None or change.share is None else format_signed_percent(float(change.share))

    def replacements(row: _Row) -> str:
        change = row[0].change
        if change is None:
            return describe_missing_plan(row[0])
        names = list_names(change.added, ALL_NAMES) if wide else list_names(change.added)
        return ", ".join(names) or "nobody"

    columns: list[Column[_Row]] = [
        Column("Creator", _name, min_width=10, share=2, wrap=True),
        figure("Fee", lambda row: format_fee(row[1].fee, currency)),
        figure("In up to", lambda row: format_break_even(row[1], currency), short_heading="In up\nto"),
        figure("Room", lambda row: format_fee_change(row[1]), priority=1),
        figure("Without:\nthe goal", share),
        Column("Who would be added", replacements, min_width=12, share=3, wrap=True),
    ]
    return table(columns, rows, screen, wide=WIDE)


def _name(row: _Row) -> Text:
    creator, offer = row
    name = cell(creator.creator)
    if offer.offer:
        name.append_text(cell(f" {offer.offer}" + (f" x{offer.units}" if offer.units > 1 else ""), "dim"))
    return name


def _paragraph(explanation: Explanation, creator: CreatorExplanation) -> Iterator[Text]:
    """Yield what is known about one creator, the most important first."""
    title = cell(creator.creator, "bold")
    title.append_text(cell(f" ({creator.tier})" if creator.tier else "", "dim"))
    yield title.append(f" is {'in the plan' if creator.picked else 'not in the plan'}.")
    if creator.change is not None:
        yield cell(f"  {describe_effect(explanation, creator, creator.change)}")
    elif creator.status == NOT_LOOKED_AT:
        yield cell("  Not looked at: the time was over.", "yellow")
    else:
        yield from (cell(f"  {capitalize_sentence(reason)}", "yellow") for reason in creator.reasons)
    for offer in creator.offers:
        yield cell(f"  {describe_offer(offer, explanation.roster.currency, picked=creator.picked)}")
    if creator.binding:
        yield cell(f"  Rules without room that count the creator: {', '.join(creator.binding)}.", "dim")


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
    return format_money(cents, currency, whole_units=cents % 100 == 0)


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


def list_names(names: Sequence[str], max_names: int = MOST_NAMES) -> list[str]:
    """Return names, those beyond `most` as a count."""
    return [*names[:max_names], *([f"{len(names) - max_names:,} more"] if len(names) > max_names else [])]


def describe_effect(explanation: Explanation, creator: CreatorExplanation, change: Difference) -> str:
    """Return what the best plan without, or with, a creator has more or less, and who is exchanged."""
    start = "Without" if creator.picked else "With"
    results = ", ".join(_metric_change(explanation, name, change) for name in METRICS if change.metrics[name])
    goal = "" if change.share is None else f" ({format_signed_percent(float(change.share))} of the goal)"
    doubt = "" if creator.status == "optimal" else " at least, not proven"
    exchanges = []
    for names, verb in ((change.added, "would be added"), (change.dropped, "would be dropped")):
        others = [name for name in names if name != creator.creator]
        if others:
            exchanges.append(f"{', '.join(list_names(others))} {verb}")
    swaps = f"{'; '.join(exchanges)}." if exchanges else "Nobody else changes."
    return f"{start}: {results or 'the same results'}{goal}{doubt}. {swaps}"


def _metric_change(explanation: Explanation, name: str, change: Difference) -> str:
    amount, total = change.metrics[name], explanation.totals.metrics[name]
    share = f" ({format_signed_percent(amount / total)})" if total else ""
    return f"{'-' if amount < 0 else '+'}{format_metric(name, abs(amount))} {name}{share}"


def describe_offer(offer: ExplainedOffer, currency: str, *, picked: bool) -> str:
    """Return the fee up to which an offer of a creator stays in the plan, or at which it would enter."""
    break_even = offer.break_even
    units, platform = f"x{offer.units}" if offer.units > 1 else "", f"on {offer.platform}" if offer.platform else ""
    words = " ".join(filter(None, (offer.offer, units, platform)))
    name = words[:1].upper() + words[1:] if words else "The offer"
    quote = f"{name} is quoted at {format_fee(offer.fee, currency)}"
    if break_even.fee is None:
        return f"{quote}: {break_even.message}."
    limit, doubt = format_fee(break_even.fee, currency), "" if break_even.exact else f" ({break_even.message})"
    change = f" ({format_fee_change(offer)})" if offer.fee else ""  # a change from 0 has no percentage
    if picked:
        return f"{quote} and is in up to {limit}{change}{doubt}: that is what you can still agree to."
    if break_even.fee >= offer.fee:
        return f"{quote}: the plan would be worth as much with it, up to {limit}{doubt}."
    return f"{quote} and would be added at {limit} or less{change}{doubt}."

"""An explanation for a person: a table of all picks, or a paragraph for each creator asked about."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from microopt.analysis.explain.break_even import BreakEven
from microopt.analysis.explain.explain import CreatorExplanation, ExplainedOffer, Explanation
from microopt.plan.difference import NOT_LOOKED_AT, Difference
from microopt.quantities.parse_and_format import format_count, format_money, format_percent
from microopt.rendering.terminal.screen import Screen, cell
from microopt.rendering.wording.plan_figures import format_conversions

WIDE = 100  # columns from which all who would come instead are named
FEW = 4  # names in a line
TOLD = ("engagements", "conversions", "reach")


def explanation_table(explanation: Explanation, screen: Screen) -> str:
    """Return the explanation as text."""
    parts: list[RenderableType] = [_head(explanation), ""]
    if explanation.everyone:
        parts += [_table(explanation, screen), "", *_legend(explanation)]
    else:
        for one in explanation.creators:
            parts += [*_paragraph(explanation, one), ""]
    return screen.render(*parts, *_tail(explanation))


def _head(explanation: Explanation) -> Text:
    campaign, roster, totals = explanation.campaign, explanation.roster, explanation.totals
    source = roster.source.path if roster.source.path != "-" else "standard input"
    spend = format_money(totals.spend, roster.currency, whole=True)
    parts = [
        campaign.name or "",
        source,
        f"{totals.creators:,} creators for {spend}",
        f"goal {campaign.goal.name}",
    ]
    return cell(" · ".join(filter(None, parts)), "bold")


def _table(explanation: Explanation, screen: Screen) -> Table:
    """Return a line for each pick: its fee, the highest at which it is in, and what the plan is without it."""
    wide = screen.width >= WIDE
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="bold")
    table.add_column("Creator", overflow="fold", ratio=2 if not wide else None)
    for name in ("Fee", "In up to" if wide else "In up\nto", "Room", "Without:\nthe goal"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("Who would come instead", overflow="fold", ratio=3)
    for one in explanation.creators:
        for offer in one.offers:
            table.add_row(*_row(explanation, one, offer, wide=wide))
    return table


def _row(explanation: Explanation, one: CreatorExplanation, offer: ExplainedOffer, *, wide: bool) -> list[Text]:
    currency, found = explanation.roster.currency, offer.break_even
    name = cell(one.creator)
    if offer.offer:
        name.append(f" {offer.offer}" + (f" x{offer.units}" if offer.units > 1 else ""), style="dim")
    change = one.change
    instead = ", ".join(_named(change.added, 99 if wide else FEW)) if change is not None else _no_plan(one)
    share = "-" if change is None or change.share is None else _signed_percent(float(change.share))
    return [
        name,
        Text(_fee(offer.fee, currency)),
        Text(_limit(found, currency)),
        Text(_room(offer)),
        Text(share),
        cell(instead or "nobody"),
    ]


def _no_plan(one: CreatorExplanation) -> str:
    if one.status == NOT_LOOKED_AT:
        return "not looked at: the time was over"
    return "; ".join(one.reasons) or "no plan found without"


def _fee(cents: int, currency: str) -> str:
    return format_money(cents, currency, whole=cents % 100 == 0)


def _limit(found: BreakEven, currency: str) -> str:
    if found.fee is None:
        return "any fee" if found.unlimited else "-"
    return ("" if found.exact else "~") + _fee(found.fee, currency)


def _room(offer: ExplainedOffer) -> str:
    """Return by how much the fee may rise."""
    fee = offer.break_even.fee
    return "-" if fee is None or not offer.fee else _signed_percent((fee - offer.fee) / offer.fee)


def _signed_percent(share: float) -> str:
    return f"{'-' if share < 0 else '+'}{format_percent(abs(share))}"


def _named(names: tuple[str, ...], most: int = FEW) -> list[str]:
    return [*names[:most], *([f"{len(names) - most:,} more"] if len(names) > most else [])]


def _legend(explanation: Explanation) -> Iterator[Text]:
    told = (
        "In up to: the highest fee at which the best plan still has the creator; a cent more, and it is as good without"
    )
    yield cell(f"{told}.", "dim")
    if any(not offer.break_even.exact and offer.break_even.fee for one in explanation.creators for offer in one.offers):
        yield Text("~ at least: the time was over before the cent was found.", style="dim")


def _paragraph(explanation: Explanation, one: CreatorExplanation) -> Iterator[Text]:
    """Yield what is told of one creator, the most important first."""
    where = "in the plan" if one.picked else "not in the plan"
    title = cell(one.creator, "bold")
    title.append_text(cell(f" ({one.tier})" if one.tier else "", "dim")).append(f" is {where}.")
    yield title
    if one.change is not None:
        yield cell(f"  {_effect(explanation, one, one.change)}")
    elif one.status == NOT_LOOKED_AT:
        yield cell("  Not looked at: the time was over.", "yellow")
    else:
        yield from (cell(f"  {reason[:1].upper()}{reason[1:]}.", "yellow") for reason in one.reasons)
    for offer in one.offers:
        yield cell(f"  {_offer_words(explanation, one, offer)}")
    if one.binding:
        yield cell(f"  Rules without room that count the creator: {', '.join(one.binding)}.", "dim")


def _effect(explanation: Explanation, one: CreatorExplanation, change: Difference) -> str:
    """Say what the best plan without, or with, the creator has more or less, and who comes and goes."""
    start = "Without" if one.picked else "With"
    figures = [_figure(explanation, name, change) for name in TOLD if change.metrics[name]]
    goal = "" if change.share is None else f" ({_signed_percent(float(change.share))} of the goal)"
    told = ", ".join(figures) if figures else "the same results"
    came, left = ([name for name in names if name != one.creator] for names in (change.added, change.dropped))
    who = [
        f"{', '.join(_named(tuple(names)))} {verb}"
        for names, verb in ((came, "would come"), (left, "would go"))
        if names
    ]
    mark = "" if one.status == "optimal" else " at least, not proven"
    return f"{start}: {told}{goal}{mark}. " + (f"{'; '.join(who)}." if who else "Nobody else changes.")


def _figure(explanation: Explanation, name: str, change: Difference) -> str:
    amount = change.metrics[name]
    shown = format_conversions(abs(amount)) if name == "conversions" else format_count(abs(amount) / 1000)
    whole = explanation.totals.metrics[name]
    share = f" ({_signed_percent(amount / whole)})" if whole else ""
    return f"{'-' if amount < 0 else '+'}{shown} {name}{share}"


def _offer_words(explanation: Explanation, one: CreatorExplanation, offer: ExplainedOffer) -> str:
    """Say the fee at which an offer is in, or comes in."""
    currency, found = explanation.roster.currency, offer.break_even
    times, where = f"x{offer.units}" if offer.units > 1 else "", f"on {offer.platform}" if offer.platform else ""
    what = " ".join(filter(None, (offer.offer, times, where)))
    name = what[:1].upper() + what[1:] if what else "The offer"
    fee = _fee(offer.fee, currency)
    if found.fee is None:
        return f"{name} asks {fee}: {found.message}."
    limit, doubt = _fee(found.fee, currency), "" if found.exact else f" ({found.message})"
    if one.picked:
        return (
            f"{name} asks {fee} and is in up to {limit} ({_room(offer)}){doubt}: that is what you can still agree to."
        )
    if found.fee >= offer.fee:
        return f"{name} asks {fee}: the plan would be worth as much with it, up to {limit}{doubt}."
    return f"{name} asks {fee} and would come in at {limit} or less ({_room(offer)}){doubt}."


def _tail(explanation: Explanation) -> Iterator[Text]:
    if explanation.status != "optimal":
        yield cell("The plan itself is not proven best: a better one might decide otherwise.", "bold yellow")
    if not explanation.finished:
        yield cell("Some of it was not finished in its time: a longer --time-limit helps.", "bold yellow")
    yield from (cell(f"Warning: {warning}.", "yellow") for warning in explanation.warnings)

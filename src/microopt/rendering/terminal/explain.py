"""An explanation for a person: a table of all picks, or a paragraph for each creator asked about."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from microopt.analysis.explain.explain import CreatorExplanation, ExplainedOffer, Explanation
from microopt.plan.difference import NOT_LOOKED_AT
from microopt.quantities.parse_and_format import format_money
from microopt.rendering.terminal.screen import Screen, cell, message_lines, notes_and_warnings
from microopt.rendering.terminal.table import Column, figure, table
from microopt.rendering.wording.explain import (
    describe_effect,
    describe_missing_plan,
    describe_offer,
    explanation_legend,
    explanation_sentences,
    format_break_even,
    format_fee,
    format_fee_change,
    list_names,
)
from microopt.rendering.wording.plan_figures import capitalize_sentence, format_signed_percent, study_heading

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
    spend = format_money(totals.spend, roster.currency, whole=True)
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
        Column("Who would come instead", replacements, min_width=12, share=3, wrap=True),
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

"""The tables of a campaign that runs: its results against its plan, and those of each creator under contract."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from microopt.plan.pacing import CreatorPacing, MetricPacing, Pacing
from microopt.plan.plan import Plan
from microopt.rendering.html.metric_names import metric_name
from microopt.rendering.language.language import Language
from microopt.rendering.sanitize import plain_text
from microopt.rendering.story.figures import change, write_result
from microopt.rendering.wording.replan import CREATOR_METRICS
from microopt.roster.contract_state_words import state_word

SPEND, CREATORS = "spend", "creators"


class ProgressTable(Struct, frozen=True, kw_only=True):
    """A table in words; the first column is what the row is about."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def pacing_table(plan: Plan, pacing: Pacing, language: Language, *, fees: bool = True) -> ProgressTable:
    """Return what was planned, has come and is projected, of the whole campaign.

    Parameters
    ----------
    fees
        Whether what single creators cost may be read: what was spent to date may be the fee of the first.
    """
    _ = language.text
    headings = (_("First planned"), _("To date"), _("Share"), _("Projected"), _("Change"))
    rows = tuple(_pacing_row(plan, figure, language) for figure in pacing.figures if fees or figure.name != SPEND)
    return ProgressTable(headings=(_day(pacing, language), *headings), rows=rows)


def _day(pacing: Pacing, language: Language) -> str:
    """Return the day up to which results count."""
    if pacing.day is None:
        return language.text("The campaign")
    day = language.number(pacing.day)
    if pacing.days is None:
        return language.text("Day {day}", day=day)
    return language.text("Day {day} of {days}", day=day, days=language.number(pacing.days))


def _pacing_row(plan: Plan, figure: MetricPacing, language: Language) -> tuple[str, ...]:
    def write(amount: int | None) -> str:
        if amount is None:
            return "-"
        if figure.name == SPEND:
            return language.money(amount, plan.roster.currency, whole=True)
        return write_result(language, figure.name, amount / 1000)

    share, more = "-", "-"
    if figure.planned:
        share = "-" if figure.to_date is None else language.percent(figure.to_date / figure.planned)
        more = change(language, figure.projected / figure.planned - 1)
    name = _figure_name(figure.name, language)
    return name, write(figure.planned), write(figure.to_date), share, write(figure.projected), more


def _figure_name(name: str, language: Language) -> str:
    if name == SPEND:
        return language.text("Spend")
    return language.text("Creators") if name == CREATORS else metric_name(name, language)


def contracts_table(pacing: Pacing, language: Language) -> ProgressTable:
    """Return what each creator under contract was planned to bring, has brought and is projected to bring."""
    _ = language.text
    headings = [_("Creator"), _("State")]
    for name in CREATOR_METRICS:
        metric = metric_name(name, language)
        headings.append(_("{metric} planned", metric=metric))
        headings.append(_("{metric} to date", metric=metric))
        headings.append(_("{metric} projected", metric=metric))
    rows = tuple(
        (plain_text(one.creator), state_word(one.state, language.code), *_contract_cells(one, language))
        for one in pacing.creators
    )
    return ProgressTable(headings=tuple(headings), rows=rows)


def _contract_cells(creator: CreatorPacing, language: Language) -> Iterator[str]:
    for name in CREATOR_METRICS:
        for figures in (creator.planned, creator.to_date, creator.projected):
            yield write_result(language, name, figures[name] / 1000) if name in figures else "-"

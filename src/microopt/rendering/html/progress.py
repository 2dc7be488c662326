"""The tables of a campaign that runs: its results against its plan, and those of each creator under contract."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from microopt.plan.pacing import CreatorPacing, MetricPacing, Pacing
from microopt.plan.plan import Plan
from microopt.rendering.language.language import Language
from microopt.rendering.sanitize import plain_text
from microopt.rendering.story.figures import change, write_result
from microopt.rendering.story.pacing_headings import pacing_headings, pacing_names, stage_heading
from microopt.rendering.wording.replan import CREATOR_METRICS, CREATOR_STAGES
from microopt.roster.contract_state_words import state_word

SPEND = "spend"


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
    rows = tuple(_pacing_row(plan, figure, language) for figure in pacing.figures if fees or figure.name != SPEND)
    return ProgressTable(headings=pacing_headings(pacing, language), rows=rows)


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
    name = pacing_names(language)[figure.name]
    return name, write(figure.planned), write(figure.to_date), share, write(figure.projected), more


def contracts_table(pacing: Pacing, language: Language) -> ProgressTable:
    """Return what each creator under contract was planned to bring, has brought and is projected to bring."""
    stages = [stage_heading(name, stage, language) for name in CREATOR_METRICS for stage in CREATOR_STAGES]
    rows = tuple(
        (plain_text(one.creator), state_word(one.state, language.code), *_contract_cells(one, language))
        for one in pacing.creators
    )
    return ProgressTable(headings=(language.text("Creator"), language.text("State"), *stages), rows=rows)


def _contract_cells(creator: CreatorPacing, language: Language) -> Iterator[str]:
    for name in CREATOR_METRICS:
        for figures in (creator.planned, creator.to_date, creator.projected):
            yield write_result(language, name, figures[name] / 1000) if name in figures else "-"

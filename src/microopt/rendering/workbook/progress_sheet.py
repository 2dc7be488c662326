"""The sheet So far: the results of a campaign against its plan, who was exchanged, and who is under contract."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from microopt.analysis.report.result import Report
from microopt.campaign.progress import RESULT_METRICS
from microopt.plan.pacing import CreatorPacing, MetricPacing, Pacing
from microopt.plan.replan_summary import ReplanSummary, RosterChange
from microopt.rendering.language.language import Language
from microopt.rendering.story.moved import moved_sentences
from microopt.rendering.story.pacing_headings import pacing_headings, pacing_names, stage_heading
from microopt.rendering.story.switches import switch_gain, switches_sentence, told_gain
from microopt.rendering.story.verdict import Verdict, verdict
from microopt.rendering.wording.full_stop import end_sentence
from microopt.rendering.wording.replan import (
    CREATOR_STAGES,
    reportable_pacing,
)
from microopt.rendering.workbook.book import GREY, PALE, ROW_STYLE, Sheet, SheetGrid, WorkbookWriter, row_height
from microopt.rendering.workbook.metric_columns import metric_format
from microopt.roster.contract_state_words import state_word

FIRST_WIDTH = 24
KEYS = ("what", "planned", "to date", "share", "projected", "change")
REASON_COLUMNS = ("",) * 4  # empty columns that long reasons extend over
FIRST = 2  # row of the first figure
SIGNED_PERCENT = "+0.0%;-0.0%;0.0%"
RATES = {"share": "0.0%", "change": SIGNED_PERCENT}  # number formats


def write_progress(book: WorkbookWriter, report: Report) -> None:
    """Write the sheet, if the campaign has results or contracts."""
    plan, pacing = report.plan, reportable_pacing(report.plan)
    if pacing is None:
        return
    sheet = book.sheet(book.text("So far"))
    sheet.widths([FIRST_WIDTH, *(13 for _ in range(2 + len(CREATOR_STAGES) * len(RESULT_METRICS)))])
    row = _write_figures(sheet, report, pacing) + 1
    if (told := verdict(plan, book.language)) is not None:
        row = _write_verdict(sheet, report, told, row) + 1
    if plan.replan is not None:
        row = _write_switches(sheet, report, plan.replan, row)
        row = _write_moved(sheet, report, row) + 1
    if pacing.creators:
        _write_creators(sheet, report, pacing.creators, row)


def _write_figures(sheet: Sheet, report: Report, pacing: Pacing) -> int:
    """Write the figures of the whole campaign, and return the row below them.

    What was spent to date may be the fee of one creator.
    """
    figures = [figure for figure in pacing.figures if report.edition.fees or figure.name != "spend"]
    text, language = sheet.book.text, sheet.book.language
    names = pacing_names(language)
    grid = SheetGrid(sheet=text("So far"), keys=KEYS, first=FIRST, rows=len(figures))
    sheet.title(0, text("How the campaign is doing"))
    sheet.header(FIRST - 1, pacing_headings(pacing, language))
    for row, figure in enumerate(figures, FIRST):
        money = figure.name == "spend"
        number_format = sheet.book.formats.money if money else metric_format(figure.name)
        sheet.text(row, 0, names[figure.name], **ROW_STYLE)
        amounts = {"planned": figure.planned, "to date": figure.to_date, "projected": figure.projected}
        for key, amount in amounts.items():
            value = None if amount is None else amount / (100 if money else 1000)
            sheet.write(row, grid.column(key), value, num_format=number_format, **ROW_STYLE)
        for key in RATES:
            sheet.write(row, grid.column(key), None, **ROW_STYLE)
        for key, formula, rate in _rates(grid, row, figure):
            sheet.formula(row, grid.column(key), formula, rate, num_format=RATES[key], align="right", **ROW_STYLE)
    return FIRST + grid.rows


def _write_verdict(sheet: Sheet, report: Report, told: Verdict, row: int) -> int:
    """Write whether the campaign is on track, and its money in parts with their sum; return the row below."""
    text, money = sheet.book.text, {"num_format": sheet.book.formats.money, **ROW_STYLE}
    sheet.text(row, 0, told.sentence, bold=True)
    if not report.edition.fees:  # a part may be the fee of one creator
        return row + 1
    header = row + 1
    sheet.header(header, [text("Money under contract"), text("Amount"), *_wide(text("What it is"))], remarks=(2,))
    for line, part in enumerate(told.money, header + 1):
        sheet.text(line, 0, part.name, **ROW_STYLE)
        sheet.number(line, 1, part.amount / 100, **money)
        sheet.text(line, 2, part.note, indent=1)
    total = header + 1 + len(told.money)
    sheet.text(total, 0, text("Together"), bold=True, bg_color=PALE)
    cells = f"B{header + 2}:B{total}"
    sheet.formula(total, 1, f"SUM({cells})", told.bound / 100, **{**money, "bold": True, "bg_color": PALE})
    return total + 1


def _wide(name: str) -> tuple[str, ...]:
    """Return the header of texts that extend over the empty columns to its right."""
    return (name, *REASON_COLUMNS)


def _rates(grid: SheetGrid, row: int, figure: MetricPacing) -> Iterator[tuple[str, str, float | str]]:
    """Yield (column, formula, value) of the share of the plan that has come, and of the projected difference to it."""
    planned, to_date, projected = (grid.cell(key, row) for key in ("planned", "to date", "projected"))
    if figure.to_date is not None:
        yield "share", f'IFERROR({to_date}/{planned},"")', figure.to_date / figure.planned if figure.planned else ""
    yield (
        "change",
        f'IFERROR({projected}/{planned}-1,"")',
        figure.projected / figure.planned - 1 if figure.planned else "",
    )


def _write_switches(sheet: Sheet, report: Report, step: ReplanSummary, row: int) -> int:
    """Write who was exchanged since the last plan and why, and return the row below."""
    text, has_reasons = sheet.book.text, report.edition.fees  # reasons name fees that rose
    sheet.title(row, switches_sentence(step, sheet.book.language))
    below = row + 1
    if step.switches:
        reasons = _wide(text("Because")) if has_reasons else ()
        sheet.header(below, [text("Creator"), "", text("Gain"), *reasons], left=2, remarks=(3,))
        for line, switch in enumerate(step.switches, below + 1):
            sheet.text(line, 0, switch.creator, **ROW_STYLE)
            sheet.text(line, 1, text("added") if switch.added else text("dropped"), **ROW_STYLE)
            sheet.write(
                line,
                2,
                _switch_gain(switch, sheet.book.language),
                num_format=SIGNED_PERCENT,
                align="right",
                **ROW_STYLE,
            )
            if has_reasons:
                sheet.text(line, 3, "; ".join(switch.causes), indent=1)
        below += 1 + len(step.switches)
    notes = map(end_sentence, step.notes) if report.edition.is_internal else ()
    sentences = [*filter(None, [told_gain(step, sheet.book.language)]), *notes]
    for line, sentence in enumerate(sentences, below):
        sheet.text(line, 0, sentence, italic=True, font_color=GREY)
    return below + len(sentences)


def _write_moved(sheet: Sheet, report: Report, row: int) -> int:
    """Write what moved between waves since the last plan, which may be one fee, and return the row below."""
    sentences = [*moved_sentences(report.plan, sheet.book.language)] if report.edition.fees else []
    for line, sentence in enumerate(sentences, row):
        sheet.text(line, 0, sentence)
    return row + len(sentences)


def _switch_gain(switch: RosterChange, language: Language) -> float | str:
    """Return the gain of a switch, or a word if it is not a number."""
    if switch.forced or switch.gain is None or switch.gain.share is None:
        return switch_gain(switch, language)
    return float(switch.gain.share)


class _ContractColumn(Struct, frozen=True, kw_only=True):
    """A column of the creators under contract: a metric, and whether as planned, to date or projected."""

    metric: str
    stage: str

    def value(self, creator: CreatorPacing) -> float | None:
        figures = dict(zip(CREATOR_STAGES, (creator.planned, creator.to_date, creator.projected), strict=True))[
            self.stage
        ]
        return figures[self.metric] / 1000 if self.metric in figures else None


def _write_creators(sheet: Sheet, report: Report, creators: tuple[CreatorPacing, ...], row: int) -> None:
    """Write every creator under contract, with a filter above."""
    text, language = sheet.book.text, sheet.book.language
    sheet.title(row, text("Under contract"))
    columns = [_ContractColumn(metric=metric, stage=stage) for metric in RESULT_METRICS for stage in CREATOR_STAGES]
    columns = [column for column in columns if any(column.value(creator) is not None for creator in creators)]
    header, costs = row + 1, [text("Cost")] if report.edition.fees else []
    stages = [stage_heading(column.metric, column.stage, language) for column in columns]
    headers = [text("Creator"), text("State today"), *costs, *stages]
    sheet.header(header, headers, left=2)
    for line, creator in enumerate(creators, header + 1):
        sheet.text(line, 0, creator.creator, text_wrap=True, **ROW_STYLE)
        sheet.text(line, 1, state_word(creator.state, report.edition.language), **ROW_STYLE)
        if costs:
            sheet.number(line, 2, creator.cost / 100, num_format=sheet.book.formats.money, **ROW_STYLE)
        for place, column in enumerate(columns, 2 + len(costs)):
            sheet.write(line, place, column.value(creator), num_format=metric_format(column.metric), **ROW_STYLE)
        if (height := row_height([(creator.creator, FIRST_WIDTH)])) is not None:
            sheet.page.set_row(line, height)
    sheet.page.autofilter(header, 0, header + len(creators), len(headers) - 1)
    sheet.page.repeat_rows(header)

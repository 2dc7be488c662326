"""The sheet Waves: what each creator posts in each wave, and totals of waves as formulas over the sheet Creators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from microopt.analysis.report.result import Report
from microopt.campaign.metrics import METRICS
from microopt.plan.plan import Plan
from microopt.quantities.cell_names import column_letters
from microopt.rendering.charts.palette import tier_color
from microopt.rendering.sanitize import plain_text
from microopt.rendering.wording.waves import CreatorWaves, creators_in_waves, main_metric, post_names, wave_marks
from microopt.rendering.workbook.book import GREY, PALE, ROW_STYLE, Sheet, SheetGrid, WorkbookWriter, row_height
from microopt.rendering.workbook.metric_columns import COUNT, metric_format, metric_headers

FIRST = 5  # row of the first creator, below the header and the days
CREATOR_WIDTH, TIER_WIDTH, WAVE_WIDTH, POSTS_WIDTH = 26, 9, 13, 9
LEFT = 2  # columns before the first wave
RESULTS = ("engagements", "conversions")


def write_waves(book: WorkbookWriter, report: Report, creators: SheetGrid) -> None:
    """Write the sheet, if the plan has a calendar."""
    plan, text = report.plan, book.text
    if not plan.by_wave:
        return
    sheet, count = book.sheet(text("Waves")), len(plan.by_wave)
    sheet.widths([CREATOR_WIDTH, TIER_WIDTH, *[WAVE_WIDTH] * count, POSTS_WIDTH])
    sheet.title(0, text("Who posts when"))
    about = text("The totals below follow the sheet {sheet}.", sheet=creators.sheet)
    sheet.text(1, 0, about, font_color=GREY)
    sheet.header(
        FIRST - 2, [text("Creator"), text("Tier"), *(wave.wave for wave in plan.by_wave), text("Posts")], left=2
    )
    days = [book.language.period(wave.starts, wave.ends) for wave in plan.by_wave]
    for column, period in enumerate(days, LEFT):
        sheet.text(FIRST - 1, column, period, font_color=GREY, font_size=8, align="right", text_wrap=True)
    sheet.page.set_row(FIRST - 1, row_height([(period, WAVE_WIDTH) for period in days]))
    rows = creators_in_waves(plan)
    names = post_names(plan.picks)
    for row, creator in enumerate(rows, FIRST):
        marks = ["" if not picks else wave_marks(picks, names) for picks in creator.waves]
        _write_creator(sheet, plan, row, creator, marks)
    totals = list(_totals(book, plan, creators))
    for row, total in enumerate(totals, FIRST + len(rows)):
        _write_total(sheet, creators, row, total)
    sheet.page.freeze_panes(FIRST, 1)
    sheet.page.repeat_rows(FIRST - 2, FIRST - 1)
    sheet.page.print_area(0, 0, FIRST + len(rows) + len(totals) - 1, LEFT + count)


def _write_creator(sheet: Sheet, plan: Plan, row: int, creator: CreatorWaves, marks: Sequence[str]) -> None:
    sheet.text(row, 0, plain_text(creator.creator), text_wrap=True, **ROW_STYLE)
    sheet.text(row, 1, plain_text(creator.tier), text_wrap=True, **ROW_STYLE)
    bar = {"bg_color": tier_color(creator.tier, list(plan.mix)), "font_color": "#FFFFFF", "align": "center"}
    for column, mark in enumerate(marks, LEFT):
        sheet.write(row, column, mark or None, text_wrap=True, **(bar if mark else {}), **ROW_STYLE)
    last = LEFT + len(marks)
    if creator.posts == sum(map(bool, marks)):
        cells = f"{_cell(LEFT, row)}:{_cell(last - 1, row)}"
        sheet.formula(row, last, f"COUNTA({cells})", creator.posts, num_format=COUNT, **ROW_STYLE)
    else:  # a cell that names several posts
        sheet.number(row, last, creator.posts, num_format=COUNT, **ROW_STYLE)
    height = row_height([(creator.creator, CREATOR_WIDTH), *((mark, WAVE_WIDTH) for mark in marks)])
    if height is not None:
        sheet.page.set_row(row, height)


class _Total(Struct, frozen=True, kw_only=True):
    """A line of totals: a column of the sheet Creators, None for the number of its rows, and its sum in each wave."""

    title: str
    key: str | None
    number_format: str
    values: tuple[float, ...]


def _totals(book: WorkbookWriter, plan: Plan, creators: SheetGrid) -> Iterator[_Total]:
    units = "units" if "units" in creators.keys else None
    posts = tuple(wave.posts for wave in plan.by_wave)
    yield _Total(title=book.text("Posts"), key=units, number_format=COUNT, values=posts)
    if "cost" in creators.keys:
        spend = tuple(wave.spend / 100 for wave in plan.by_wave)
        yield _Total(title=book.text("Spend"), key="cost", number_format=book.formats.money, values=spend)
    headers = metric_headers(book.language)
    for name in dict.fromkeys((main_metric(plan), *RESULTS)):
        if name in METRICS:
            amounts = tuple(wave.metrics[name] / 1000 for wave in plan.by_wave)
            yield _Total(title=headers[name], key=name, number_format=metric_format(name), values=amounts)


def _write_total(sheet: Sheet, creators: SheetGrid, row: int, total: _Total) -> None:
    style = {"num_format": total.number_format, "bold": True, "bg_color": PALE}
    sheet.text(row, 0, total.title, bold=True, bg_color=PALE)
    sheet.write(row, 1, None, bg_color=PALE)
    for column, value in enumerate(total.values, LEFT):
        name = f"{column_letters(column)}${FIRST - 1}"
        sheet.formula(row, column, wave_sum_formula(creators, name, total.key), value, **style)
    last = LEFT + len(total.values)
    sheet.formula(row, last, f"SUM({_cell(LEFT, row)}:{_cell(last - 1, row)})", sum(total.values), **style)


def wave_sum_formula(creators: SheetGrid, name: str, key: str | None) -> str:
    """Return the sum of a column over the posts in a wave, or their number.

    It compares the texts one by one, as SUMIF would take the name of a wave for a pattern.

    Parameters
    ----------
    name
        The cell with the name of the wave.
    """
    is_in_wave = f"EXACT({creators.column_reference('wave')},{name})*1"
    return f"SUMPRODUCT({is_in_wave})" if key is None else f"SUMPRODUCT({is_in_wave},{creators.column_reference(key)})"


def _cell(column: int, row: int) -> str:
    return f"{column_letters(column)}{row + 1}"

"""A simulation as a workbook: the answer and the totals, the chances, the creators, and the histograms with charts."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from microopt.analysis.simulation.result import Distribution, Histogram, Simulation
from microopt.rendering.charts.drawing import ENGLISH
from microopt.rendering.charts.palette import BLUE
from microopt.rendering.wording.simulation import (
    DECLINED_HEADING,
    DECLINED_LEGEND,
    MONEY,
    RISK_LEGEND,
    TOTALS,
    TOTALS_LEGEND,
    chance_rows,
    figure_name,
    format_edge,
    histogram_title,
    risk_title,
    simulation_head,
    simulation_sentences,
    simulation_title,
)
from microopt.rendering.workbook.book import (
    FONT,
    GREY,
    LINE,
    ROW_STYLE,
    NumberFormats,
    Sheet,
    WorkbookWriter,
    chart_text,
)
from microopt.rendering.workbook.metric_columns import COUNT, TENTHS

SHARE, CHANCE = "0.0%", "0.00%"
LARGE_SPEND = 1_000_00  # cents, from which money is in whole units
WIDTH, LABEL_WIDTH = 13, 44
CHART_WIDTH, CHART_HEIGHT = 640, 320  # pixels


def simulation_xlsx(simulation: Simulation) -> bytes:
    """Return a simulation as a workbook with the sheets Totals, Chances, Creators and Outcomes."""
    is_large = simulation.totals.spend >= LARGE_SPEND
    formats = NumberFormats(currency=simulation.roster.currency, whole_money=is_large, sign_first=True)
    book = WorkbookWriter(simulation_title(simulation), formats, ENGLISH, simulation.campaign.report.date)
    _write_totals(book, simulation)
    _write_chances(book, simulation)
    _write_creators(book, simulation)
    _write_outcomes(book, simulation)
    return book.to_bytes()


def _write_totals(book: WorkbookWriter, simulation: Simulation) -> None:
    sheet = book.sheet("Totals")
    sheet.widths([24, *(WIDTH for _ in TOTALS)])
    sheet.title(0, simulation_title(simulation))
    row = 1
    for _, sentence in (*simulation_head(simulation), *simulation_sentences(simulation)):
        sheet.text(row, 0, sentence)
        row += 1
    sheet.header(row + 1, ["Total", *TOTALS.values()])
    row += 2
    for spread in simulation.distributions:
        sheet.text(row, 0, figure_name(spread.measure), **ROW_STYLE)
        for column, key in enumerate(TOTALS, 1):
            figure = getattr(spread, key)
            value = None if figure is None else float(figure)
            sheet.write(row, column, value, num_format=_number_format(book, spread), align="right", **ROW_STYLE)
        row += 1
    sheet.text(row + 1, 0, TOTALS_LEGEND, font_color=GREY)


def _number_format(book: WorkbookWriter, spread: Distribution) -> str:
    if spread.measure in MONEY:
        return book.formats.money
    return '0.00"x"' if spread.measure == "roas" else TENTHS if spread.measure in ("conversions", "creators") else COUNT


def _write_chances(book: WorkbookWriter, simulation: Simulation) -> None:
    sheet = book.sheet("Chances")
    sheet.widths([22, LABEL_WIDTH, WIDTH, WIDTH, WIDTH, WIDTH])
    sheet.header(0, ["Of", "What", "Chance", "At least", "At most", "As planned"], left=2)
    over = simulation.overspending
    shares: list[tuple[Fraction | float, ...]] = [(each.share, each.low, each.high) for each in simulation.chances]
    shares += [] if over is None else [(1 - over.share, 1 - over.high, 1 - over.low)]
    for row, (line, figures) in enumerate(zip(chance_rows(simulation), shares, strict=True), 1):
        sheet.text(row, 0, line.group, **ROW_STYLE)
        sheet.text(row, 1, line.label, text_wrap=True, **ROW_STYLE)
        for column, share in enumerate(figures, 2):
            sheet.number(row, column, float(share), num_format=CHANCE, **ROW_STYLE)
        sheet.text(row, 5, line.planned, align="right", **ROW_STYLE)
    sheet.page.freeze_panes(1, 0)


def _write_creators(book: WorkbookWriter, simulation: Simulation) -> None:
    sheet = book.sheet("Creators")
    sheet.widths([28, 10, 32, WIDTH, WIDTH, WIDTH])
    sheet.title(0, risk_title(simulation))
    sheet.header(1, ["Creator", "Tier", "Offers", "Of result", "Of risk", DECLINED_HEADING], left=3)
    for row, each in enumerate(simulation.risk, 2):
        sheet.text(row, 0, each.creator, **ROW_STYLE)
        sheet.text(row, 1, each.tier, **ROW_STYLE)
        sheet.text(row, 2, ", ".join(each.offers), **ROW_STYLE)
        for column, share in enumerate((each.expected, each.shortfall, each.declined), 3):
            value = None if share is None else float(share)
            sheet.write(row, column, value, num_format=SHARE, align="right", **ROW_STYLE)
    sheet.text(len(simulation.risk) + 3, 0, f"{RISK_LEGEND} {DECLINED_LEGEND}", font_color=GREY)
    sheet.page.freeze_panes(2, 1)


def _write_outcomes(book: WorkbookWriter, simulation: Simulation) -> None:
    """Write a block of bins for each total that the goal is about, with a chart beside it."""
    sheet, row = book.sheet("Outcomes"), 0
    sheet.widths([26, WIDTH, WIDTH])
    for shown in simulation.histograms:
        sheet.title(row, histogram_title(shown.measure))
        sheet.header(row + 1, [figure_name(shown.measure), "Outcomes", "Share"])
        lines = _bin_lines(simulation, shown)
        for place, (label, count) in enumerate(lines, row + 2):
            sheet.text(place, 0, label, **ROW_STYLE)
            sheet.number(place, 1, count, num_format=COUNT, **ROW_STYLE)
            sheet.number(place, 2, count / simulation.draws, num_format=SHARE, **ROW_STYLE)
        _insert_chart(book, sheet, shown, row + 2, len(lines))
        row += max(len(lines), CHART_HEIGHT // 20) + 4


def _bin_lines(simulation: Simulation, shown: Histogram) -> Sequence[tuple[str, int]]:
    edges = [format_edge(shown.measure, edge, simulation.roster.currency) for edge in shown.edges]
    lines = [(f"{low} to {high}", count) for (low, high), count in zip(pairwise(edges), shown.counts, strict=True)]
    lines = [(f"below {edges[0]}", shown.below), *lines] if shown.below else lines
    return [*lines, (f"{edges[-1]} or more", shown.above)] if shown.above else lines


def _insert_chart(book: WorkbookWriter, sheet: Sheet, shown: Histogram, first: int, count: int) -> None:
    chart = book.chart({"type": "column"})
    last = first + count - 1
    chart.add_series(
        {
            "name": "Share of the outcomes",
            "categories": ["Outcomes", first, 0, last, 0],
            "values": ["Outcomes", first, 2, last, 2],
            "fill": {"color": BLUE},
            "gap": 5,
        }
    )
    title = chart_text(histogram_title(shown.measure))
    chart.set_title({"name": title, "name_font": {"name": "Arial", "size": 12, "color": GREY}})
    chart.set_x_axis({"num_font": FONT})
    chart.set_y_axis(
        {"num_font": FONT, "num_format": "0%", "major_gridlines": {"visible": True, "line": {"color": LINE}}}
    )
    chart.set_legend({"none": True})
    chart.set_chartarea({"border": {"color": LINE}})
    chart.set_size({"width": CHART_WIDTH, "height": CHART_HEIGHT})
    sheet.page.insert_chart(first - 1, 4, chart, {"description": title})

"""A deck of slides: where a title, a table, a chart or a note stands on a slide, and how it looks."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Inches, Pt

from microopt.campaign.report_settings import ReportSettings
from microopt.rendering.charts.palette import LIGHT, MEASURES
from microopt.rendering.sanitize import valid_utf8, workbook_text
from microopt.rendering.slides.fixed_package import fix_package

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
MARGIN = Inches(0.6)
BODY_TOP, BODY_HEIGHT = Inches(1.75), Inches(4.95)
FOOTER_TOP = Inches(6.95)
BLANK_LAYOUT = 6  # of python-pptx's own template
NO_DATE = datetime(1980, 1, 1, tzinfo=UTC)
ROW_HEIGHT = Inches(0.3)
_chart_data: Any = CategoryChartData  # python-pptx has types for some of its parts only
_color: Any = RGBColor
MOST_TEXT = 400  # characters of a text box


class Deck:
    """A presentation in memory, in 16:9.

    Parameters
    ----------
    title
        For the properties of the document.
    settings
        Whose accent colors the titles, and whose date is that of the file.
    footer
        On every slide.
    """

    def __init__(self, title: str, settings: ReportSettings, footer: str) -> None:
        self._deck = Presentation()
        self._deck.slide_width, self._deck.slide_height = WIDTH, HEIGHT
        self.accent = _rgb(settings.accent or LIGHT.accent)
        self._footer = footer
        day = NO_DATE if settings.date is None else datetime.combine(settings.date, time(), UTC)
        properties = self._deck.core_properties
        properties.title, properties.author = slide_text(title)[:255], "microopt"
        properties.created = properties.modified = self._day = day
        properties.last_modified_by = "microopt"

    def slide(self, title: str) -> Slide:
        """Return a new slide with a title and the footer."""
        page = self._deck.slides.add_slide(self._deck.slide_layouts[BLANK_LAYOUT])
        slide = Slide(page, self.accent)
        slide.write(title, MARGIN, Inches(0.55), WIDTH - 2 * MARGIN, Inches(1.1), size=28, bold=True)
        number = f"{len(self._deck.slides)}"
        slide.write(self._footer, MARGIN, FOOTER_TOP, WIDTH - 3 * MARGIN, Inches(0.35), size=10, color=LIGHT.soft)
        slide.write(
            number, WIDTH - 2 * MARGIN, FOOTER_TOP, MARGIN, Inches(0.35), size=10, color=LIGHT.soft, align="right"
        )
        return slide

    def to_bytes(self) -> bytes:
        """Return the file, which is the same for the same slides."""
        out = io.BytesIO()
        self._deck.save(out)
        return fix_package(out.getvalue(), self._day)


class Slide:
    """A slide; places are in EMU."""

    def __init__(self, page: Any, accent: RGBColor) -> None:
        self.page, self.accent = page, accent

    def write(
        self,
        text: str,
        left: int,
        top: int,
        width: int,
        height: int,
        *,
        size: float = 14,
        bold: bool = False,
        color: str = LIGHT.text,
        align: str = "left",
    ) -> None:
        """Write a text box; each line of the text is a paragraph."""
        frame = self.page.shapes.add_textbox(Emu(left), Emu(top), Emu(width), Emu(height)).text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        for number, line in enumerate(map(slide_text, text.split("\n"))):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            paragraph.alignment = PP_ALIGN.RIGHT if align == "right" else PP_ALIGN.LEFT
            paragraph.space_after = Pt(size / 2)
            run = paragraph.add_run()
            run.text = line
            run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, _rgb(color)

    def picture(self, data: bytes, left: int, top: int, *, height: int, most_width: int) -> None:
        """Place a PNG or JPEG picture, scaled to fit."""
        shape = self.page.shapes.add_picture(io.BytesIO(data), Emu(left), Emu(top), height=Emu(height))
        if shape.width > most_width:
            shape.height = Emu(round(shape.height * most_width / shape.width))
            shape.width = Emu(most_width)

    def rule(self, left: int, top: int, width: int) -> None:
        """Draw a short line in the accent color."""
        line = self.page.shapes.add_shape(1, Emu(left), Emu(top), Emu(width), Inches(0.06))
        line.fill.solid()
        line.fill.fore_color.rgb = self.accent
        line.line.fill.background()

    def table(
        self,
        header: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        *,
        left: int = MARGIN,
        top: int = BODY_TOP,
        texts: int = 1,
        size: float = 12,
        total: bool = False,
    ) -> None:
        """Write a table.

        Parameters
        ----------
        widths
            Of the columns, in inches.
        texts
            How many columns, from the first, are left-justified; the others hold numbers.
        total
            Whether the last row is a sum.
        """
        shape = self.page.shapes.add_table(
            len(rows) + 1, len(header), Emu(left), Emu(top), Inches(sum(widths)), ROW_HEIGHT * (len(rows) + 1)
        )
        table = shape.table
        table.horz_banding = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Inches(width)
        for number, cells in enumerate((header, *rows)):
            table.rows[number].height = ROW_HEIGHT
            strong = number == 0 or (total and number == len(rows))
            for column, cell in enumerate(cells):
                self._cell(table.cell(number, column), cell, head=number == 0, strong=strong, size=size)
                if column >= texts:
                    table.cell(number, column).text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT

    def _cell(self, cell: Any, text: str, *, head: bool, strong: bool, size: float) -> None:
        cell.margin_top = cell.margin_bottom = Inches(0.03)
        cell.margin_left = cell.margin_right = Inches(0.08)
        cell.vertical_anchor = MSO_ANCHOR.MIDDLE
        cell.fill.solid()
        cell.fill.fore_color.rgb = self.accent if head else _rgb(LIGHT.card if strong else LIGHT.paper)
        run = cell.text_frame.paragraphs[0].add_run()
        run.text = slide_text(text)
        run.font.size, run.font.bold = Pt(size), strong
        run.font.color.rgb = _rgb(LIGHT.paper if head else LIGHT.text)

    def chart(
        self,
        kind: str,
        categories: Sequence[str],
        series: Sequence[tuple[str, Sequence[float | None]]],
        *,
        colors: Sequence[str] = MEASURES,
        left: int = MARGIN,
        top: int = BODY_TOP,
        width: int,
        height: int = BODY_HEIGHT,
    ) -> None:
        """Draw a chart of shares, `bars` or `lines`, which can be edited with its data."""
        data: Any = _chart_data(number_format="0%")
        data.categories = [slide_text(category) for category in categories]
        for name, values in series:
            data.add_series(slide_text(name), values)
        place = (Emu(left), Emu(top), Emu(width), Emu(height))
        chart_type = XL_CHART_TYPE.BAR_CLUSTERED if kind == "bars" else XL_CHART_TYPE.LINE_MARKERS
        chart: Any = self.page.shapes.add_chart(chart_type, *place, data).chart
        chart.font.size, chart.font.color.rgb = Pt(12), _rgb(LIGHT.soft)
        chart.has_title = False
        chart.has_legend = len(series) > 1
        if chart.has_legend:
            chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        chart.value_axis.tick_labels.number_format, chart.value_axis.tick_labels.number_format_is_linked = "0%", False
        chart.value_axis.major_gridlines.format.line.color.rgb = _rgb(LIGHT.line)
        chart.value_axis.format.line.fill.background()
        plot = chart.plots[0]
        if kind == "bars":
            chart.category_axis.reverse_order = True
            plot.gap_width, plot.overlap, plot.has_data_labels = 60, -10, True
            plot.data_labels.number_format, plot.data_labels.number_format_is_linked = "0%", False
            plot.data_labels.font.size = Pt(11)
        for one, color in zip(plot.series, colors, strict=False):
            if kind == "bars":
                one.format.fill.solid()
                one.format.fill.fore_color.rgb = _rgb(color)
            else:
                one.smooth = False
                one.format.line.color.rgb, one.format.line.width = _rgb(color), Pt(2.5)
                one.marker.format.fill.solid()
                one.marker.format.fill.fore_color.rgb = _rgb(color)


def slide_text(text: str) -> str:
    """Return text without what a slide cannot hold, shortened."""
    return valid_utf8(workbook_text(text, MOST_TEXT))


def _rgb(color: str) -> RGBColor:
    parsed: RGBColor = _color.from_string(color.lstrip("#").upper())
    return parsed

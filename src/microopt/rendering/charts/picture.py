"""A chart as a picture that stands alone: under a title and a subtitle, above a line that says when and from what."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from msgspec import Struct
from rich.console import Console
from rich.text import Text

from microopt.rendering.charts.palette import FONT, LIGHT

XML_NAMESPACE = "http://www.w3.org/2000/svg"
NAMESPACE = f"{{{XML_NAMESPACE}}}"
MARGIN, GAP = 40, 18  # points
TITLE_SIZE, SUBTITLE_SIZE, FOOTER_SIZE = 26, 14, 11
LINE = 1.25  # of the size of its text
TITLE_LINES, SUBTITLE_LINES = 3, 3
CELL_WIDTH, BOLD_CELL_WIDTH = 0.51, 0.56  # of a text's size: what a column of it takes, half a character of Chinese


class Texts(Struct, frozen=True, kw_only=True):
    """What stands around a chart."""

    title: str
    subtitle: str
    footer: str


class Frame(Struct, frozen=True, kw_only=True):
    """The size of a picture, and where its parts stand, in points."""

    width: int
    height: int
    texts: Texts

    @property
    def chart_width(self) -> int:
        """How wide the chart may be."""
        return self.width - 2 * MARGIN

    @property
    def title_lines(self) -> list[str]:
        """The title, in as many lines as it has room for."""
        return _wrapped(self.texts.title, self.chart_width / (TITLE_SIZE * BOLD_CELL_WIDTH), TITLE_LINES)

    @property
    def subtitle_lines(self) -> list[str]:
        """The subtitle, in the same way."""
        return _wrapped(self.texts.subtitle, self.chart_width / (SUBTITLE_SIZE * CELL_WIDTH), SUBTITLE_LINES)

    @property
    def subtitle_top(self) -> float:
        """Where the subtitle begins."""
        return MARGIN + len(self.title_lines) * TITLE_SIZE * LINE + GAP / 3

    @property
    def chart_top(self) -> float:
        """Where the chart begins."""
        return self.subtitle_top + len(self.subtitle_lines) * SUBTITLE_SIZE * LINE + GAP

    @property
    def footer_top(self) -> float:
        """Where the line above the footer stands."""
        return self.height - MARGIN - FOOTER_SIZE * LINE / 2

    @property
    def chart_height(self) -> int:
        """How high the chart may be."""
        return int(self.footer_top - GAP - self.chart_top)


def framed_picture(frame: Frame, chart: str) -> str:
    """Return a picture of a chart, which is an SVG file of at most the frame's size for it."""
    drawn = ET.fromstring(chart)  # noqa: S314 (drawn by vl-convert)
    size = {"width": str(frame.width), "height": str(frame.height)}
    root = ET.Element("svg", {"xmlns": XML_NAMESPACE, **size, "viewBox": f"0 0 {frame.width} {frame.height}"})
    ET.SubElement(root, "title").text = frame.texts.title
    ET.SubElement(root, "rect", {**size, "fill": LIGHT.paper})
    _add_lines(root, frame.title_lines, MARGIN, TITLE_SIZE, {"font-weight": "bold", "fill": LIGHT.text})
    _add_lines(root, frame.subtitle_lines, frame.subtitle_top, SUBTITLE_SIZE, {"fill": LIGHT.soft})
    place = ET.SubElement(root, "g", {"transform": f"translate({MARGIN},{frame.chart_top:.0f})"})
    for node in drawn.iter():
        node.tag = node.tag.removeprefix(NAMESPACE)
    place.extend(drawn)
    ends = {"x1": str(MARGIN), "x2": str(frame.width - MARGIN)}
    height = f"{frame.footer_top:.0f}"
    ET.SubElement(root, "line", {**ends, "y1": height, "y2": height, "stroke": LIGHT.line})
    footer = _wrapped(frame.texts.footer, frame.chart_width / (FOOTER_SIZE * CELL_WIDTH), 1)
    _add_lines(root, footer, frame.footer_top + 6, FOOTER_SIZE, {"fill": LIGHT.soft})
    return ET.tostring(root, encoding="unicode")


def _wrapped(text: str, columns: float, most: int) -> list[str]:
    """Return a text in lines of at most so many columns; what more lines would hold is left out."""
    wide = int(columns)
    lines = [line.plain.rstrip() for line in Text(text).wrap(Console(width=wide), wide)]
    if len(lines) <= most:
        return lines
    last = Text(f"{lines[most - 1]} {lines[most]}")
    last.truncate(wide, overflow="ellipsis")
    return [*lines[: most - 1], last.plain]


def _add_lines(root: ET.Element, lines: list[str], top: float, size: int, attributes: dict[str, str]) -> None:
    """Add lines of text below each other, the first with its top at a height."""
    for number, line in enumerate(lines):
        baseline = f"{top + number * size * LINE + size:.0f}"
        place = {"x": str(MARGIN), "y": baseline, "font-family": FONT, "font-size": str(size)}
        ET.SubElement(root, "text", {**place, **attributes}).text = line

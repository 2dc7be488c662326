"""Charts as SVG that stands inside a page: drawn once, small, in the colors of the page.

The page needs no code to show them. The description of a mark becomes its `title`, which browsers show beside the
pointer. What takes its color from the page has it as a CSS variable, so that dark pages need no chart of their own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import Future
from xml.etree import ElementTree as ET

import altair as alt

from microopt.rendering.charts.palette import LIGHT
from microopt.rendering.charts.vega import find_vega_process
from microopt.rendering.sanitize import plain_text, valid_utf8

NAMESPACE = "{http://www.w3.org/2000/svg}"
PAGE_COLORS = {
    LIGHT.text: "var(--text)",
    LIGHT.soft: "var(--soft)",
    LIGHT.line: "var(--line)",
    LIGHT.paper: "var(--paper)",
}
LONG_NUMBER = re.compile(r"(?<!\d)-?\d++\.\d{2,}+(?:e-?\d+)?")
IDENTIFIER = re.compile(r"(?<=url\(#)[^)]+(?=\))")
# What says nothing in a page: its own font holds, and the other names are for Vega's own code.
DROPPED = {"aria-roledescription", "aria-hidden", "aria-label", "class", "font-family", "pointer-events", "role"}
DEFAULTS = {
    ("font-weight", "normal"),
    ("opacity", "1"),
    ("stroke-width", "1"),
    ("stroke-miterlimit", "10"),
    ("text-anchor", "start"),
    ("transform", "translate(0,0)"),
    ("x2", "0"),
    ("y2", "0"),
}
INHERITED = ("fill", "stroke", "stroke-width", "stroke-dasharray", "font-size", "font-weight", "text-anchor")
NAMED_LAYER = re.compile(r"\b(?!layer_)(\w+)_marks\b")  # the class of the marks of a layer that has a name
DRAWN = {"path", "line", "rect", "text", "circle", "tspan"}


def start_drawing(chart: alt.LayerChart) -> Future[str]:
    """Begin to draw a chart; the result is what `draw_svg` returns."""
    return find_vega_process().draw(valid_utf8(json.dumps(chart.to_dict(validate=False), ensure_ascii=False)))


def draw_svg(chart: alt.LayerChart) -> str:
    """Return a chart as SVG, as vl-convert draws it.

    Raises
    ------
    OutputError
        If it cannot be drawn.
    """
    return start_drawing(chart).result()


def chart_svg(chart: alt.LayerChart, name: str, *, title: str, description: str = "") -> str:
    """Return a chart as an `svg` element for a page; see `page_svg`."""
    return page_svg(draw_svg(chart), name, title=title, description=description)


def page_svg(svg: str, name: str, *, title: str, description: str = "") -> str:
    """Return an SVG file as an `svg` element for a page, whose width and height are those it was drawn with.

    The group of each layer that has a name has that name as its class.

    Parameters
    ----------
    name
        Of letters and hyphens, unique in the page: ids begin with it, and `chart-NAME` is the class of the element.
    title, description
        What a screen reader says of the chart: what it shows, and what there is to see.
    """
    drawn = ET.fromstring(svg)  # noqa: S314 (drawn by vl-convert)
    size = {side: drawn.get(side, "0") for side in ("width", "height")}
    attributes = {"class": f"chart-{name}", "viewBox": f"0 0 {size['width']} {size['height']}", "role": "img"}
    page_svg = ET.Element("svg", {**attributes, **size, "aria-label": plain_text(title)})
    if description:
        page_svg.set("aria-describedby", f"{name}-description")
        ET.SubElement(page_svg, "desc", {"id": f"{name}-description"}).text = plain_text(description)
    for part in drawn:
        page_svg.extend(_simplified(part))
    _rename_identifiers(page_svg, name)
    return ET.tostring(page_svg, encoding="unicode")


def _simplified(node: ET.Element) -> Iterator[ET.Element]:
    """Yield what a node draws: nothing, itself, or its parts if it says nothing itself."""
    tag = node.tag.removeprefix(NAMESPACE)
    if not _is_visible(node, tag):
        return
    result = ET.Element(tag, dict(_page_attributes(node)))
    result.text = node.text
    if tag in DRAWN and (spoken := node.get("aria-label")):
        ET.SubElement(result, "title").text = spoken
    for part in node:
        result.extend(_simplified(part))
    if tag != "g":
        yield result
        return
    if layer := NAMED_LAYER.search(node.get("class", "")):
        result.set("class", layer[1])
    _hoist(result)
    if result.attrib:
        yield from [result] if len(result) else []
    else:
        yield from result


def _is_visible(node: ET.Element, tag: str) -> bool:
    if node.get("display") == "none":
        return False
    if tag == "rect" and node.get("fill") == "white":  # the paper of a picture
        return False
    if tag == "path" and node.get("class") in ("background", "foreground"):
        return "fill" in node.attrib or "stroke" in node.attrib
    return tag != "text" or bool("".join(node.itertext()).strip())


def _page_attributes(node: ET.Element) -> Iterator[tuple[str, str]]:
    for name, text in node.attrib.items():
        if name not in DROPPED and (name, text) not in DEFAULTS:
            yield name, PAGE_COLORS.get(text, LONG_NUMBER.sub(_rounded, text))


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number[0]):.1f}".removesuffix(".0")


def _hoist(group: ET.Element) -> None:
    """Move what all parts of a group have in common to the group."""
    if not len(group):
        return
    for name in INHERITED:
        values = {part.get(name) for part in group}
        if len(values) == 1 and None not in values:
            group.set(name, values.pop() or "")
            for part in group:
                del part.attrib[name]


def _rename_identifiers(page_svg: ET.Element, name: str) -> None:
    """Give what is referred to, such as clip paths, names that no other chart of the page has, always the same."""
    found = [node.get("id", "") for node in page_svg.iter() if node.get("id") and node.tag != "desc"]
    names = {old: f"{name}-{number}" for number, old in enumerate(found)}
    for node in page_svg.iter():
        for key, text in node.attrib.items():
            if key == "id" and text in names:
                node.set(key, names[text])
            elif "url(#" in text:
                node.set(key, IDENTIFIER.sub(lambda match: names.get(match[0], match[0]), text))

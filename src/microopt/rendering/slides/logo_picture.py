"""A logo as a picture that slides can show."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from microopt.errors import OutputError
from microopt.readers.logo import SVG, Logo

HEIGHT, MOST_WIDTH = 240, 1200  # pixels
USUAL_SIZE = (300.0, 150.0)  # of a drawing that states none, in browsers
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:px|pt|pc|mm|cm|in)?\s*")
_SEPARATOR = re.compile(r"[\s,]+")


def logo_picture(logo: Logo) -> bytes:
    """Return a logo as PNG or JPEG: of an SVG, what it looks like.

    Raises
    ------
    OutputError
        If it is an SVG that cannot be drawn.
    """
    if logo.media_type != SVG:
        return logo.data
    from vl_convert import svg_to_png

    try:
        drawn: bytes = svg_to_png(_with_size(logo.data))
    except (RuntimeError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        fix = 'save it as PNG and write logo = "logo.png" under [report]'
        raise OutputError(f"the logo cannot be drawn on slides: {reason}", fix=fix, code="logo-kind") from None
    return drawn


def _with_size(svg: bytes) -> str:
    """Return a drawing of the size of the picture: by its own, it could need any amount of memory."""
    root = ET.fromstring(svg)  # noqa: S314 (it was read as a logo, which has no entities)
    view = _view_box(root)
    left, top, width, height = view
    scale = min(HEIGHT / height, MOST_WIDTH / width)
    root.attrib.update(
        viewBox=f"{left:g} {top:g} {width:g} {height:g}",
        width=f"{max(1, round(width * scale))}",
        height=f"{max(1, round(height * scale))}",
    )
    return ET.tostring(root, encoding="unicode")


def _view_box(root: ET.Element) -> tuple[float, float, float, float]:
    """Return the part of the plane that a drawing shows."""
    try:
        left, top, width, height = map(float, _SEPARATOR.split(root.get("viewBox", "").strip()))
    except ValueError:
        sides = [_LENGTH.fullmatch(root.get(side, "")) for side in ("width", "height")]
        lengths = [float(side[1]) if side else 0.0 for side in sides]
        width, height = lengths if all(lengths) else USUAL_SIZE
        return 0.0, 0.0, width, height
    if width > 0 and height > 0 and max(map(abs, (left, top, width, height))) < 1e9:
        return left, top, width, height
    return 0.0, 0.0, *USUAL_SIZE

"""A logo for a page: an SVG, PNG or JPEG file, checked to be one before it is placed in what others open."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from xml.etree import ElementTree

from msgspec import Struct

from microopt.errors import CampaignError
from microopt.files.reading import read_file
from microopt.readers.nearby_files import suggest_nearby_file
from microopt.readers.picture_size import JPEG_SIGNATURE, PNG_SIGNATURE, Size, jpeg_size, png_size

MAX_LOGO_BYTES = 200_000  # half of what a page may have
MAX_PIXELS = 4_000  # on each side
MAX_DEPTH = 100  # elements within elements of an SVG file; programs that draw it fail at thousands
SVG, PNG, JPEG = "image/svg+xml", "image/png", "image/jpeg"
_PIXELS: dict[bytes, tuple[str, Callable[[bytes], Size | None]]] = {
    PNG_SIGNATURE: (PNG, png_size),
    JPEG_SIGNATURE: (JPEG, jpeg_size),
}
_SVG_NAMESPACE = "{http://www.w3.org/2000/svg}"
# What runs, or takes in other files: a program that draws slides would read those of this machine.
_FOREIGN = {"image", "feImage", "script", "foreignObject", "iframe"}
_KIND_FIX = 'save it as an SVG, PNG or JPEG file and write logo = "logo.png" under [report]'


class Logo(Struct, frozen=True, kw_only=True):
    """A picture and its media type."""

    media_type: str
    data: bytes


def read_logo(path: str) -> Logo:
    """Return the picture in a file.

    It is shown as an image, in which no script runs and from which nothing is loaded.

    Raises
    ------
    CampaignError
        If the file is missing, is too large, or is no such picture.
    """
    try:
        data = read_file(path, may_wait=False, most=MAX_LOGO_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        fix = suggest_nearby_file(path, ".svg") or 'write logo = "logo.svg" under [report] in the campaign file'
        raise CampaignError(f"the logo {path} cannot be read: {reason}", fix=fix, code="file-missing") from None
    if len(data) > MAX_LOGO_BYTES:
        message = f"the logo {path} is larger than {MAX_LOGO_BYTES:,} bytes"
        raise CampaignError(
            message, fix='save it smaller and write logo = "logo.png" under [report]', code="file-too-large"
        )
    media_type, fault = _check(data)
    if fault:
        raise CampaignError(f"the logo {path} {fault}", fix=_KIND_FIX, code="logo-kind")
    return Logo(media_type=media_type, data=data)


def _check(data: bytes) -> tuple[str, str]:
    """Return the media type of a picture, and what is wrong with it, empty if nothing is."""
    for signature, (media_type, read_size) in _PIXELS.items():
        if data.startswith(signature):
            return media_type, _pixel_fault(read_size(data))
    return SVG, _svg_fault(data)


def _pixel_fault(size: Size | None) -> str:
    if size is None:
        return "is damaged: it is not a whole picture"
    if max(size) > MAX_PIXELS:
        return f"has {size[0]:,} x {size[1]:,} pixels, but the limit is {MAX_PIXELS:,} on each side"
    return ""


def _svg_fault(data: bytes) -> str:
    """Return why this is not an SVG document that is drawn from itself alone, in UTF-8 and without a document type."""
    no_picture = "is not an SVG, PNG or JPEG picture"
    if b"<!DOCTYPE" in data.upper() or b"<!ENTITY" in data.upper():  # in which entities could be declared
        return no_picture
    try:
        data.decode("utf-8")
        return _element_fault(data)
    except UnicodeDecodeError:
        return f"{no_picture} in UTF-8"
    except (ElementTree.ParseError, ValueError, LookupError):
        return no_picture


def _element_fault(data: bytes) -> str:
    depth = 0
    for event, element in ElementTree.iterparse(BytesIO(data), ("start", "end")):  # noqa: S314 (without entities)
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            return f"has more than {MAX_DEPTH} elements within each other"
        if depth == 1 and event == "start" and element.tag != f"{_SVG_NAMESPACE}svg":
            return "is not an SVG, PNG or JPEG picture"
        name = element.tag.rpartition("}")[2]
        if name in _FOREIGN:
            return f"has an element <{name}>: a logo is made of shapes and texts alone"
    return ""

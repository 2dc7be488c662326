"""A logo for a page: an SVG, PNG or JPEG file, checked to be one before it is placed in what others open."""

from __future__ import annotations

from xml.etree import ElementTree

from msgspec import Struct

from microopt.errors import CampaignError
from microopt.files.reading import read_file
from microopt.readers.nearby_files import suggest_nearby_file

MAX_LOGO_BYTES = 200_000  # half of what a page may have
SVG, PNG, JPEG = "image/svg+xml", "image/png", "image/jpeg"
_SIGNATURES = {b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG}
_SVG_ROOTS = ("svg", "{http://www.w3.org/2000/svg}svg")


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
        data = read_file(path, most=MAX_LOGO_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        fix = suggest_nearby_file(path, ".svg") or 'write logo = "logo.svg" under [report] in the campaign file'
        raise CampaignError(f"the logo {path} cannot be read: {reason}", fix=fix, code="file-missing") from None
    if len(data) > MAX_LOGO_BYTES:
        message = f"the logo {path} is larger than {MAX_LOGO_BYTES:,} bytes"
        raise CampaignError(
            message, fix='save it smaller and write logo = "logo.png" under [report]', code="file-too-large"
        )
    for signature, media_type in _SIGNATURES.items():
        if data.startswith(signature):
            return Logo(media_type=media_type, data=data)
    if _is_svg(data):
        return Logo(media_type=SVG, data=data)
    message = f"the logo {path} is not an SVG, PNG or JPEG picture"
    raise CampaignError(
        message, fix='save it in one of these and write logo = "logo.png" under [report]', code="logo-kind"
    )


def _is_svg(data: bytes) -> bool:
    """Whether this is an SVG document without a document type, in which entities could be declared."""
    if b"<!DOCTYPE" in data.upper() or b"<!ENTITY" in data.upper():
        return False
    try:
        return ElementTree.fromstring(data).tag in _SVG_ROOTS  # noqa: S314 (without entities, nothing can grow)
    except (ElementTree.ParseError, ValueError, LookupError):
        return False

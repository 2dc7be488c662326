"""How many pixels a PNG or JPEG picture has, by its own account: what opens it takes memory for all of them."""

from __future__ import annotations

from struct import unpack_from

PNG_SIGNATURE, PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"
JPEG_SIGNATURE, JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"
# Of the segments of a JPEG file: those that state its size, and those that are a marker alone.
_FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_BARE = {0x01, *range(0xD0, 0xD9)}

Size = tuple[int, int]


def png_size(data: bytes) -> Size | None:
    """Return the width and height of a PNG file, None if it is damaged or has no end."""
    if len(data) < 24 or not data.startswith(PNG_SIGNATURE) or data[12:16] != b"IHDR" or PNG_END not in data:
        return None
    width, height = unpack_from(">II", data, 16)
    return (width, height) if width and height else None


def jpeg_size(data: bytes) -> Size | None:
    """Return the width and height of a JPEG file, None if it is damaged or has no end."""
    if JPEG_END not in data:
        return None
    place = 2
    while place + 9 <= len(data) and data[place] == 0xFF:
        kind = data[place + 1]
        if kind in _FRAMES:
            height, width = unpack_from(">HH", data, place + 5)
            return (width, height) if width and height else None
        if kind == 0xFF:  # fills up
            place += 1
        else:
            place += 2 if kind in _BARE else 2 + unpack_from(">H", data, place + 2)[0]
    return None

"""Text from cells, made safe for where it is shown: a terminal, a spreadsheet, a Markdown page."""

from __future__ import annotations

import re
import unicodedata

# Characters that reorder or hide what is around them.
_BIDI = dict.fromkeys([0x061C, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF])
_FORMULA = tuple("=+-@\t\r\n")
_HANDLE = re.compile(r"@[\w.]+")
_NUMBER = re.compile(r"[+-]?\d[\d.,]*%?")


def plain(text: str) -> str:
    """Return text without control and bidirectional-override characters; line breaks become spaces."""
    text = text.translate(_BIDI)
    return "".join(
        " " if c in "\n\r\t" else c for c in text if c in "\n\r\t" or unicodedata.category(c) not in ("Cc", "Cs")
    )


def spreadsheet(text: str) -> str:
    """Return a cell that no spreadsheet runs as a formula; numbers and plain handles are left as they are."""
    if text.startswith(_FORMULA) and not _HANDLE.fullmatch(text) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def markdown(text: str) -> str:
    """Return a cell that Markdown shows as text."""
    return re.sub(r"([\\`*_{}\[\]<>#|~!$&])", r"\\\1", spreadsheet(plain(text)))

"""Text from cells, made safe for where it goes: a terminal, a spreadsheet, a Markdown page, JSON."""

from __future__ import annotations

import re
import unicodedata

# Characters that reorder or hide what is around them, and the two that no XML may hold (they abort vl-convert too).
_BIDI = dict.fromkeys([0x061C, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF])
_NONE = dict.fromkeys([0xFFFE, 0xFFFF])
_BREAKS = dict.fromkeys(map(ord, "\n\r\t\v\f\x1c\x1d\x1e\x85\u2028\u2029"), " ")
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # the wide ones count too where East Asian text is typed
_HANDLES = re.compile(r"@[\w.]+(?:\|@[\w.]+)*")
_NUMBER = re.compile(r"[+-]?\d[\d.,]*%?")


def plain_text(text: str) -> str:
    """Return text without control and bidirectional-override characters; line breaks become spaces."""
    if text.isascii() and text.isprintable():  # what most cells are
        return text
    text = text.translate(_BIDI | _NONE | _BREAKS)
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cs"))


def escape_formula(text: str) -> str:
    """Return a cell that no spreadsheet runs as a formula; numbers, handles and lists of handles stay as they are."""
    starts = text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA)
    return "'" + text if starts and not _HANDLES.fullmatch(text) and not _NUMBER.fullmatch(text) else text


def escape_markdown(text: str) -> str:
    """Return a cell that Markdown shows as text."""
    return re.sub(r"([\\`*_{}\[\]<>#|~!$&])", r"\\\1", plain_text(text))


def valid_utf8(text: str) -> str:
    """Return text that UTF-8 can hold: half of a pair, or a file name's stray byte, becomes `?`."""
    return text.encode("utf-8", "replace").decode("utf-8")


def workbook_text(text: str, most: int = 32_767) -> str:
    """Return text that a workbook's cell holds; what is too long is cut, and ends in `…`.

    Parameters
    ----------
    most
        UTF-16 units: what a spreadsheet counts, two for an emoji.
    """
    shown = plain_text(text)
    if shown.startswith("<r>") and shown.endswith("</r>"):
        shown += " "  # XlsxWriter would take it for its own marks of rich text, and write it unescaped
    if len(shown) <= most // 2:
        return shown
    units = shown.encode("utf-16-le")
    return shown if len(units) <= 2 * most else units[: 2 * (most - 1)].decode("utf-16-le", "ignore") + "…"

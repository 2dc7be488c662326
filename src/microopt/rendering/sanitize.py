"""Text of rosters and files, made safe for a terminal, a spreadsheet, Markdown, or JSON."""

from __future__ import annotations

import re
import unicodedata

from microopt.quantities.formula_guard import add_guards

# Characters that reorder or hide what is around them, and the two that no XML may hold (they abort vl-convert too).
_BIDI = dict.fromkeys([0x061C, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF])
_NONCHARACTERS = dict.fromkeys([0xFFFE, 0xFFFF])
_BREAKS = dict.fromkeys(map(ord, "\n\r\t\v\f\x1c\x1d\x1e\x85\u2028\u2029"), " ")


def plain_text(text: str) -> str:
    """Return text without control and bidirectional-override characters; line breaks become spaces."""
    if text.isascii() and text.isprintable():  # what most cells are
        return text
    text = text.translate(_BIDI | _NONCHARACTERS | _BREAKS)
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cs"))


def escape_formula(text: str) -> str:
    """Return a cell that no spreadsheet runs as a formula; numbers, handles and lists of handles are unchanged."""
    return add_guards(text)


def escape_markdown(text: str) -> str:
    """Return text that Markdown shows literally."""
    return re.sub(r"([\\`*_{}\[\]<>#|~!$&])", r"\\\1", plain_text(text))


def valid_utf8(text: str) -> str:
    """Return text that UTF-8 can encode: a lone surrogate (also from a stray byte of a file name) becomes `?`."""
    return text.encode("utf-8", "replace").decode("utf-8")


def workbook_text(text: str, max_units: int = 32_767) -> str:
    """Return text that fits a workbook's cell; longer text is cut and ends in `…`.

    Parameters
    ----------
    max_units
        UTF-16 units: what a spreadsheet counts, two for an emoji.
    """
    safe = plain_text(text)
    if safe.startswith("<r>") and safe.endswith("</r>"):
        safe += " "  # XlsxWriter would take it for its own marks of rich text, and write it unescaped
    if len(safe) <= max_units // 2:
        return safe
    units = safe.encode("utf-16-le")
    return safe if len(units) <= 2 * max_units else units[: 2 * (max_units - 1)].decode("utf-16-le", "ignore") + "…"

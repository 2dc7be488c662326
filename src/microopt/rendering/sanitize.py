"""Text of rosters and files, made safe for a terminal, a spreadsheet, Markdown, or JSON."""

from __future__ import annotations

import re

from microopt.quantities.formula_guard import add_guards
from microopt.quantities.invisible import BREAK, LEFT_TO_RIGHT_MARK, UNSHOWN

# Our own controls in text of several lines: colors, columns, marks of direction, and what clears the line of progress.
_OURS = rf"\x1b\[[\d;]*m|\x1b\[\d+G|{LEFT_TO_RIGHT_MARK}|\r?\x1b\[2K"
_UNSHOWN_IN_LINES = re.compile(rf"({_OURS})|((?![\t\n]){BREAK.pattern})|{UNSHOWN.pattern}")
# What Markdown acts on: `_` not within a word, `<` where a tag or a mail address may begin, `$` that may end a formula,
# `&` of an entity, and `>` that begins a quotation, also one in a list.
_MARKDOWN = re.compile(
    r"[\\`*{}\[\]#|~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|<(?![=\s0-9])|<(?=[^\s<>]*@)|\$(?![0-9])|&(?=\w+;)"
)
_QUOTATION = re.compile(r"[-+\s0-9.)]*(?=>)")
# What GitHub and others make a link of, in text whose marks are escaped: an address of the web, or of a mailbox.
_WEB_ADDRESS = re.compile(r"(?=://)|(?<=www)(?=\.)|(?<=\w)(?=\.\w+/)", re.IGNORECASE)
_MAIL_ADDRESS = re.compile(r"(?<=[\w.+-])@((?:[\w-]|\\_)+(?:\.(?:[\w-]|\\_)+)+)")


def plain_text(text: str) -> str:
    """Return text without control, hidden and bidirectional characters; line breaks become spaces."""
    if text.isascii() and text.isprintable():  # what most cells are
        return text
    return UNSHOWN.sub("", BREAK.sub(" ", text))


def plain_lines(text: str, *, colored: bool = False) -> str:
    """Return a whole output, in lines, without the characters that `plain_text` removes from each text in it.

    Parameters
    ----------
    colored
        Whether the output may have our own control characters, such as colors.
    """
    if not any(map(_UNSHOWN_IN_LINES.match, set(text))):  # a search through a long text takes five times as long
        return text
    return _UNSHOWN_IN_LINES.sub(lambda found: " " if found[2] else (found[1] or "") * colored, text)


def escape_formula(text: str) -> str:
    """Return a cell that no spreadsheet runs as a formula; numbers, handles and lists of handles are unchanged."""
    return add_guards(text)


def escape_markdown(text: str) -> str:
    """Return text that Markdown shows literally: without marks, and without links that nobody has made.

    A backslash keeps a web address from becoming a link. A mail address needs a comment in its middle, as GitHub looks
    for these when the backslashes are gone.
    """
    escaped = _MARKDOWN.sub(r"\\\g<0>", plain_text(text))
    if _QUOTATION.match(escaped):
        escaped = escaped.replace(">", r"\>", 1)
    parted = _MAIL_ADDRESS.sub(lambda address: "@<!-- -->" + address[1].replace(".", "\\."), escaped)
    return _WEB_ADDRESS.sub(r"\\", parted)


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

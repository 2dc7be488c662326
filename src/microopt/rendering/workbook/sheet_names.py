"""Names of sheets that are made of somebody's own words: what a spreadsheet allows, each once."""

from __future__ import annotations

import re
from collections.abc import Iterable

from microopt.rendering.sanitize import workbook_text

LONGEST = 31  # UTF-16 units, a limit of Excel
NOT_ALLOWED = re.compile(r"[\[\]:*?/\\]+")
RESERVED = "history"  # a name that Excel keeps for itself


def sheet_names(wanted: Iterable[str], taken: Iterable[str], otherwise: str) -> list[str]:
    """Return a name for each sheet that is like the wanted one and differs from all others, also in upper case.

    Parameters
    ----------
    taken
        The names of sheets that are there already.
    otherwise
        The name where nothing of the wanted one is left.
    """
    used = {RESERVED, *(name.casefold() for name in taken)}
    found = []
    for text in wanted:
        base = _clean(text) or otherwise
        name, number = base, 1
        while name.casefold() in used:
            number += 1
            suffix = f" {number}"
            name = _cut(base, LONGEST - len(suffix)) + suffix
        used.add(name.casefold())
        found.append(name)
    return found


def _clean(text: str) -> str:
    plain = " ".join(NOT_ALLOWED.sub(" ", workbook_text(text)).split())
    return _cut(plain.strip("' "), LONGEST).strip("' ")


def _cut(text: str, most: int) -> str:
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")

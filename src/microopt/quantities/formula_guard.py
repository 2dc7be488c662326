"""The apostrophe before a cell that keeps a spreadsheet from running it as a formula."""

from __future__ import annotations

from collections.abc import Sequence

FORMULA_SIGNS = tuple("=+-@\t\r\n＝＋－＠")  # the wide ones count too where East Asian text is typed
GUARD = "'"


def starts_formula(text: str) -> bool:
    """Whether a spreadsheet may run a cell as a formula."""
    return text.startswith(FORMULA_SIGNS) or text.lstrip().startswith(FORMULA_SIGNS)


def drop_guards(cells: Sequence[str]) -> Sequence[str]:
    """Return cells without the apostrophe that guards a formula: `=1` for `'=1`; the same object if there is none."""
    if not any(cell.startswith(GUARD) for cell in cells):
        return cells
    return [cell[1:] if cell.startswith(GUARD) and starts_formula(cell[1:]) else cell for cell in cells]

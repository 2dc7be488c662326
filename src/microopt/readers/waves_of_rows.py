"""In which wave of the campaign's calendar a row of states or results is: as it says, or by its day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from microopt.campaign.calendar import WAVE, Wave
from microopt.campaign.wave_names import suggest_waves, wave_key
from microopt.errors import Fault
from microopt.quantities.parse_and_format import shorten
from microopt.readers.context import ReadContext
from microopt.readers.update_files import text_cells


def parse_waves(context: ReadContext, waves: Sequence[Wave], code: str) -> list[str | None]:
    """Return the wave that each row names, None where its cell is empty; a name that is no wave is a fault.

    Without a calendar the column is not used, and so is named among those that are not.

    Parameters
    ----------
    code
        Of the fault.
    """
    rows = context.table.row
    if WAVE not in context.columns:
        return [None] * len(rows)
    if not waves:
        del context.columns[WAVE]
        return [None] * len(rows)
    cells, names = text_cells(context, WAVE), {wave_key(wave.name): wave.name for wave in waves}
    found = [names.get(wave_key(cell)) for cell in cells]
    unknown = [place for place, cell in enumerate(cells) if cell and found[place] is None]

    def make_fault(number: int) -> Fault:
        cell = cells[unknown[number]]
        message = f"the calendar has no wave {shorten(cell)!r}"
        row = int(rows[unknown[number]])
        fix = suggest_waves(tuple(names.values()), cell)
        return Fault(code=code, message=message, fix=fix, row=row, column=context.header(WAVE), value=cell[:200])

    context.faults.add_rows(np.asarray(rows)[unknown].tolist(), make_fault)
    return found


def wave_of_day(waves: Sequence[Wave], day: date | None) -> str | None:
    """Return the wave that a day is in, None if it is in none."""
    if day is None:
        return None
    return next((wave.name for wave in waves if wave.starts <= day <= wave.ends), None)


def wave_of_post(waves: Sequence[Wave], day: date | None) -> str | None:
    """Return the wave that a post of a day belongs to: one that is late is of the wave before, if it is in none."""
    if day is None or not waves:
        return None
    begun = [wave.name for wave in waves if wave.starts <= day]
    return begun[-1] if begun else waves[0].name

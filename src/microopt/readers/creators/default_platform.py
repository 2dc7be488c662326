"""The platform of offers for which a roster names none: as the user says, or as the sheet is named."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from microopt.readers.cells.text import fill_empty_cells
from microopt.readers.context import ReadContext
from microopt.roster.roster import Roster, TextColumn


def fill_platforms(context: ReadContext, roster: Roster) -> Roster:
    """Return the roster with the default platform, if there is one, wherever no platform is named."""
    name, column = context.options.platform_default or context.table.platform, roster.texts.get("platform")
    if name is None:
        return roster
    source = "--platform-default" if context.options.platform_default else "the name of the sheet"
    named = TextColumn(codes=np.zeros(len(roster), dtype=np.int32), labels=(name,))
    if column is None:
        if not context.options.platform_default:
            context.notes.append(f"every offer is taken to be on {name}, as the name of the sheet says")
        return replace(roster, texts={**roster.texts, "platform": named})
    is_empty = np.asarray([not label.strip() for label in column.labels], dtype=np.bool_)[column.codes]
    if not is_empty.any():
        return roster
    count = int(is_empty.sum())
    subject = "1 offer has no platform" if count == 1 else f"{count:,} offers have no platform"
    context.notes.append(f"{subject}: {name} is used ({source})")
    return replace(roster, texts={**roster.texts, "platform": fill_empty_cells(column, named)})

"""The creators whom a user asks about, by the names of the roster."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from microopt.errors import Fault, NameSuggester, UsageError
from microopt.quantities.keys import match_key
from microopt.roster.roster import Roster
from microopt.roster.selection import offers_meant, suggest_full_names


def known_creators(roster: Roster, names: Sequence[str]) -> tuple[str, ...]:
    """Return the names as written in the roster, without duplicates.

    Raises
    ------
    UsageError
        If a name is not in the roster.
    """
    labels = {match_key(label): label.strip() for label in roster.texts["creator"].labels}
    for name in names:
        if match_key(name) not in labels and (meant := np.flatnonzero(offers_meant(roster, [name]))).size:
            labels[match_key(name)] = roster.texts["creator"][int(meant[0])].strip()
    unknown = [name for name in names if match_key(name) not in labels]
    if unknown:
        suggester = NameSuggester(labels.values(), by_part=True)
        faults = [
            Fault(
                code="creator-unknown",
                message=f"the roster has no creator {name}",
                value=name,
                fix=suggest_full_names(roster, name)
                or suggester.suggest(name)
                or f"in place of {name!r}, write the name as in your list's creator column",
            )
            for name in unknown
        ]
        message = faults[0].message if len(faults) == 1 else f"{len(faults)} creators are not in the roster"
        raise UsageError(message, fix=faults[0].fix, faults=faults)
    return tuple(dict.fromkeys(labels[match_key(name)] for name in names))

"""The forecast of very many offers, some at a time on each core: what is worked on stays in the processor's cache."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from msgspec.structs import fields

from microopt.errors import CampaignError
from microopt.forecast.forecast import Forecast
from microopt.roster.roster import Roster

PART = 1 << 15  # offers
LABELS = 1_000  # distinct texts of a column, each of which is read in every part


def in_parts(roster: Roster, whole: Callable[[Roster], Forecast]) -> Forecast:
    """Return the forecast of a roster, made of those of its parts where there are many.

    Where a part has a fault, or parts assume different things, it is asked of the whole: faults and notes are then
    those of all rows.

    Parameters
    ----------
    whole
        Returns the forecast of a roster; what it says of an offer must not depend on the others.
    """
    starts = range(0, len(roster), PART)
    labels = [len(column.labels) for name, column in roster.texts.items() if name in ("platform", "offer", "pay")]
    if len(starts) <= 1 or max(labels, default=0) > LABELS:
        return whole(roster)
    try:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            parts = list(pool.map(lambda start: whole(roster.take(slice(start, start + PART))), starts))
    except CampaignError:
        return whole(roster)
    if any(part.notes != parts[0].notes for part in parts):
        return whole(roster)
    return _joined(parts)


def _joined(parts: list[Forecast]) -> Forecast:
    columns: dict[str, object] = {}
    for field in fields(Forecast):
        mine = [getattr(part, field.name) for part in parts]
        if isinstance(mine[0], np.ndarray):
            columns[field.name] = np.concatenate(mine)
        elif isinstance(mine[0], dict):
            columns[field.name] = {name: np.concatenate([one[name] for one in mine]) for name in mine[0]}
        else:
            columns[field.name] = mine[0]
    return Forecast(**columns)  # type: ignore[arg-type]

"""Case -> the case of some of its choices, on the same forecast."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign import Campaign, Rule
from microopt.case import Case
from microopt.roster import Roster, TextColumn


def restrict(case: Case, kept: NDArray[np.bool_], campaign: Campaign, rules: tuple[Rule, ...] | None = None) -> Case:
    """Return the case of these choices.

    The forecast stays that of the whole roster: made anew it could differ, since benchmarks may be refitted on the
    offers let in, and what one tier brings would then be measured otherwise than what all bring.

    Parameters
    ----------
    kept
        (choices,) which stay.
    campaign
        What is asked of them.
    rules
        In place of the case's rules.
    """
    rows = np.flatnonzero(case.rows(kept))
    roster = case.roster.take(rows)
    _, choice = np.unique(case.choice[rows], return_inverse=True)
    return replace(
        case, roster=roster, forecast=case.forecast.take(rows), campaign=campaign, choice=choice.astype(np.int32),
        rules=case.rules if rules is None else rules, filtered=case.creators - roster.creators,
    )  # fmt: skip


def with_conflicts_everywhere(case: Case) -> Case:
    """Return the case with what one row says of a creator's conflicts and brands said in all of the creator's rows.

    It holds for all of them, and must not go with the row that is left out.
    """
    texts = dict(case.roster.texts)
    for name in ("conflicts", "brands"):
        if name in texts:
            texts[name] = _everywhere(case.roster, texts[name])
    return replace(case, roster=replace(case.roster, texts=texts))


def _everywhere(roster: Roster, column: TextColumn) -> TextColumn:
    ids, codes = roster.creator_id, column.codes.copy()
    values = [column.parts(code) for code in range(len(column.labels))]
    labels = list(column.labels)
    first = codes[np.unique(ids, return_index=True)[1]][np.unique(ids, return_inverse=True)[1]]
    for creator in np.unique(ids[codes != first]).tolist():
        mine = ids == creator
        said = [value for code in np.unique(codes[mine]).tolist() for value in values[code]]
        values.append(tuple(filter(None, dict.fromkeys(said))))
        labels.append(", ".join(values[-1]))
        codes[mine] = len(labels) - 1
    return replace(column, codes=codes, labels=labels, values=tuple(values))

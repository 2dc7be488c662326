"""Tell different people of one name apart by an identifier or a handle."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.readers.columns.row_labels import labels_rows
from microopt.readers.columns.text import to_identity_codes
from microopt.readers.context import ReadContext
from microopt.readers.vocabulary import ROSTER, alias_key, alias_keys
from microopt.roster.roster import Roster, TextColumn

# Identifiers of people by their headers; a bare `id` may as well number offers.
_PERSON_IDS = alias_keys("influencer id,creator id,kol id,account id,user id,channel id,talent id,达人ID")
_SAME_OFFER = ("platform", "offer")


def tell_namesakes_apart(context: ReadContext, roster: Roster) -> Roster:
    """Return the roster with a name for each person, `Eli Brook (101)`, where one name stands for several people.

    Rows of one name are of several people if an identifier of people, or another handle, differs between rows with
    different follower counts; a bare `id`, a link or an address must also differ within one platform and offer.
    """
    if int(roster.creator_id.max(initial=-1)) + 1 == len(roster):
        return roster
    for name, is_personal in _identifying_columns(context, roster):
        identifier = roster.texts[name]
        apart = _rows_of_namesakes(roster, identifier.codes, _is_filled(identifier), is_personal)
        if apart.any():  # only then are spellings of an identifier compared, which takes much longer
            apart = _rows_of_namesakes(roster, to_identity_codes(identifier), _is_filled(identifier), is_personal)
        if apart.any():
            return _rename(context, roster, name, apart)
    return roster


def _identifying_columns(context: ReadContext, roster: Roster) -> Iterator[tuple[str, bool]]:
    """Yield the columns that may identify people, and whether they do so by what their header says."""
    creator = context.columns.get("creator")
    personal, others = [], []
    for position, header in enumerate(context.table.headers):
        name = header.strip()
        names_creator = any(column == "creator" for column, _ in ROSTER.find_columns(header))
        if name not in roster.texts or position == creator or position in context.columns.values():
            continue
        if alias_key(name) in _PERSON_IDS:
            personal.append(name)
        elif names_creator and (alias_key(name) not in ("id", "uid") or not labels_rows_in_order(roster, name)):
            others.append(name)
    yield from ((name, True) for name in personal)
    yield from ((name, False) for name in (*others, *(name for name in ("url", "email") if name in roster.texts)))


def labels_rows_in_order(roster: Roster, name: str) -> bool:
    """Whether a column of identifiers is a running number."""
    values = roster.numbers.get(name)
    return values is not None and labels_rows(roster, name) and bool((np.diff(values) == 1).all())


def _is_filled(column: TextColumn) -> NDArray[np.bool_]:
    return np.asarray([bool(label.strip()) for label in column.labels], dtype=np.bool_)[column.codes]


def _rows_of_namesakes(
    roster: Roster, identifiers: NDArray[np.int32], filled: NDArray[np.bool_], is_personal: bool
) -> NDArray[np.bool_]:
    """Return which rows are of people who share their name with somebody else."""
    usable = filled & _is_filled(roster.texts["creator"])
    frame = pd.DataFrame({"creator": roster.creator_id, "id": identifiers, "followers": roster.numbers["followers"]})
    keys = ["creator"]
    if not is_personal:
        for name in _SAME_OFFER:
            if name in roster.texts:
                frame[name] = to_identity_codes(roster.texts[name])
                keys.append(name)
    groups = frame[usable].groupby(keys, sort=False)
    lows, highs = groups[["id", "followers"]].min(), groups[["id", "followers"]].max()
    several = lows.index[(lows < highs).all(axis=1)]
    creators = several.get_level_values("creator") if len(keys) > 1 else several
    return usable & np.isin(roster.creator_id, np.asarray(creators))


def _rename(context: ReadContext, roster: Roster, name: str, apart: NDArray[np.bool_]) -> Roster:
    rows = np.flatnonzero(apart)
    names = np.asarray(roster.texts["creator"].labels, dtype=object)[roster.texts["creator"].codes]
    names[rows] = [f"{names[row].strip()} ({roster.texts[name][row].strip()})" for row in rows.tolist()]
    codes, labels = pd.factorize(names)
    column = TextColumn(codes=codes.astype(np.int32), labels=tuple(labels))
    count = len(np.unique(roster.creator_id[rows]))
    subject = "1 name is shared by several people" if count == 1 else f"{count:,} names are shared by several people"
    context.notes.append(f"{subject}: {name} tells them apart, as in {names[rows[0]]}")
    context.remark(apart, "namesake", f"shares the name with somebody else: {name} tells them apart")
    return replace(roster, texts={**roster.texts, "creator": column}, creator_id=to_identity_codes(column))

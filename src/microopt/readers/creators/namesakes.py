"""Tell different people of one name apart by an identifier or a handle."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import format_names
from microopt.readers.cells.text import to_identity_codes
from microopt.readers.context import ReadContext
from microopt.readers.creators.row_labels import labels_rows
from microopt.readers.words.vocabulary import ROSTER, alias_key, alias_keys
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
    columns = list(_identifying_columns(context, roster))
    for name, is_personal in columns:
        identifier = roster.texts[name]
        apart = _rows_of_namesakes(roster, identifier.codes, _is_filled(identifier), is_personal)
        if apart.any():  # only then are spellings of an identifier compared, which takes much longer
            apart = _rows_of_namesakes(roster, to_identity_codes(identifier), _is_filled(identifier), is_personal)
        if apart.any():
            return _rename(context, roster, name, apart)
    if not any(is_personal for _, is_personal in columns):
        _ask_about_namesakes(context, roster)
    return roster


def _ask_about_namesakes(context: ReadContext, roster: Roster) -> None:
    """Note the display names whose rows have no niche or region in common, for they may stand for several people."""
    for name, noun in (("niche", "niches"), ("region", "regions")):
        rows = _rows_of_different_people(roster, name) if name in roster.texts else []
        if not rows:
            continue
        example = roster.texts["creator"][rows[0][0]].strip()
        where = f"(rows {format_names([str(row) for row in sorted(roster.row[rows[0]].tolist())])})"
        if len(rows) == 1:
            subject = f"{example} is the name in {len(rows[0])} rows with different {noun} {where}"
            subject = f"{subject}: if they are two people"
        else:
            subject = f"{len(rows):,} names are shared by rows with different {noun}, such as {example} {where}"
            subject = f"{subject}: if these are different people"
        context.notes.append(f"{subject}, give each a handle")
        mask = np.zeros(len(roster), dtype=np.bool_)
        mask[np.concatenate(rows)] = True
        context.remark(mask, "same-name", f"has the name of rows with another {name} and counts as the same creator")
        return


def _rows_of_different_people(roster: Roster, name: str) -> list[NDArray[np.intp]]:
    """Return the rows of each display name with several follower counts, whose cells in a column share no value."""
    column, creators = roster.texts[name], roster.texts["creator"]
    ids, followers = roster.creator_id, roster.numbers["followers"]
    odd = _differs(ids, column.codes)
    if odd.any():
        odd &= _differs(ids, followers)
    rows = np.flatnonzero(odd[ids])
    values = [
        {match_key(value) for value in column.label_values(code)} - {""}
        for code in range(len(column.labels) if len(rows) else 0)
    ]
    shared: dict[int, set[str]] = {}
    for creator, code in zip(ids[rows].tolist(), column.codes[rows].tolist(), strict=True):
        if values[code]:
            shared[creator] = shared.get(creator, values[code]) & values[code]
    apart = np.asarray([creator for creator, common in shared.items() if not common], dtype=np.int32)
    rows = rows[np.isin(ids[rows], apart)]
    rows = rows[np.argsort(ids[rows], kind="stable")]
    groups = np.split(rows, np.flatnonzero(np.diff(ids[rows])) + 1) if len(rows) else []
    return [group for group in groups if _is_display_name(creators[group[0]])]


def _differs(ids: NDArray[np.int32], values: NDArray[np.int32] | NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which creators have different values in their rows, by creator."""
    first = np.empty(int(ids.max(initial=-1)) + 1, dtype=values.dtype)
    first[ids[::-1]] = values[::-1]
    differs = np.zeros(len(first), dtype=np.bool_)
    differs[ids[values != first[ids]]] = True
    return differs


def _is_display_name(text: str) -> bool:
    """Whether a creator is called by a name, `Lisa Meyer`, that other people may have; a handle is of one person."""
    return " " in text.strip() and not text.strip().startswith("@")


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

"""Whose posts they are: the creators of a file of posts, found on the roster by name and platform."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microopt.errors import Fault
from microopt.files.reading import source_name
from microopt.forecast.posts.offers import RosterAccounts
from microopt.quantities.keys import match_keys
from microopt.quantities.parse_and_format import format_names
from microopt.quantities.platforms import find_named_platform, platform_key
from microopt.readers.cells.text import to_text_column
from microopt.readers.context import ReadContext
from microopt.roster.roster import Roster, TextColumn

NO_ACCOUNT = -1
UNNAMED, OTHER = -1, -2  # of platforms: none is named, or none of the roster's
MOST_NAMES = 3
MOST_FORMATS = 1_000  # distinct cells of a column of formats; more are captions


def match_accounts(context: ReadContext, roster: Roster, known: RosterAccounts) -> NDArray[np.intp]:
    """Return the account of each post, `NO_ACCOUNT` where there is none; note whose posts are not used, and why."""
    names = to_text_column(context.raw("creator"))
    creator = _match_creators(names, roster)
    by_row = creator[names.codes]
    _note_others(context, roster, names, creator)
    platform = _post_platforms(context, known)
    account = _find_account(by_row, platform, known)
    _note_other_platforms(context, names, by_row, account, platform)
    return account


def _match_creators(names: TextColumn, roster: Roster) -> NDArray[np.intp]:
    """Return the creator of each label, -1 if the roster has none of this name."""
    column = roster.texts["creator"]
    labels = list(column.labels)
    of_label = np.full(len(labels), -1, dtype=np.intp)
    of_label[column.codes] = roster.creator_id
    used = of_label >= 0
    keys = pd.Index(np.asarray(match_keys(labels), dtype=object)[used])
    first = ~keys.duplicated()
    places = keys[first].get_indexer(pd.Index(np.asarray(match_keys(names.labels), dtype=object)))
    creators = of_label[used][first]
    return np.where(places >= 0, creators[places], -1) if len(creators) else np.full(len(places), -1)


def _note_others(context: ReadContext, roster: Roster, names: TextColumn, creator: NDArray[np.intp]) -> None:
    """Note the creators who are not on the roster; a fault if none is."""
    counts = np.bincount(names.codes, minlength=len(names.labels))
    is_other = (creator < 0) & (counts > 0)
    is_blank = np.asarray([not label.strip() for label in names.labels], dtype=np.bool_)
    if blank := int(counts[is_blank].sum()):
        context.notes.append(f"{_count(blank, 'row')} without a creator {'is' if blank == 1 else 'are'} not used")
    is_other &= ~is_blank
    named = [names.labels[code].strip() for code in np.flatnonzero(is_other).tolist()]
    if not is_other.any():
        return
    if not (creator >= 0).any():
        listed = list(dict.fromkeys(roster.texts["creator"][row].strip() for row in range(min(len(roster), 50))))
        message = f"none of the creators of {source_name(context.path)} is on the roster, by name: it has posts of"
        message += f" {format_names(named, MOST_NAMES)}, the roster has {format_names(listed, MOST_NAMES)}"
        fix = f"write each name in both files alike, such as {json.dumps(named[0], ensure_ascii=False)}"
        column = context.header("creator")
        context.faults.add(Fault(code="posts-others", message=message, fix=fix, column=column))
        return
    posts = int(counts[is_other].sum())
    shared = _names_of_several(roster, named)
    if shared:
        name, people = next(iter(shared.items()))
        several = " or ".join(people[:MOST_NAMES])
        context.warnings.append(
            f"posts of {name} are not used, since they may be of {several}: write one of these names"
        )
        is_shared = [code for code, label in enumerate(names.labels) if label.strip() in shared]
        posts -= int(counts[is_shared].sum())
        named = [name for name in named if name not in shared]
    if named:
        subject = _count(posts, "post")
        creators = "1 creator who is" if len(named) == 1 else f"{len(named):,} creators who are"
        verb = "is" if posts == 1 else "are"
        context.warnings.append(
            f"{subject} of {creators} not on the roster {verb} not used: {format_names(named, MOST_NAMES)}"
        )


def _names_of_several(roster: Roster, names: Sequence[str]) -> dict[str, list[str]]:
    """Return the names that several people of the roster share, who have an identifier behind it there."""
    people: dict[str, list[str]] = {}
    for label in roster.texts["creator"].labels:
        name, bracket, _ = label.strip().rpartition(" (")
        if bracket and label.strip().endswith(")"):
            people.setdefault(match_keys([name])[0], []).append(label.strip())
    keys = match_keys(names) if people else []
    return {name: people[key] for name, key in zip(names, keys, strict=False) if len(people.get(key, ())) > 1}


def _count(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number:,} {noun}s"


def _post_platforms(context: ReadContext, known: RosterAccounts) -> NDArray[np.intp]:
    """Return the platform of each post as a position among those of the roster, `UNNAMED` or `OTHER`."""
    places = {name: place for place, name in enumerate(known.platforms)}
    found = np.full(len(context.table.row), UNNAMED, dtype=np.intp)
    is_single = len(np.unique(known.creator)) == len(known.creator)
    for column, find in (("platform", platform_key), ("format", _platform_of_format)):
        if column not in context.columns or (column == "format" and is_single):
            continue
        cells = to_text_column(context.raw(column), placeholders=True)
        if len(cells.labels) > MOST_FORMATS:
            continue
        keys = [find(label) if label.strip() else "" for label in cells.labels]
        codes = np.asarray([places.get(key, OTHER) if key else UNNAMED for key in keys], dtype=np.intp)[cells.codes]
        found = np.where(found == UNNAMED, codes, found)
    return found


def _platform_of_format(label: str) -> str:
    """Return the platform that a format names, `YouTube Short`, or an empty text."""
    named = find_named_platform(label)
    return named or ""


def _find_account(creator: NDArray[np.intp], platform: NDArray[np.intp], known: RosterAccounts) -> NDArray[np.intp]:
    """Return the account of a creator on a platform; one who has a single account need not name the platform."""
    creators = int(known.creator.max(initial=-1)) + 1
    table = np.full((creators + 1, len(known.platforms)), NO_ACCOUNT, dtype=np.intp)  # the last: of no creator, -1
    table[known.creator, known.platform] = np.arange(len(known.creator))
    has_one = (table >= 0).sum(axis=1) == 1
    only = np.where(has_one, table.max(axis=1, initial=NO_ACCOUNT), NO_ACCOUNT)
    stated = np.where(platform >= 0, table[creator, np.maximum(platform, 0)], NO_ACCOUNT)
    return np.where(platform == UNNAMED, only[creator], stated)


def _note_other_platforms(
    context: ReadContext,
    names: TextColumn,
    creator: NDArray[np.intp],
    account: NDArray[np.intp],
    platform: NDArray[np.intp],
) -> None:
    """Note the posts of known creators that are on no platform of theirs, or do not say on which of several."""
    lost = (creator >= 0) & (account < 0)
    unnamed = lost & (platform == UNNAMED)
    for mask, why in ((unnamed, "do not say on which platform they are"), (lost & ~unnamed, "are on other platforms")):
        if mask.any():
            who = format_names(list(_first_names(names, mask)), MOST_NAMES)
            end = ": add a column platform" if mask is unnamed else " than their offers"
            number = int(np.count_nonzero(mask))
            context.warnings.append(
                f"{_count(number, 'post')} of {who} {why if number > 1 else _singular(why)}{end}; not used"
            )


def _singular(sentence: str) -> str:
    return sentence.replace("do not say on which platform they are", "does not say on which platform it is").replace(
        "are on other platforms", "is on another platform"
    )


def _first_names(names: TextColumn, mask: NDArray[np.bool_]) -> Iterator[str]:
    codes = pd.unique(names.codes[mask])
    return (names.labels[code].strip() for code in codes.tolist())

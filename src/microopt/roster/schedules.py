"""The schedules of each creator: the sets of offers and waves in which they can be bought.

A schedule is a choice (see `bundles`): its rows are in order of time. Creators with the same pattern of offers and
waves share one enumeration.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.errors import CampaignError
from microopt.roster.bundles import Choices
from microopt.roster.one_offer_per import numbers_that_differ
from microopt.roster.roster import Roster

MAX_ROWS = 8_000_000  # of all schedules together
Integers = NDArray[np.int64]


class Pattern(Struct, frozen=True, kw_only=True, eq=False):
    """Creators whose offers can be combined in the same ways.

    Attributes
    ----------
    slots
        (r,) the slot of each row of a creator: a schedule has at most one row of a slot.
    waves
        (r,) the wave of each row, ascending.
    units
        (r,) how many posts each row is.
    firsts
        (creators,) the first row of each creator.
    creators
        (creators,) the position of each creator in the roster.
    """

    slots: NDArray[np.int32]
    waves: NDArray[np.int32]
    units: NDArray[np.int32]
    firsts: NDArray[np.intp]
    creators: NDArray[np.intp]


def enumerate_schedules(roster: Roster, one_offer_per: str, max_posts: int) -> Choices:
    """Return every schedule of every creator, with creators in the order of the roster and smaller schedules first.

    Parameters
    ----------
    roster
        With rows ordered by creator, then by wave.
    one_offer_per
        What a schedule has at most one offer of in a wave: `creator` (one post a wave), `creator,platform`, or `offer`
        (each offer).
    max_posts
        The most posts of a schedule; an offer of several units is as many posts.

    Raises
    ------
    CampaignError
        If there are too many schedules.
    """
    patterns = find_patterns(roster, one_offer_per)
    _check_size(patterns, max_posts, len(roster))
    found = [_schedules_of(pattern, max_posts) for pattern in patterns]
    creators = sum(len(pattern.creators) for pattern in patterns)
    row_counts, choice_counts = np.zeros(creators, dtype=np.int64), np.zeros(creators, dtype=np.int64)
    for pattern, (rows, choice) in zip(patterns, found, strict=True):
        row_counts[pattern.creators] = len(rows)
        choice_counts[pattern.creators] = choice.max(initial=-1) + 1
    row_starts, choice_starts = (np.cumsum(counts) - counts for counts in (row_counts, choice_counts))
    all_rows = np.empty(int(row_counts.sum()), dtype=np.intp)
    all_choices = np.empty(len(all_rows), dtype=np.int32)
    for pattern, (rows, choice) in zip(patterns, found, strict=True):
        places = row_starts[pattern.creators][:, None] + np.arange(len(rows))
        all_rows[places] = pattern.firsts[:, None] + rows
        all_choices[places] = choice_starts[pattern.creators][:, None] + choice
    return Choices(rows=all_rows, choice=all_choices)


def contacts(choice: NDArray[np.int32], units: Integers) -> NDArray[np.int32]:
    """Return the number of the first post of each row among the posts of its choice, from 1, (rows,)."""
    before = np.cumsum(units) - units
    starts = np.flatnonzero(np.diff(choice, prepend=-1))
    first: NDArray[np.int32] = (before - np.repeat(before[starts], np.bincount(choice)) + 1).astype(np.int32)
    return first


def posts_by_choice(choice: NDArray[np.int32], units: Integers) -> Integers:
    """Return how many posts each choice has, (choices,)."""
    posts: Integers = np.add.reduceat(units, np.flatnonzero(np.diff(choice, prepend=-1)))
    return posts


def find_patterns(roster: Roster, one_offer_per: str) -> list[Pattern]:
    """Return the creators of a roster by the pattern of their offers, in order of appearance."""
    assert roster.timing is not None
    columns = np.stack([slots_of_offers(roster, one_offer_per), roster.timing.wave, roster.unit_counts()]).astype(
        np.int32
    )
    firsts = np.flatnonzero(np.diff(roster.creator_id, prepend=-1))
    lasts = np.append(firsts[1:], len(roster))
    members: dict[bytes, list[int]] = {}
    for number, (first, last) in enumerate(zip(firsts.tolist(), lasts.tolist(), strict=True)):
        members.setdefault(columns[:, first:last].tobytes(), []).append(number)
    parts = [np.frombuffer(key, dtype=np.int32).reshape(3, -1) for key in members]
    return [
        Pattern(slots=part[0], waves=part[1], units=part[2], firsts=firsts[numbers], creators=np.asarray(numbers))
        for part, numbers in zip(parts, members.values(), strict=True)
    ]


def slots_of_offers(roster: Roster, one_offer_per: str) -> NDArray[np.int32]:
    """Return the slot of each row, from 0 for each creator, (n,)."""
    assert roster.timing is not None
    ids = roster.creator_id.astype(np.int64)
    slot = ids * (int(roster.timing.wave.max(initial=0)) + 1) + roster.timing.wave
    for numbers in numbers_that_differ(roster, one_offer_per):
        slot = slot * (int(numbers.max(initial=0)) + 1) + numbers
        slot = np.unique(slot, return_inverse=True)[1]  # numbered anew, so that products stay small
    slot = np.unique(slot, return_inverse=True)[1]
    firsts = np.flatnonzero(np.diff(ids, prepend=-1))
    least = np.minimum.reduceat(slot, firsts)
    local: NDArray[np.int32] = (slot - np.repeat(least, np.diff(np.append(firsts, len(slot))))).astype(np.int32)
    return local


def count_schedules(pattern: Pattern, max_posts: int) -> list[int]:
    """Return how many schedules of a creator there are of 1, 2, ..., `max_posts` posts.

    Over the waves, schedules are counted by their last wave.
    """
    waves = np.unique(pattern.waves).tolist()
    by_last: list[list[int]] = []  # for each wave, the schedules that end in it, by their number of posts
    for wave in waves:
        here = _ways_in_wave(pattern, pattern.waves == wave, max_posts)
        before = [1] + [0] * max_posts
        for ending in by_last:
            before = [sum(pair) for pair in zip(before, ending, strict=True)]
        by_last.append(
            [sum(here[k] * before[posts - k] for k in range(1, posts + 1)) for posts in range(max_posts + 1)]
        )
    return [sum(counts) for counts in zip(*by_last, strict=True)][1:]


def _ways_in_wave(pattern: Pattern, rows: NDArray[np.bool_], most: int) -> list[int]:
    """Return in how many ways rows of a wave, of different slots, are 0, 1, 2, ... posts."""
    counts = [1] + [0] * most
    for slot in np.unique(pattern.slots[rows]).tolist():
        before = counts.copy()
        for units in pattern.units[rows & (pattern.slots == slot)].tolist():
            for posts in range(units, most + 1):
                counts[posts] += before[posts - units]
    return counts


def posts_by_limit(roster: Roster, one_offer_per: str, max_posts: int) -> list[int]:
    """Return how many posts the schedules of up to 1, 2, ..., `max_posts` posts have in all."""
    return _rows_by_posts(find_patterns(roster, one_offer_per), max_posts)


def count_all_schedules(roster: Roster, one_offer_per: str, max_posts: int) -> int:
    """Return how many schedules all creators have together."""
    patterns = find_patterns(roster, one_offer_per)
    return sum(sum(count_schedules(pattern, max_posts)) * len(pattern.creators) for pattern in patterns)


def _rows_by_posts(patterns: Sequence[Pattern], max_posts: int) -> list[int]:
    """Return how many posts the schedules of up to 1, 2, ..., `max_posts` posts have in all; there are no more rows."""
    totals = [0] * max_posts
    for pattern in patterns:
        for place, count in enumerate(count_schedules(pattern, max_posts)):
            totals[place] += count * (place + 1) * len(pattern.creators)
    return list(accumulate(totals))


def _check_size(patterns: Sequence[Pattern], max_posts: int, offers: int) -> None:
    """Refuse more schedules than fit into memory, and name the most posts a creator for which they do."""
    totals = _rows_by_posts(patterns, max_posts)
    if totals[-1] <= MAX_ROWS:
        return
    fitting = sum(total <= MAX_ROWS for total in totals)
    posts = f"{totals[-1]:,} posts in schedules of up to {max_posts} posts a creator"
    message = f"your {offers:,} offers in waves make {posts}, which is too many (at most {MAX_ROWS:,})"
    fewer = f"set max_posts = {fitting} under [calendar], or " if fitting else ""
    fix = f"{fewer}use fewer waves, or leave offers out with --where"
    raise CampaignError(message, fix=fix, code="schedules-many")


def _schedules_of(pattern: Pattern, max_posts: int) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    """Return the rows of every schedule, from 0, and the number of the schedule that each belongs to."""
    slots, units = pattern.slots, pattern.units
    following = np.arange(len(slots))
    follows = following > following[:, None]
    sets = following[units <= max_posts][:, None]
    rows: list[NDArray[np.intp]] = []
    sizes: list[NDArray[np.intp]] = []
    while len(sets):
        rows.append(sets.ravel())
        sizes.append(np.full(len(sets), sets.shape[1]))
        fits = follows[sets[:, -1]] & (units[sets].sum(axis=1)[:, None] + units <= max_posts)
        for place in range(sets.shape[1]):
            fits &= slots[sets[:, place]][:, None] != slots
        chosen, added = np.nonzero(fits)
        sets = np.column_stack([sets[chosen], added])
    posts = np.concatenate(sizes)
    return np.concatenate(rows), np.repeat(np.arange(len(posts)), posts).astype(np.int32)

"""The schedules of each creator: the sets of offers and waves in which they can be bought.

A schedule is a choice (see `bundles`): its rows are in order of time. Creators with the same pattern of offers and
waves share one enumeration.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.errors import CampaignError
from microopt.quantities.keys import match_key
from microopt.roster.bundles import Choices
from microopt.roster.roster import Roster

MAX_ROWS = 4_000_000  # of all schedules together
Integers = NDArray[np.int64]


class Pattern(Struct, frozen=True, kw_only=True, eq=False):
    """Creators whose offers can be combined in the same ways.

    Attributes
    ----------
    slots
        (r,) the slot of each row of a creator: a schedule has at most one row of a slot.
    firsts
        (creators,) the first row of each creator.
    creators
        (creators,) the position of each creator in the roster.
    """

    slots: NDArray[np.int32]
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
        The most rows of a schedule.

    Raises
    ------
    CampaignError
        If there are too many schedules.
    """
    patterns = find_patterns(roster, one_offer_per)
    _check_size(patterns, max_posts, len(roster))
    found = [_schedules_of(pattern.slots, max_posts) for pattern in patterns]
    creators = sum(len(pattern.creators) for pattern in patterns)
    row_counts, choice_counts = np.zeros(creators, dtype=np.int64), np.zeros(creators, dtype=np.int64)
    for pattern, (rows, choice) in zip(patterns, found, strict=True):
        row_counts[pattern.creators] = len(rows)
        choice_counts[pattern.creators] = choice[-1] + 1
    row_starts, choice_starts = (np.cumsum(counts) - counts for counts in (row_counts, choice_counts))
    all_rows = np.empty(int(row_counts.sum()), dtype=np.intp)
    all_choices = np.empty(len(all_rows), dtype=np.int32)
    for pattern, (rows, choice) in zip(patterns, found, strict=True):
        places = row_starts[pattern.creators][:, None] + np.arange(len(rows))
        all_rows[places] = pattern.firsts[:, None] + rows
        all_choices[places] = choice_starts[pattern.creators][:, None] + choice
    return Choices(rows=all_rows, choice=all_choices)


def contacts(choice: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the place of each row within its choice, from 1, (rows,)."""
    starts = np.flatnonzero(np.diff(choice, prepend=-1))
    return (np.arange(len(choice)) - np.repeat(starts, posts_by_choice(choice)) + 1).astype(np.int32)


def posts_by_choice(choice: NDArray[np.int32]) -> Integers:
    """Return how many rows each choice has, (choices,)."""
    return np.bincount(choice).astype(np.int64)


def find_patterns(roster: Roster, one_offer_per: str) -> list[Pattern]:
    """Return the creators of a roster by the pattern of their offers, in order of appearance."""
    slots = _slots(roster, one_offer_per)
    firsts = np.flatnonzero(np.diff(roster.creator_id, prepend=-1))
    lasts = np.append(firsts[1:], len(roster))
    members: dict[bytes, list[int]] = {}
    for number, (first, last) in enumerate(zip(firsts.tolist(), lasts.tolist(), strict=True)):
        members.setdefault(slots[first:last].tobytes(), []).append(number)
    return [
        Pattern(slots=np.frombuffer(key, dtype=np.int32), firsts=firsts[numbers], creators=np.asarray(numbers))
        for key, numbers in members.items()
    ]


def _slots(roster: Roster, one_offer_per: str) -> NDArray[np.int32]:
    """Return the slot of each row, from 0 for each creator, (n,)."""
    assert roster.timing is not None
    ids = roster.creator_id.astype(np.int64)
    names = {"creator": (), "creator,platform": ("platform",)}.get(one_offer_per, ("platform", "offer"))
    slot = ids * (int(roster.timing.wave.max(initial=0)) + 1) + roster.timing.wave
    for name in names:
        if name in roster.texts:
            column = roster.texts[name]
            numbers = _key_numbers(column.labels)
            slot = slot * (int(numbers.max(initial=0)) + 1) + numbers[column.codes]
            slot = np.unique(slot, return_inverse=True)[1]  # numbered anew, so that products stay small
    slot = np.unique(slot, return_inverse=True)[1]
    firsts = np.flatnonzero(np.diff(ids, prepend=-1))
    least = np.minimum.reduceat(slot, firsts)
    return (slot - np.repeat(least, np.diff(np.append(firsts, len(slot))))).astype(np.int32)


def _key_numbers(labels: Sequence[str]) -> Integers:
    """Return a number for each label, the same for every spelling of it."""
    numbers: dict[str, int] = {}
    return np.asarray([numbers.setdefault(match_key(label), len(numbers)) for label in labels], dtype=np.int64)


def count_schedules(slots: NDArray[np.int32], max_posts: int) -> list[int]:
    """Return how many schedules there are of 1, 2, ..., `max_posts` rows: elementary symmetric sums of slot sizes."""
    counts = [1] + [0] * max_posts
    for size in np.bincount(slots).tolist():
        for posts in range(max_posts, 0, -1):
            counts[posts] += size * counts[posts - 1]
    return counts[1:]


def _check_size(patterns: Sequence[Pattern], max_posts: int, offers: int) -> None:
    """Refuse more schedules than fit into memory, and name the most posts a creator for which they do."""
    totals = [0] * max_posts
    for pattern in patterns:
        for place, count in enumerate(count_schedules(pattern.slots, max_posts)):
            totals[place] += count * (place + 1) * len(pattern.creators)
    if sum(totals) <= MAX_ROWS:
        return
    fitting = sum(total <= MAX_ROWS for total in np.cumsum(np.asarray(totals, dtype=object)).tolist())
    posts = f"{sum(totals):,} posts in schedules of up to {max_posts} posts a creator"
    message = f"your {offers:,} offers in waves make {posts}, which is too many (at most {MAX_ROWS:,})"
    fewer = f"set max_posts = {fitting} under [calendar], or " if fitting else ""
    fix = f"{fewer}use fewer waves, or leave offers out with --where"
    raise CampaignError(message, fix=fix, code="schedules-many")


def _schedules_of(slots: NDArray[np.int32], max_posts: int) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    """Return the rows of every schedule, from 0, and the number of the schedule that each belongs to."""
    following = np.arange(len(slots))
    sets = following[:, None]
    rows, sizes = [], []
    while len(sets) and len(rows) < max_posts:
        rows.append(sets.ravel())
        sizes.append(np.full(len(sets), sets.shape[1]))
        fits = following > sets[:, -1:]
        for place in range(sets.shape[1]):
            fits &= slots[sets[:, place]][:, None] != slots
        chosen, added = np.nonzero(fits)
        sets = np.column_stack([sets[chosen], added])
    posts = np.concatenate(sizes)
    return np.concatenate(rows), np.repeat(np.arange(len(posts)), posts).astype(np.int32)

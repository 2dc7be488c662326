"""The schedules of creators: sets of offers and waves."""

from datetime import date
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.campaign.calendar import Calendar, Wave
from microopt.errors import CampaignError
from microopt.roster import schedules
from microopt.roster.schedules import (
    contacts,
    count_all_schedules,
    count_schedules,
    enumerate_schedules,
    find_patterns,
    posts_by_choice,
    posts_by_limit,
)
from microopt.roster.volume_packages import expand_volume_packages
from microopt.roster.waves import expand_waves
from tests.solver.builders import roster


def calendar(waves):
    days = [Wave(name=f"2027-0{n}", starts=date(2027, n, 1), ends=date(2027, n, 28)) for n in range(1, waves + 1)]
    return Calendar(waves=tuple(days), lead_days=0)


def in_waves(listed, waves):
    """Return a roster in so many waves, creator by creator and in the order of time."""
    expanded = expand_waves(listed, calendar(waves))
    return expanded.take(np.lexsort([expanded.timing.wave, expanded.creator_id]))


def sets_of(choices):
    """Return the rows of each choice."""
    found = {}
    for row, choice in zip(choices.rows.tolist(), choices.choice.tolist(), strict=True):
        found.setdefault(choice, []).append(row)
    return [tuple(rows) for rows in found.values()]


def test_a_creator_posts_in_any_waves_up_to_the_most_posts():
    offers = in_waves(roster(["@a", "@b"]), 3)
    single, pairs = [(0,), (1,), (2,)], [(0, 1), (0, 2), (1, 2)]
    of_b = [tuple(row + 3 for row in rows) for rows in single + pairs]
    assert sets_of(enumerate_schedules(offers, "creator", 2)) == single + pairs + of_b
    assert sets_of(enumerate_schedules(offers, "creator", 9))[6] == (0, 1, 2)


def test_a_creator_has_one_offer_a_wave_or_one_for_each_platform_or_each_offer():
    listed = roster(["@a"] * 3, platform=["tiktok", "TikTok", "youtube"], offer=["video", "story", "video"])
    offers = in_waves(listed, 1)
    assert sets_of(enumerate_schedules(offers, "creator", 4)) == [(0,), (1,), (2,)]
    assert sets_of(enumerate_schedules(offers, "creator,platform", 4)) == [(0,), (1,), (2,), (0, 2), (1, 2)]
    assert len(sets_of(enumerate_schedules(offers, "offer", 4))) == 7


def test_contacts_count_the_posts_of_a_schedule():
    choice = np.asarray([0, 1, 1, 2, 2, 2], dtype=np.int32)
    assert contacts(choice, np.ones(6, dtype=np.int64)).tolist() == [1, 1, 2, 1, 2, 3]
    assert posts_by_choice(choice, np.ones(6, dtype=np.int64)).tolist() == [1, 2, 3]
    units = np.asarray([4, 1, 3, 2, 2, 1])
    assert contacts(choice, units).tolist() == [1, 1, 2, 1, 3, 5]
    assert posts_by_choice(choice, units).tolist() == [4, 4, 5]


def test_too_many_schedules_are_a_fault_that_names_the_posts_that_fit(monkeypatch):
    monkeypatch.setattr(schedules, "MAX_ROWS", 100)
    offers = in_waves(roster(["@a", "@b", "@c"]), 6)  # 18 rows of one post, 90 of two
    with pytest.raises(CampaignError, match="288 posts in schedules of up to 3 posts a creator") as refused:
        enumerate_schedules(offers, "creator", 3)
    assert refused.value.code == "schedules-many"
    assert "max_posts = 1 under [calendar]" in refused.value.fix
    assert len(enumerate_schedules(offers, "creator", 1).rows) == 18


@st.composite
def rosters(draw):
    names = draw(st.lists(st.sampled_from("abcd"), min_size=1, max_size=5))
    cells = {name: [draw(st.sampled_from(["x", "y", "X "])) for _ in names] for name in ("platform", "offer")}
    starts = [draw(st.sampled_from(["", "2027-02-01", "2027-03-05"])) for _ in names]
    units = {"max_units": [draw(st.sampled_from([1, 1, 2])) for _ in names]}
    listed = expand_volume_packages(roster(sorted(names), numbers=units, available_from=starts, **cells))
    return in_waves(listed, draw(st.integers(3, 4)))


def posts_of(offers, rows):
    return sum(offers.unit_counts()[list(rows)].tolist())


@given(
    offers=rosters(), one_offer_per=st.sampled_from(["creator", "creator,platform", "offer"]), posts=st.integers(1, 4)
)
def test_schedules_are_all_sets_of_rows_of_a_creator_with_one_of_each_slot(offers, one_offer_per, posts):
    def slot(row):
        names = {"creator": (), "creator,platform": ("platform",), "offer": ("platform", "offer")}[one_offer_per]
        return (offers.text("wave", row), *(offers.text(name, row).strip().lower() for name in names))

    expected = []
    for creator in dict.fromkeys(offers.creator_id.tolist()):
        own = np.flatnonzero(offers.creator_id == creator).tolist()
        for size in range(1, posts + 1):
            sets = (rows for rows in combinations(own, size) if len({*map(slot, rows)}) == size)
            expected += [rows for rows in sets if posts_of(offers, rows) <= posts]
    choices = enumerate_schedules(offers, one_offer_per, posts)
    assert sets_of(choices) == expected
    assert np.array_equal(np.unique(choices.choice), np.arange(len(expected)))


@given(
    offers=rosters(),
    one_offer_per=st.sampled_from(["creator", "creator,platform", "offer"]),
    posts=st.integers(1, 4),
)
def test_schedules_are_counted_before_they_are_listed(offers, one_offer_per, posts):
    for pattern in find_patterns(offers, one_offer_per):
        slots, units = pattern.slots.tolist(), pattern.units.tolist()
        counts = [0] * posts
        for size in range(1, posts + 1):
            for rows in combinations(range(len(slots)), size):
                total = sum(units[row] for row in rows)
                if len({slots[row] for row in rows}) == size and total <= posts:
                    counts[total - 1] += 1
        assert count_schedules(pattern, posts) == counts
    choices = enumerate_schedules(offers, one_offer_per, posts)
    assert count_all_schedules(offers, one_offer_per, posts) == len(sets_of(choices))
    assert posts_by_limit(offers, one_offer_per, posts)[-1] == posts_of(offers, choices.rows.tolist())

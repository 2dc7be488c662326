"""The canonical order of offers: by name however it is spelled, sorted as numbers or as texts all the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.campaign.campaign import TIER_PRESETS
from microopt.quantities.keys import match_keys
from microopt.roster import roster
from microopt.roster.roster import Roster, Source, TextColumn, _sort_labels, with_tiers
from tests.solver.builders import CALM

NAMES = st.text(st.sampled_from("abAB_.@ 0z"), max_size=20)


@CALM
@given(st.lists(NAMES, unique=True, min_size=1, max_size=30))
def test_names_sorted_as_numbers_stand_as_sorted_as_texts(names):
    keys = match_keys(names)
    slowly = sorted(range(len(names)), key=lambda i: (keys[i], names[i]))
    many = roster.RADIX_MIN_KEYS
    roster.RADIX_MIN_KEYS = 0
    try:
        assert _sort_labels(keys, names).tolist() == slowly
    finally:
        roster.RADIX_MIN_KEYS = many


@pytest.mark.parametrize("odd", ["é", "a\0b", "x" * 41])
def test_names_that_are_no_short_ascii_are_sorted_as_texts(odd, monkeypatch):
    monkeypatch.setattr(roster, "RADIX_MIN_KEYS", 0)
    names = ["b", odd, "a"]
    assert np.asarray(names)[_sort_labels(names, names)].tolist() == sorted(names)


@given(st.lists(st.integers(0, 30), unique=True, min_size=1, max_size=20))
def test_rows_of_single_offers_are_in_the_order_of_their_names_however_many_names_are_left_out(numbers):
    roster = of_numbers(numbers)
    assert roster.canonical_order().tolist() == np.argsort(numbers).tolist()


@pytest.mark.parametrize(
    ("followers", "tier"),
    [(0, "nano"), (999, "nano"), (10_000, "micro"), (99_999.5, "micro"), (10**9, "mega"), (np.nan, "mega")],
)
def test_a_tier_begins_at_its_floor_and_the_last_has_those_without_followers(followers, tier):
    column = with_tiers(of_numbers([0], followers), TIER_PRESETS["default"]).texts["tier"]
    assert column[0] == tier


def of_numbers(numbers, followers=5_000.0):
    """Return a roster of one offer each of the creators with these numbers among 31."""
    codes = np.asarray(numbers, dtype=np.int32)
    names = TextColumn(
        codes=codes, labels=tuple(f"c{number:02}" for number in range(31)), ranks=np.arange(31, dtype=np.int32)
    )
    count = len(numbers)
    return Roster(
        texts={"creator": names},
        numbers={"followers": np.full(count, followers)},
        fee=np.full(count, 10_000),
        creator_id=codes,
        row=np.arange(count),
        source=Source(path="r.csv", sha256=""),
    )

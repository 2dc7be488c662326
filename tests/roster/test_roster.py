"""The canonical order of offers: by name however it is spelled, sorted as numbers or as texts all the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.quantities.keys import match_keys
from microopt.roster import roster
from microopt.roster.roster import _sort_labels
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

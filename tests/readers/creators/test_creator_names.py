"""Creators' names: as written, and one id for all spellings."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.quantities.keys import match_key
from microopt.readers.creators.creator_names import to_name_column

NAMES = st.lists(st.text("aAbßÉ@ \t\x1c\n.", max_size=4), min_size=1, max_size=12)
STORAGES = ["python", "pyarrow"]


def parse_names(names, storage):
    if storage == "pyarrow":
        pytest.importorskip("pyarrow")
    return to_name_column(pd.Series(names, dtype=pd.StringDtype(storage, na_value=np.nan)))


@pytest.mark.parametrize("storage", STORAGES)
@given(NAMES)
def test_names_with_equal_keys_have_the_same_id(storage, names):
    parsed = parse_names(names, storage)
    keys = [match_key(name) for name in names]
    same = [[key == second for second in keys] for key in keys]
    np.testing.assert_array_equal(parsed.ids[:, None] == parsed.ids, same)
    assert parsed.is_missing.tolist() == [not key for key in keys]
    assert [parsed.column[row] for row in range(len(names))] == names


@pytest.mark.parametrize("storage", STORAGES)
@pytest.mark.parametrize("names", [["@anna", "Anna "], ["anna", "ANNA"], ["Jane Doe", "jane doe"], ["ß", "SS"]])
def test_spellings_of_one_name(storage, names):
    assert parse_names([*names, "ben"], storage).ids.tolist() == [0, 0, 1]


def test_labels_in_arrow_behave_like_any_sequence():
    labels = parse_names(["@Anna", "ben", "Jane Doe"], "pyarrow").column.labels
    assert list(labels) == ["@Anna", "ben", "Jane Doe"]
    assert labels[1] == "ben"
    assert list(labels[1:]) == ["ben", "Jane Doe"]
    assert len(labels) == 3
    assert "ben" in labels


@pytest.mark.parametrize("storage", STORAGES)
def test_names_are_ranked_by_their_keys(storage):
    names = ["@Zoe", "anna", "@BEN", "b.en"]
    assert parse_names(names, storage).column.ranks.tolist() == [3, 0, 2, 1]
    assert parse_names([*names, "Anna"], storage).column.ranks is None

"""Creators' names: as written, and one id for all spellings."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.quantities.keys import match_key
from microopt.readers.creators import creator_names
from microopt.readers.creators.creator_names import NameLines, to_name_column

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


@pytest.mark.parametrize("storage", STORAGES)
def test_labels_behave_like_any_sequence(storage):
    labels = parse_names(["@Anna", "ben", "Jane Doe"], storage).column.labels
    assert isinstance(labels, NameLines)
    assert list(labels) == ["@Anna", "ben", "Jane Doe"]
    assert labels[1] == "ben"
    assert labels[-1] == "Jane Doe"
    assert list(labels[1:]) == ["ben", "Jane Doe"]
    assert len(labels) == 3
    assert "ben" in labels
    with pytest.raises(IndexError):
        labels[3]


@pytest.mark.parametrize("storage", STORAGES)
def test_names_of_many_blocks_are_labels_in_the_order_of_the_file(storage, monkeypatch):
    monkeypatch.setattr(creator_names, "ROWS_AT_ONCE", 3)
    names = [f"@Creator {number}" for number in range(10, 0, -1)]
    column = parse_names(names, storage).column
    assert list(column.labels) == names
    assert [column[row] for row in range(10)] == names
    assert column.ranks.argsort().tolist() == sorted(range(10), key=lambda row: names[row])


@pytest.mark.parametrize("storage", STORAGES)
def test_names_are_ranked_by_their_keys(storage):
    names = ["@Zoe", "anna", "@BEN", "b.en"]
    assert parse_names(names, storage).column.ranks.tolist() == [3, 0, 2, 1]
    assert parse_names([*names, "Anna"], storage).column.ranks is None

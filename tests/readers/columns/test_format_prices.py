"""Columns of prices whose headers name a format alone."""

import pytest

from microopt.readers.columns.cell_evidence import CellEvidence
from microopt.readers.columns.format_prices import find_format_prices
from tests.readers.builders import column


def find(columns, taken=(), *, has_fee=False):
    cells = [CellEvidence(column(*values)) for values in columns.values()]
    headers = list(columns)
    positions = find_format_prices(headers, cells, {headers.index(name) for name in taken}, has_fee=has_fee)
    return [headers[position] for position in positions]


@pytest.mark.parametrize("has_fee", [False, True])
def test_cells_or_a_header_that_name_a_currency_are_prices(has_fee):
    columns = {"Story": ["$30", "gifted"], "Reel (€)": ["30", "40 - 50"], "Live": ["yes", "no"], "Hours": ["$3", "$4"]}
    assert find(columns, has_fee=has_fee) == ["Story", "Reel (€)"]


def test_bare_numbers_are_prices_where_a_file_has_several_such_columns_and_no_price():
    columns = {"Post": [30.0, 40.0], "Story": [10.0, 20.0]}
    assert find(columns) == ["Post", "Story"]
    assert find(columns, has_fee=True) == []
    assert find({**columns, "Reel price": [5.0, 6.0]}) == []
    assert find({"Story": [10.0, 20.0]}) == []


def test_numbers_of_posts_are_no_prices():
    assert find({"Posts": [300.0, 400.0], "Stories": [100.0, 200.0]}) == []
    assert find({"Post": [3.0, 4.0], "Story": [1.0, 2.0]}) == []


def test_a_header_of_another_column_is_none():
    assert find({"Story": ["$30", "$40"]}, taken=["Story"]) == []

"""Columns of prices whose headers name a format alone."""

import pytest

from microopt.readers.headers.cell_evidence import CellEvidence
from microopt.readers.headers.format_prices import find_fee_ends, find_format_prices
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


@pytest.mark.parametrize("has_fee", [False, True])
def test_a_format_with_a_month_is_an_offer_where_its_cells_are_money(has_fee):
    columns = {"Reel Apr": ["$300", "$150"], "Story May 2026": ["$50", "TBC"], "März Reel": ["30 €", "40 €"]}
    assert find(columns, has_fee=has_fee) == ["Reel Apr", "Story May 2026", "März Reel"]


def test_figures_of_one_months_posts_are_not_prices():
    assert find({"Reel Apr": [3000.0, 4000.0], "Reel May": [1000.0, 2000.0]}) == []
    assert (
        find({"May": ["$3", "$4"], "2026": ["$3", "$4"], "Reel revenue Apr": ["$3", "$4"], "TikTok 2025": ["$3", "$4"]})
        == []
    )


@pytest.mark.parametrize(
    "headers",
    [
        ("Reel from", "Reel to"),
        ("Story ab", "Story bis"),
        ("Budget min", "Budget max"),
        ("Reel à partir de", "Reel jusqu'à"),
    ],
)
def test_the_two_ends_of_a_range_are_prices(headers):
    low, high = headers
    assert find({low: [300.0, 250.0], high: [500.0, 400.0]}) == [low, high]
    assert find({high: [500.0, 400.0], low: [300.0, 250.0]}) == [high, low]


def test_the_two_ends_of_another_range_are_no_prices():
    ages, reels = (
        {"Age from": [18.0, 20.0], "Age to": [24.0, 30.0]},
        {"Reels from": [10.0, 20.0], "Reels to": [20.0, 30.0]},
    )
    dates = {"Reel from": ["1 May", "2 May"], "Reel to": ["5 May", "6 May"]}
    assert [find(columns) for columns in (ages, reels, dates)] == [[], [], []]
    assert find({"Reel from": [300.0, 250.0], "Reel to": [500.0, 400.0]}, has_fee=True) == []


def test_a_range_without_a_name_is_the_fee_if_it_is_in_a_currency_and_nothing_else_is():
    assert find({"from": ["$300", "$250"], "to": ["$500", "$400"]}) == ["from", "to"]
    assert find({"from (EUR)": [300.0, 250.0], "to (EUR)": [500.0, 400.0]}) == ["from (EUR)", "to (EUR)"]
    assert find({"from": [300.0, 250.0], "to": [500.0, 400.0]}) == []
    assert find({"from": ["$300", "$250"], "to": ["$500", "$400"]}, has_fee=True) == []
    assert find({"from": ["$300", "$250"], "to": ["$500", "$400"], "Reel ($)": [7.0, 9.0]}) == ["Reel ($)"]


def test_a_high_end_without_a_name_belongs_to_the_price_before_it():
    assert find({"Price from": [300.0, 250.0], "to": [500.0, 400.0]}) == ["Price from", "to"]


@pytest.mark.parametrize(("fee", "ends"), [(0, [1, 0]), (1, [1, 0]), (2, [])])
def test_an_end_of_a_range_that_the_user_says_is_the_fee_has_the_other_end_beside_it(fee, ends):
    cells = [CellEvidence(column(*values)) for values in ([300.0, 250.0], [500.0, 400.0], [1.0, 2.0])]
    assert find_fee_ends(["from", "to", "Hours"], cells, {fee}, fee) == ends
    assert find_fee_ends(["from", "to", "Hours"], cells, {0, 1, 2}, fee) == []

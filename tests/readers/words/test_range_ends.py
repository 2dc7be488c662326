"""Which headers are the two ends of one range."""

import pytest

from microopt.readers.words.price_headers import split_header
from microopt.readers.words.range_ends import find_ends, is_high, is_low, split_ends


def words(*headers):
    return {position: split_header(header) for position, header in enumerate(headers)}


@pytest.mark.parametrize(
    ("low", "high", "rest"),
    [
        ("Price from", "Price to", ("price",)),
        ("Price starting at", "Price up to", ("price",)),
        ("Reel starting", "Reel up", ("reel",)),
        ("Reel ab", "Reel bis", ("reel",)),
        ("Tarif de", "Tarif à", ("tarif",)),
        ("Preço a partir de", "Preço até", ("preco",)),
        ("Prezzo da", "Prezzo a", ("prezzo",)),
        ("Cena od", "Cena do", ("cena",)),
        ("Цена от", "Цена до", ("цена",)),
        ("最低报价", "最高报价", ("报价",)),
        ("en az", "en çok", ()),
        ("from", "to", ()),
        ("Price from", "to", ("price",)),
    ],
)
def test_two_headers_that_differ_in_the_ends_only_are_a_pair(low, high, rest):
    assert split_ends(split_header(low), split_header(high)) == rest
    assert split_ends(split_header(high), split_header(low)) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Price from", "Views to"),
        ("Price from", "Price from"),
        ("Price from", "Price"),
        ("from", "Price to"),
        ("Price de Reel", "Price a Story"),
        ("Reel", "Story"),
        ("Price net", "Price gross"),
        ("", ""),
    ],
)
def test_other_headers_are_no_pair(one, other):
    assert split_ends(split_header(one), split_header(other)) is None
    assert split_ends(split_header(other), split_header(one)) is None


def test_each_low_end_has_its_own_high_end():
    headers = words("Reel to", "Story from", "Reel from", "Story to", "Age from", "Price")
    assert find_ends(headers) == {3: 1, 0: 2}
    assert find_ends(words("Reel to", "Followers", "Reel from", "Reel to")) == {3: 2}  # the nearest


def test_a_header_that_says_nothing_but_the_high_end_belongs_to_the_low_end_before_it():
    assert find_ends(words("Reel from", "to", "Story from", "to")) == {1: 0, 3: 2}
    assert find_ends(words("Reel from", "Notes", "to")) == {}


def test_a_header_with_both_ends_is_neither():
    assert not is_low(split_header("Price from - to"))
    assert not is_high(split_header("Price from - to"))

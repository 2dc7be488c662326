"""Units of numbers: every word in cells and in headers, and headers that name none."""

import pandas as pd
import pytest

from microopt.quantities.number_units import UNIT_SCALES
from microopt.readers.numbers.numeric_text import LOOSE, parse_numbers
from microopt.readers.words.number_units import header_scale, without_unit
from microopt.readers.words.vocabulary import ROSTER


@pytest.mark.parametrize("form", ["{}", " {}", " {}.", "{}+"])
def test_every_unit_scales_a_number(form):
    for word, scale in UNIT_SCALES.items():
        written = [f"{number}{form.format(spelling)}" for number in ("3", "2.5") for spelling in (word, word.upper())]
        parsed = parse_numbers(pd.Series(written, dtype=object), LOOSE)
        assert parsed.values.tolist() == [3 * scale, 3 * scale, 2.5 * scale, 2.5 * scale], word


@pytest.mark.parametrize(
    ("header", "scale", "rest"),
    [
        ("Followers (K)", 1e3, "Followers"),
        ("Followers (k)", 1e3, "Followers"),
        ("Followers (000s)", 1e3, "Followers"),
        ("Followers ('000)", 1e3, "Followers"),
        ("Followers [Mio.]", 1e6, "Followers"),
        ("followers_in_k", 1e3, "followers"),
        ("Views (M)", 1e6, "Views"),
        ("Reach (thousands)", 1e3, "Reach"),
        ("Views in Tsd.", 1e3, "Views"),
        ("Abonnenten in Tausend", 1e3, "Abonnenten"),
        ("粉丝数(万)", 1e4, "粉丝数"),
        ("Fee in k€", 1e3, "Fee"),
        ("Fee (k€)", 1e3, "Fee"),
        ("Fee (€k)", 1e3, "Fee"),
        ("Fee TEUR", 1e3, "Fee"),
        ("Preis (T€)", 1e3, "Preis"),
        ("Preis in Tsd. €", 1e3, "Preis"),
        ("Подписчики, тыс.", 1e3, "Подписчики"),
        ("Цена, тыс. руб.", 1e3, "Цена"),
        ("Followers, k", 1e3, "Followers"),
        ("Followers (mil)", 1e6, "Followers"),
        ("Seguidores (mil)", 1e3, "Seguidores"),
        ("Followers", 1, "Followers"),
        ("Price (USD)", 1, "Price"),
        ("Price (€)", 1, "Price"),
        ("Fee in US$", 1, "Fee in US$"),
        ("ER (%)", 1, "ER (%)"),
        ("Likes (avg)", 1, "Likes (avg)"),
        ("(K)", 1, "(K)"),
        ("Linkedin Followers", 1, "Linkedin Followers"),
        ("Rate in Berlin", 1, "Rate in Berlin"),
    ],
)
def test_the_unit_of_a_header_is_found(header, scale, rest):
    assert (header_scale(header), without_unit(header)) == (scale, rest)


@pytest.mark.parametrize("header", ["Followers (K)", "Followers in Tsd.", "FOLLOWERS (thousands)"])
def test_a_header_with_a_unit_is_known(header):
    assert ROSTER.find_column(header)[0] == "followers"

"""Units with two meanings: `mil` and `B`."""

import pandas as pd
import pytest
from msgspec.structs import replace

from microopt.readers.numbers.numeric_text import LOOSE, parse_numbers


def values(cells, **style):
    return parse_numbers(pd.Series(cells, dtype=object), replace(LOOSE, **style)).values.tolist()


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["105 mil", "3 mil"], [105_000, 3_000]),
        (["23,5 mil", "3 mil"], [23_500, 3_000]),
        (["1.2 mil", "3 mil"], [1_200_000, 3_000_000]),
        (["R$ 1.2 mil"], [1_200]),
        (["3 mil €"], [3_000]),
        (["100-105 mil"], [102_500]),
        (["45 B", "110 bin"], [45_000, 110_000]),
        (["45 B"], [45e9]),
    ],
)
def test_the_cells_of_a_column_decide(cells, numbers):
    assert values(cells) == numbers


@pytest.mark.parametrize(("language", "numbers"), [("es", [3_000, 45e9]), ("tr", [3_000_000, 45_000])])
def test_the_language_of_the_headers_decides(language, numbers):
    assert [
        *values(["3 mil"], find_languages=lambda: {language}),
        *values(["45 B"], find_languages=lambda: {language}),
    ] == numbers


def test_a_decimal_comma_of_the_file_decides():
    assert values(["3 mil"], find_mark=lambda: ",") == [3_000]


def test_what_is_assumed_is_marked():
    assumed = parse_numbers(pd.Series(["105 mil", "300"], dtype=object), LOOSE).assumed_units
    assert assumed is not None
    assert assumed.tolist() == [True, False]
    assert parse_numbers(pd.Series(["23,5 mil"], dtype=object), LOOSE).assumed_units is None

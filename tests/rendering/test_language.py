"""Numbers are written as a language writes them."""

import pytest

from microopt.rendering.language.language import find_language


@pytest.mark.parametrize(
    ("code", "value", "text"),
    [
        ("en", 470_437.997, "470K"),
        ("en", 9_999.4, "9,999"),
        ("de", 470_437.997, "470.438"),
        ("de", 2_670_000.4, "2,67\xa0Mio."),
    ],
)
def test_a_large_number_is_short_where_the_language_has_a_short_form(code, value, text):
    assert find_language(code).count(value) == text

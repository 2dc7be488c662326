"""Figures of pages are rounded as those of a terminal."""

import pytest

from microopt.quantities.parse_and_format import format_count
from microopt.rendering.language.language import find_language
from microopt.rendering.story.figures import write_result
from microopt.rendering.wording.plan_figures import format_amount


@pytest.mark.parametrize(
    ("amount", "text"),
    [(49_450, "49.5K"), (49_350, "49.4K"), (12_250, "12.3K"), (10_050, "10.1K"), (12_249, "12.2K"), (286_500, "287K")],
)
def test_half_a_unit_rounds_up_in_a_page_and_in_a_terminal(amount, text):
    assert write_result(find_language("en"), "engagements", amount) == text
    assert format_amount(amount) == text.replace("K", "k")
    if amount < 100_000:
        assert format_count(amount) == text.replace("K", "k")

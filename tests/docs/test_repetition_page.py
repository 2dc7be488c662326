"""The figures of repeated posts in docs/calendar.md are those of the defaults."""

import re
from pathlib import Path

from microopt.benchmarks.table import default_benchmarks

PAGE = Path(__file__).parents[2] / "docs" / "calendar.md"


def test_the_page_shows_the_factors_of_the_forecast():
    table = default_benchmarks().table("repetition")
    lines = re.findall(r"^\| (\d)(?: and more)? \|(.+)\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    shown = [(float(post), *map(float, cells.split("|"))) for post, cells in lines]
    names = ("floors", "reach", "engagements", "clicks", "conversions")
    assert shown == [tuple(table[name][place] for name in names) for place in range(len(table["floors"]))]
    assert table["reach"] == table["impressions"]

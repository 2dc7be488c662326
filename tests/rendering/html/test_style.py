"""The style of a page: what a campaign is called stands at the foot of each sheet, and closes no rule."""

import re

from microopt.rendering.html.style import page_style
from tests.support.hostile_text import PAYLOADS


def footer(style):
    """Return the text at the foot of a sheet, as a browser reads it."""
    text = re.search(r'@bottom-left\{content:"((?:[A-Za-z0-9]|\\[0-9a-f]+ )*)"\}', style)[1]
    return re.sub(r"\\([0-9a-f]+) ", lambda found: chr(int(found[1], 16)), text)


def test_the_name_of_the_campaign_is_at_the_foot():
    assert footer(page_style("Lumen · Spring launch")) == "Lumen · Spring launch"


def test_no_text_leaves_its_place():
    for text in (*PAYLOADS.values(), '"}</style><script>alert(1)</script>', "\\", "\n", "😀" * 100):
        style = page_style(text)
        assert len(footer(style)) <= 70
        assert "</style" not in style


def test_sheets_are_numbered():
    assert "counter(page)" in page_style("")

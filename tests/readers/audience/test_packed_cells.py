"""Cells that hold a whole audience, as tools and people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.readers.audience.packed_cells import parse_packed
from tests.planning.builders import CALM


def shares(cell):
    """Return what each share is of, and its number, negative percents as such."""
    read = parse_packed(cell)
    if read is None:
        return None
    named = []
    for share in read:
        part = share.part
        name = share.name if part is None else part.country or part.gender or ""
        ages = part.ages.text if part is not None and part.ages is not None else ""
        named.append((" ".join(filter(None, (name, ages))) or "rest", share.number))
    return dict(named)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("DE 62%, AT 11%", {"DE": 62, "AT": 11}),
        ("DE 62, AT 11", {"DE": 62, "AT": 11}),
        ("DE 62,5%, AT 11%", {"DE": 62.5, "AT": 11}),
        ("DE 62,5%; AT 11 %", {"DE": 62.5, "AT": 11}),
        ("Germany: 62% | Austria: 11%", {"DE": 62, "AT": 11}),
        ("United States (45.3%), UK (12%)", {"US": 45.3, "GB": 12}),
        ("United States (45.3%) UK (12%)", {"US": 45.3, "GB": 12}),
        ("Germany - 62%\nAustria - 11%", {"DE": 62, "AT": 11}),
        ("DE-62%", {"DE": 62}),
        ("DE=62;AT=11", {"DE": 62, "AT": 11}),
        ("62% DE, 11% AT", {"DE": 62, "AT": 11}),
        ("62% in Germany", {"DE": 62}),
        ("🇩🇪 62% 🇦🇹 11%", {"DE": 62, "AT": 11}),
        ('{"DE":0.62,"AT":0.11}', {"DE": 0.62, "AT": 0.11}),
        ("[{'DE': 62.5}, {'AT': 11}]", {"DE": 62.5, "AT": 11}),
        ("F 70 / M 30", {"female": 70, "male": 30}),
        ("women 70% men 30%", {"female": 70, "male": 30}),
        ("weiblich 70%, männlich 30%", {"female": 70, "male": 30}),
        ("70% female", {"female": 70}),
        ("18-24: 35%, 25-34: 40%", {"18-24": 35, "25-34": 40}),
        ("18-24:35,25-34:30", {"18-24": 35, "25-34": 30}),
        ("35% 18-24; 65+ 3%", {"18-24": 35, "65+": 3}),
        ("F 18-24: 12%, M 18-24: 8%", {"female 18-24": 12, "male 18-24": 8}),
        ("DE 80%, Other 20%", {"DE": 80, "rest": 20}),
        ("Germny 62%", {"Germny": 62}),
        ("Germany, Austria", {"DE": None, "AT": None}),
        ("18-24", {"18-24": None}),
        ("DE: -5%", {"DE": -5}),
        ("", {}),
        ("70/30", None),
        ("62%", None),
        ("1" * 70, None),
        ("DE 62%, " * 500, None),
    ],
)
def test_shares_are_parsed(cell, expected):
    assert shares(cell) == expected


@given(st.text(max_size=80) | st.text(alphabet="DE AT18-24+%,;|/:.(){}\"'Ff", max_size=200))
@CALM
def test_any_text_is_parsed_or_refused(cell):
    parse_packed(cell)


CODES = ("DE", "AT", "CH", "US", "FR")


@given(
    st.dictionaries(st.sampled_from(CODES), st.integers(0, 1000), min_size=1),
    st.sampled_from((", ", "; ", " | ", "\n")),
)
@CALM
def test_shares_written_in_any_common_way_are_read_back(tenths, divider):
    for form in ("{} {}%", "{}: {}%", "{} ({}%)", "{}={}"):
        cell = divider.join(form.format(code, amount / 10) for code, amount in tenths.items())
        assert shares(cell) == {code: amount / 10 for code, amount in tenths.items()}

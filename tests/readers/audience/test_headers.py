"""Headers of audiences as tools and people write them, and headers that are none."""

import pytest

from microopt.readers.audience.headers import parse_header


def named(header):
    found = parse_header(header)
    if found is None:
        return None
    part = found.part
    return (
        "packed"
        if part is None
        else part.country or " ".join(filter(None, (part.gender, part.ages and part.ages.text)))
    )


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("Audience DE", "DE"),
        ("audience_country_de", "DE"),
        ("audience.geo.DE", "DE"),
        ("Audience Country: Germany (%)", "DE"),
        ("Follower Deutschland in %", "DE"),
        ("% in Germany", "DE"),
        ("Germany %", "DE"),
        ("US audience %", "US"),
        ("Country share: United States", "US"),
        ("% Female", "female"),
        ("Female followers", "female"),
        ("audienceGenderFemale", "female"),
        ("Anteil Frauen", "female"),
        ("Audience M", "male"),
        ("Male", "male"),
        ("Age 18-24", "18-24"),
        ("13-17", "13-17"),
        ("audience_age_18_24", "18-24"),
        ("Audience Age 18 - 24", "18-24"),
        ("65+ %", "65+"),
        ("<18 %", "0-17"),
        ("F 18-24", "female 18-24"),
        ("audience_f_18_24", "female 18-24"),
        ("Audience countries", "packed"),
        ("Audience Top Countries", "packed"),
        ("audience_gender", "packed"),
        ("Gender split", "packed"),
        ("Audience demographics", "packed"),
    ],
)
def test_headers_of_an_audience_are_known(header, part):
    assert named(header) == part


@pytest.mark.parametrize(
    "header",
    [
        *("Followers", "Audience", "Audience size", "Gender", "Age", "Country", "M", "F", "IN", "CPM", "Notes"),
        *("Engagement Rate %", "Market share %", "Avg Views (last 30)", "Reach 18-24", "Price 18-24", "Views DE"),
        *("Reel price DE", "Rate 3-5", "18-24 Reel price", "creator", "Audience quality score", "x" * 500),
    ],
)
def test_other_headers_are_none(header):
    assert parse_header(header) is None

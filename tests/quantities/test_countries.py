"""Countries are known by their codes, their names in English and German, and their flags."""

import pytest

from microopt.quantities.countries import (
    countries,
    country_names,
    find_country,
    find_language,
    find_market,
    share_of_people,
    share_of_speakers,
)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("DE", "DE"),
        ("de", "DE"),
        ("DEU", "DE"),
        ("Germany", "DE"),
        ("Deutschland", "DE"),
        (" germany ", "DE"),
        ("Österreich", "AT"),
        ("Oesterreich", "AT"),
        ("🇦🇹", "AT"),
        ("🇩🇪 Germany", "DE"),
        ("U.S.A.", "US"),
        ("UK", "GB"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("Côte d'Ivoire", "CI"),
        ("Cote d’Ivoire", "CI"),
        ("Bosnia & Herzegovina", "BA"),
        ("Atlantis", None),
        ("", None),
        ("🏕️", None),
    ],
)
def test_a_country_is_found_by_any_of_its_names(name, code):
    assert find_country(name) == code


def test_every_name_of_a_country_is_one_of_a_single_country():
    assert all(find_country(name) for name in country_names())
    assert {find_country(code) for code in countries()} == {*countries()}


@pytest.mark.parametrize(
    ("place", "codes"),
    [
        ("Germany", ("DE",)),
        ("Berlin, Germany", ("DE",)),
        ("Berlin, DE", ("DE",)),
        ("Los Angeles, CA", ("US",)),
        ("Atlanta, Georgia", ("US",)),
        ("CA", ("CA",)),
        ("D-A-CH", ("DE", "AT", "CH")),
        ("Benelux", ("BE", "NL", "LU")),
        ("North America", ("US", "CA")),
        ("Paris", ()),
        ("", ()),
    ],
)
def test_a_place_stands_for_its_countries(place, codes):
    assert find_market(place) == codes


@pytest.mark.parametrize(
    ("name", "code"), [("en-GB", "en"), ("English", "en"), ("Deutsch", "de"), ("de_AT", "de"), ("Klingon", None)]
)
def test_a_language_is_found_by_its_code_and_its_name(name, code):
    assert find_language(name) == code


def test_every_country_of_a_market_is_one():
    assert all(
        code in countries()
        for market in ("EU", "Europe", "Nordics", "Scandinavia", "GSA")
        for code in find_market(market)
    )
    assert 0.15 < share_of_people(find_market("Europe"), ["DE", "AT"]) < 0.19


def test_shares_are_those_of_people_and_of_speakers_where_the_language_is_official():
    people = {code: countries()[code].people for code in ("DE", "AT", "CH")}
    assert share_of_people(people, ["DE", "AT"]) == pytest.approx((people["DE"] + people["AT"]) / sum(people.values()))
    assert share_of_people(["DE"], ["FR"]) == 0.0
    assert 0.85 < share_of_speakers("de", ["DE", "AT"]) < 0.95
    assert share_of_speakers("xx", ["DE"]) == 0.0

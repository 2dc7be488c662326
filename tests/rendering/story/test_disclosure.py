"""The rules of a campaign's countries have labels, a place and a source; unknown countries are named."""

from urllib.parse import urlsplit

import pytest

from microopt.campaign.report_settings import ReportSettings
from microopt.rendering.language.language import find_language
from microopt.rendering.story.disclosure import disclosure, disclosure_line, stored_rules
from tests.rendering.builders import plan

ENGLISH = find_language("en")


def of_countries(*codes):
    return plan(campaign={"report": ReportSettings(countries=codes)})


def test_the_countries_that_are_asked_about():
    assert set(stored_rules()) == {"US", "GB", "DE", "FR", "ES", "IT", "BR", "AU"}


@pytest.mark.parametrize("code", stored_rules())
def test_each_country_says_what_where_and_by_whose_rule(code):
    (rule,) = disclosure(of_countries(code), ENGLISH).rules
    assert rule.labels
    assert rule.place.endswith(".")
    assert rule.country not in ("", code)
    for source in rule.sources:
        address = urlsplit(source.url)
        assert address.scheme in ("http", "https")
        assert "." in address.netloc
        assert source.title
        assert source.year is None or 2000 <= source.year <= 2026


def test_rules_stand_in_the_order_of_the_campaign():
    told = disclosure(of_countries("FR", "US"), ENGLISH)
    assert [rule.country for rule in told.rules] == ["France", "United States"]
    assert told.others == ""


def test_a_country_without_rules_is_named():
    told = disclosure(of_countries("DE", "JP", "XX"), ENGLISH)
    assert [rule.code for rule in told.rules] == ["DE"]
    assert told.others == "The rules of Japan and XX are not listed here: check them before anything is posted."


def test_without_countries_the_general_text_stands_alone():
    told = disclosure(plan(), ENGLISH)
    assert "FTC" in told.general
    assert (told.rules, told.others) == ((), "")


def test_the_line_for_a_creator():
    assert disclosure_line(of_countries("DE", "GB"), ENGLISH) == (
        "Label the post as advertising: “Werbung” or “Anzeige” (Germany); “Ad” (United Kingdom)."
    )
    assert disclosure_line(plan(), ENGLISH) == "Label the post clearly as advertising, at its start."

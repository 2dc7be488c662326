"""Names of waves: which wave a text means, what is suggested, and characters that nobody sees."""

import pytest

from microopt.campaign.wave_names import find_wave, suggest_waves, unseen_character, wave_key

WAVES = ("2027-03", "2027-W20", "launch", "spring sale")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("2027-03", 0),
        ("2027-3", 0),
        (" 2027-3 ", 0),
        ("2027-w20", 1),
        ("2027W20", 1),
        ("Launch", 2),
        ("SPRING SALE", 3),
        ("2027-04", None),
        ("", None),
        ("spring", None),
    ],
)
def test_all_spellings_of_a_name_mean_one_wave(text, place):
    assert find_wave(WAVES, text) == place


def test_weeks_are_the_same_with_and_without_a_zero():
    assert wave_key("2027-W3") == wave_key("2027-w03") == wave_key("2027W3")
    assert wave_key("2027-W3") != wave_key("2027-03")


def test_no_month_is_nearer_than_another():
    assert suggest_waves(("2027-03", "2027-04", "2027-05"), "2027-06") == "the waves are 2027-03, 2027-04, 2027-05"
    assert suggest_waves(WAVES, "lauch") == "did you mean launch?"
    assert suggest_waves(WAVES, "Christmas") == f"the waves are {', '.join(WAVES)}"


@pytest.mark.parametrize("code", ["\x9b", "\u202e", "\u200b", "\u2066", "\xa0", "\u2028", "\udc80", "\x00"])
def test_characters_that_nobody_sees_are_named(code):
    assert unseen_character(f"abc{code}") == f"U+{ord(code):04X}"


@pytest.mark.parametrize("name", ["launch", "spring sale", "Frühling", "春", "-2+3", "1,5"])
def test_all_others_can_be_seen(name):
    assert unseen_character(name) == ""


def test_a_month_by_its_name_is_the_only_wave_of_that_month():
    assert suggest_waves(("2027-03", "2027-04"), "March") == "did you mean 2027-03?"
    assert suggest_waves(("2027-03", "2028-03"), "march") == "the waves are 2027-03, 2028-03"

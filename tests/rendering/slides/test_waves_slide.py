"""The slide of a plan's waves: who posts what when, or of many waves what each of them has."""

import pytest

from microopt.rendering import plan_renderer
from tests.rendering.builders import HOSTILE, pick, plan
from tests.rendering.slides.test_slides import open_deck, rows, texts
from tests.rendering.waves import in_waves, months

SLIDE = 2  # counted from 0: after the mix


def deck(made):
    return open_deck(plan_renderer("pptx")(made))


def test_a_plan_with_a_calendar_has_a_slide_of_its_waves():
    made = deck(in_waves(3))
    assert len(made.slides) == 5
    assert texts(made)[SLIDE][0] == "7 posts in 2 of 3 waves"
    found = rows(made, SLIDE)
    assert found[0] == ["Creator", "2027-03", "2027-04", "2027-05", "Posts"]
    assert found[2] == ["@creator.1", "video", "·", "video", "2"]
    assert found[-1] == ["Posts", "5", "0", "2", "7"]


def test_the_slide_of_creators_has_a_row_for_each():
    found = rows(deck(in_waves(3)), SLIDE + 1)
    assert [row[0] for row in found] == ["Creator", *(f"@creator.{number}" for number in range(5)), "Total"]
    assert found[2][3] == "video x2"


def test_twelve_waves_have_letters_with_their_meaning():
    made = deck(in_waves(12))
    assert rows(made, SLIDE)[2] == ["@creator.1", "V", "·", *"VVVVVVVVVV", "11"]
    assert "R reel · V video · S story · L live stream" in texts(made)[SLIDE]


def test_more_waves_are_summed_up():
    found = rows(deck(in_waves(26)), SLIDE)
    assert found[0] == ["Wave", "", "Creators", "Posts", "Spend", "Engagements", "Conversions"]
    assert found[1][0] == "2027-03"
    assert found[-2][0] == "14 more"
    assert found[-1][1].split() == ["Mar", "1,", "2027", "–", "Apr", "30,", "2029"]


def test_of_many_creators_the_first_are_shown_and_all_are_counted():
    waves = months(2)
    found = rows(deck(in_waves(2, [pick(number, wave=waves[number % 2].name) for number in range(40)])), SLIDE)
    assert found[-2] == ["28 more", "…", "…", "…"]
    assert found[-1] == ["Posts", "20", "20", "40"]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_names_leave_the_table_whole(text):
    found = rows(deck(in_waves(3, [pick(0, creator=text, offer=text, wave="2027-03")])), SLIDE)
    assert [len(row) for row in found] == [5, 5, 5]


@pytest.mark.parametrize("made", [plan(), in_waves(3, [])], ids=["without a calendar", "empty"])
def test_other_plans_have_four_slides(made):
    assert len(deck(made).slides) == 4

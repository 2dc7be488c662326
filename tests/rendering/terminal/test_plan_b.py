"""Whom to book instead, with a calendar: a row for each creator, and the waves of their posts."""

from msgspec.structs import replace

from microopt.rendering.terminal.plan_b import plan_b_table
from microopt.rendering.terminal.screen import Screen
from tests.rendering.builders import decline_case, pick, plan_b
from tests.rendering.waves import in_waves

BOOKED = tuple(pick(0, creator="@new", wave=wave) for wave in ("2027-03", "2027-05"))


def table(width, before=None, booked=BOOKED):
    case = replace(decline_case("@old"), booked=booked)
    return plan_b_table(
        plan_b(case, asked=("@old",), **({} if before is None else {"before": before})), Screen(width=width)
    )


def test_the_posts_of_a_creator_are_one_row_with_their_waves():
    (row,) = [line for line in table(120, in_waves(3)).splitlines() if line.startswith("@new")]
    assert "IG reel x2  2027-03, 2027-05" in row
    assert "$900" in row


def test_a_narrow_screen_leaves_the_waves_out_first():
    assert "2027-05" not in table(60, in_waves(3))
    assert "$900" in table(60, in_waves(3))


def test_without_a_calendar_each_offer_has_a_row():
    offers = (pick(0, creator="@new"), pick(0, creator="@new", offer="story"))
    text = table(120, booked=offers)
    assert "Waves" not in text
    assert sum(line.startswith("@new") for line in text.splitlines()) == 2

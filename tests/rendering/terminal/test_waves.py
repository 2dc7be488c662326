"""The table of a plan's waves at every width: nothing is wider than the screen, and every post can be found."""

import re
from datetime import date

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from microopt.campaign.calendar import Wave
from microopt.rendering.terminal.plan import plan_table
from microopt.rendering.terminal.screen import Screen
from microopt.rendering.terminal.waves import wave_parts
from tests.rendering.builders import HOSTILE, pick, plan
from tests.rendering.waves import in_waves, months, posts


def lines_of(made, width, **screen):
    return Screen(width=width, **screen).render(*wave_parts(made, Screen(width=width, **screen))).splitlines()


def test_three_waves_at_80_columns_have_the_names_of_posts_and_totals_at_the_foot():
    assert lines_of(in_waves(3), 80)[1:] == [
        "By wave          2027-03  2027-04  2027-05  Posts",
        "@creator.0          reel        ·        ·      1",
        "@creator.1         video        ·    video      2",
        "@creator.2         story        ·    story      2",
        "@creator.3   live stream        ·        ·      1",
        "@creator.4          reel        ·        ·      1",
        "Posts                  5        0        2      7",
        "Spend             $2,250       $0     $900",
        "Engagements        4,500        0    1,800",
    ]


def test_twelve_waves_at_80_columns_have_letters_with_a_legend_and_totals_below():
    lines = lines_of(in_waves(12), 80)
    assert lines[1] == "By wave     1  2  3  4  5  6  7  8  9  10  11  12  Posts"
    assert lines[3] == "@creator.1  V  ·  V  V  V  V  V  V  V   V   V   V     11"
    assert lines[7] == "R reel · V video · S story · L live stream"
    assert lines[9] == "    Wave     Creators  Posts   Spend  Engagements"
    assert lines[10] == " 1  2027-03         5      5  $2,250        4,500"
    assert lines[21] == "12  2028-02         1      1    $450          900"


def test_twelve_waves_at_120_columns_have_their_names_and_totals_at_the_foot():
    lines = lines_of(in_waves(12), 120)
    assert lines[1].split() == ["By", "wave", *(wave.name for wave in months(12)), "Posts"]
    assert [line.split()[0] for line in lines[7:10]] == ["Posts", "Spend", "Engagements"]
    assert lines[10] == "R reel · V video · S story · L live stream"


@pytest.mark.parametrize("count", [1, 2, 3, 6, 12, 26, 53, 60])
@pytest.mark.parametrize("width", [60, 80, 100, 120, 160])
def test_no_line_is_wider_than_the_screen_and_every_post_is_marked(width, count):
    made = in_waves(count)
    lines = lines_of(made, width)
    assert max(map(cell_len, lines)) <= width
    for number in range(5):
        own = sum(item.creator == f"@creator.{number}" for item in made.picks)
        place = next(at for at, line in enumerate(lines) if line.startswith(f"@creator.{number}"))
        row = [lines[place]]
        while lines[place + len(row)].startswith("  "):  # a strip of marks that goes on
            row.append(lines[place + len(row)])
        text = re.sub(r"@creator\.\d", "", "".join(row)).replace("live stream", "L")
        assert len(re.findall(r"[A-Z]|[a-z]+", text)) == own


def test_many_waves_in_a_row_without_a_post_are_one_row_of_the_totals():
    lines = lines_of(in_waves(20, in_waves(20).picks[:1]), 80)
    assert any(re.match(r" *1 +2027-03 +1 +1 ", line) for line in lines)
    assert sum("2-20" in line and "2027-04 to 2028-10" in line for line in lines) == 1
    assert not any("2027-09" in line for line in lines)


def test_many_waves_stand_side_by_side():
    lines = lines_of(in_waves(60), 80)
    assert lines[1] == "By wave    1 to 60"
    assert lines[3].split()[1] == "V·" + "V" * 58


def test_several_posts_in_the_place_of_one_are_a_dot_with_a_legend():
    waves = months(60)
    chosen = [*posts(waves), pick(creator="@creator.0", offer="story", wave=waves[0].name)]
    lines = lines_of(in_waves(60, chosen), 80)
    assert lines[2].split()[1].startswith("●·")
    assert lines[7].endswith("● several posts")


def test_more_kinds_of_posts_than_letters_are_dots():
    waves = months(12)
    chosen = [pick(number, offer=f"offer {number}", wave=waves[number % 12].name) for number in range(50)]
    lines = lines_of(in_waves(12, chosen), 80)
    assert "● a post" in lines
    assert sum(line.count("●") for line in lines) == 51


def test_of_many_creators_the_first_of_each_tier_are_shown_and_the_totals_count_all():
    waves = months(3)
    chosen = [pick(number, wave=waves[number % 3].name) for number in range(200)]
    lines = lines_of(in_waves(3, chosen), 80)
    assert sum(line.startswith("@creator") for line in lines) == 50
    assert any(line.startswith("… and 150 more cr") for line in lines)
    assert next(line for line in lines if line.startswith("Posts")).split() == ["Posts", "67", "67", "66", "200"]
    table = plan_table(in_waves(3, chosen), Screen(width=80))
    assert "All creators: add -o plan.csv (or .xlsx, .html)." in table


def test_a_plan_without_a_calendar_or_without_picks_has_no_table_of_waves():
    assert list(wave_parts(plan(), Screen())) == []
    assert list(wave_parts(in_waves(3, []), Screen())) == []
    assert "By wave" not in plan_table(plan(), Screen())
    assert "no creators" in plan_table(in_waves(3, []), Screen())


def test_the_table_of_picks_has_a_row_for_each_creator():
    table = plan_table(in_waves(3), Screen(width=80))
    picks = table.partition("By wave")[0]
    assert re.search(r"^@creator\.1 .*YT video x2", picks, re.MULTILINE)
    assert picks.count("@creator.1") == 1
    assert "5 creators, 7 posts" in picks
    assert "All creators" not in table


def test_colors_change_no_letter():
    colored = "\n".join(lines_of(in_waves(12), 80, color=True))
    assert re.sub(r"\x1b\[[\d;]*m", "", colored) == "\n".join(lines_of(in_waves(12), 80))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("width", [60, 80, 120])
def test_hostile_names_of_creators_and_offers_stay_on_their_line(text, width):
    waves = months(3)
    chosen = [pick(0, creator=text, offer=text, wave=waves[0].name), pick(1, wave=waves[2].name)]
    lines = lines_of(in_waves(3, chosen), width)
    assert max(map(cell_len, lines)) <= width
    assert sum(line.startswith("@creator.1") for line in lines) == 1
    assert not any(mark in "".join(lines) for mark in "\x1b\x07\x00\u202e\u2066")
    assert "●" not in "".join(lines)


@pytest.mark.parametrize("name", ["x" * 60, "漢" * 40, "Launch & sale", "שנה", "[red]a[/red]", "=1+1"])
def test_hostile_names_of_waves_stand_above_their_column_or_beside_their_number(name):
    waves = (Wave(name=name, starts=date(2027, 3, 1), ends=date(2027, 3, 9)), replace(months(2)[1]))
    chosen = [pick(0, wave=name), pick(1, wave=waves[1].name)]
    for width in (60, 80, 120):
        lines = lines_of(in_waves(2, chosen, waves=waves), width)
        assert max(map(cell_len, lines)) <= width
        assert any(name[:8] in line for line in lines)


def test_days_are_told_where_names_of_waves_do_not_say_them():
    waves = [Wave(name=f"push {wave.name}", starts=wave.starts, ends=wave.ends) for wave in months(12)]
    lines = lines_of(in_waves(12, waves=waves), 80)
    assert " 1  push 2027-03  2027-03-01 to 2027-03-31" in "\n".join(lines)

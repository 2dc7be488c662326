"""The table of picks at every width: which columns leave, what is never cut, and how many lines it takes."""

import re
from itertools import pairwise

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from microopt.campaign.campaign import Goal
from microopt.campaign.metrics import NET_REACH
from microopt.plan.likely_range import LikelyRange
from microopt.rendering.terminal.plan import plan_table
from microopt.rendering.terminal.screen import Screen
from tests.rendering.builders import TIERS, metrics, pick, picks, plan, suspicion, totals

NAMES = {
    "plain": "@creator.{}",
    "long": "@the.very.long.handle.of.a.creator.{}",
    "Chinese": "小红书美妆博主第{}号店铺官方账号",
    "Arabic": "@شذى_الورد_الجميلة_{}",
    "emoji": "@👩‍👩‍👧‍👦🎉🇩🇪glow.{}",
}
WIDEST = "vs usual Reach Impressions Engagements Likely (80%) Conversions CPE CPA CPM ROAS"
COLUMNS = {  # by width, what remains of a table with the revenue of its picks
    60: "Creator Post Cost Eng. Conv. ROAS",
    80: "Creator Tier Post Cost Eng. Conv. CPA ROAS",
    100: "Creator Tier Post Niche Cost Reach Eng. Conv. CPE CPA ROAS",
    120: "Creator Tier Post Niche Cost Reach Impr. Eng. Conv. CPE CPA CPM ROAS",
    160: f"Creator Tier Post Niche Cost {WIDEST}",
}


def sample(count, name="plain"):
    """Return a plan of creators with revenue, ranges and usual fees."""
    likely = {"engagements": LikelyRange(3_100_000, 15_700_000)}
    chosen = [
        pick(
            number,
            creator=NAMES[name].format(number),
            offer="dedicated video",
            platform="tiktok",
            tier=TIERS[number * 5 // count],
            metrics=metrics(1 + number % 9),
            revenue=12_345,
            usual_fee=20_000,
            likely=likely,
        )
        for number in range(count)
    ]
    brought = replace(totals(chosen), revenue=12_345 * count)
    return plan(chosen, totals=brought, likely=likely, rules=(), campaign={"order_value": 4_500})


def lines_of(made, width):
    return plan_table(made, Screen(width=width)).splitlines()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("count", [14, 120])
@pytest.mark.parametrize("width", COLUMNS)
def test_no_line_is_wider_than_the_screen_and_figures_stay_whole(width, count, name):
    lines = lines_of(sample(count, name), width)
    assert max(map(cell_len, lines)) <= width
    total = next(line for line in lines if line.startswith(f"{count} creators"))
    assert re.search(r"\d\.\d\dx$", total)
    rows = [line for line in lines if line.endswith("x") and "$450" in line]
    assert len(rows) == (14 if count == 14 else 50)
    assert not any("…" in line.partition("$450")[2] for line in rows)


@pytest.mark.parametrize("width", COLUMNS)
def test_columns_leave_in_one_order_and_the_return_on_spend_stays(width):
    header = next(line for line in lines_of(sample(14, "long"), width) if line.startswith("Creator"))
    assert header.split() == COLUMNS[width].split()


def test_each_narrower_screen_loses_the_least_important_column():
    made = sample(14, "long")
    screens = [lines_of(made, width) for width in range(120, 59, -1)]
    headers = [next(line for line in lines if line.startswith("Creator")).split() for lines in screens]
    left = [name for wide, narrow in pairwise(headers) for name in wide if name not in narrow]
    assert left == ["CPM", "Impr.", "Niche", "CPE", "Reach", "CPA", "Tier"]


@pytest.mark.parametrize("width", [80, 100, 120, 160])
def test_a_name_shows_twenty_characters_while_another_column_can_go(width):
    row = next(line for line in lines_of(sample(14, "long"), width) if line.startswith("@the"))
    assert row.startswith("@the.very.long.hand")


@pytest.mark.parametrize("width", [60, 80, 100, 120, 160])
def test_an_offer_keeps_sixteen_characters(width):
    assert any("TikTok dedicat" in line for line in lines_of(sample(14), width))


def test_a_wide_screen_adds_the_range_and_how_many_times_the_usual_fee_a_fee_is():
    lines = lines_of(sample(14), 160)
    row = next(line for line in lines if line.startswith("@creator.0"))
    assert " 2.0x " in row
    assert " 3.1k-16k " in row
    total = next(line for line in lines if line.startswith("14 creators"))
    assert " 3.1k-16k " in total
    assert not any("3.1k-16k" in line for line in lines_of(sample(14), 120)[6:])


@pytest.mark.parametrize("width", [80, 100, 120, 160])
def test_the_rest_of_many_picks_stands_above_the_total_with_its_sum(width):
    lines = lines_of(sample(120), width)
    place = next(number for number, line in enumerate(lines) if line.startswith("… and 70 more"))
    assert "$31,500" in lines[place]
    assert lines[place + 1].startswith("120 creators")


def test_at_most_three_warnings_are_shown_with_those_above_the_table():
    warnings = tuple(f"number {number}" for number in range(5))
    shown = [line for line in lines_of(plan(picks(3), warnings=warnings), 80) if line.startswith("Warning: number")]
    assert shown == ["Warning: number 0.", "Warning: number 1.", "Warning: number 2."]


def test_a_warning_above_the_table_counts_towards_the_three():
    doubt = suspicion("@x", code="suspicious-fee", text="fee $900, usual $90")
    made = plan(picks(3), warnings=("one", "two", "three"), suspicions=(doubt,))
    first, *others = [line for line in lines_of(made, 120) if line.startswith("Warning:")]
    assert "@x" in first
    assert others == ["Warning: one.", "Warning: two."]


@pytest.mark.parametrize("goal", ["reach", NET_REACH])
def test_a_goal_of_reach_keeps_its_column(goal):
    made = plan(picks(3, creator=NAMES["long"]), campaign={"goal": Goal(name=goal)})
    assert "Reach" in next(line for line in lines_of(made, 60) if line.startswith("Creator"))

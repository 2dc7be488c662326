"""Charts of a running campaign show its pacing, and nothing that is not known."""

from datetime import date
from xml.etree import ElementTree as ET

import pytest
from msgspec.structs import replace

from microopt.campaign.progress import CampaignProgress, Contract, ContractState, DayResults, PostResults
from microopt.plan.likely_range import LikelyRange
from microopt.plan.pacing import build_pacing
from microopt.rendering.charts.drawing import NARROW, WIDE
from microopt.rendering.charts.progress_charts import bullets_chart, pace_chart
from microopt.rendering.charts.svg import chart_svg
from microopt.rendering.language.language import find_language
from tests.rendering.builders import HOSTILE, metrics, pick, plan

DAYS = {"starts": date(2026, 3, 1), "ends": date(2026, 3, 31)}
FIRST = {"engagements": 30_000_000, "conversions": 80_000}


def running(
    names=("@a", "@b"), engagements=400.0, first_forecast=FIRST, as_of=date(2026, 3, 11), by_day=(), **campaign
):
    """Return a plan whose creators are live and have results.

    Parameters
    ----------
    by_day
        Days and engagements.
    """
    progress = CampaignProgress(
        contracts=tuple(
            Contract(creator=name, state=ContractState.LIVE, planned={"engagements": 1_000_000}) for name in names
        ),
        results=tuple(PostResults(creator=name, posts=1.0, engagements=engagements) for name in names),
        results_by_day=tuple(DayResults(day=day, engagements=count) for day, count in by_day),
        as_of=as_of,
        first_forecast=first_forecast,
    )
    chosen = [pick(number, creator=name, metrics=metrics(number + 1)) for number, name in enumerate(names)]
    sample = plan(chosen, campaign={**DAYS, **campaign, "running": progress})
    return replace(sample, likely={"engagements": LikelyRange(2_000_000, 4_000_000)})


def rows(chart):
    return max(chart.to_dict()["datasets"].values(), key=len)


def test_a_campaign_is_drawn_from_its_first_to_its_last_day():
    sample = running()
    points = {(row["what"], row["day"]): row["amount"] for row in rows(pace_chart(sample, build_pacing(sample)))}
    assert points["Planned, at an even pace", 30] == 30_000
    assert points["So far", 10] == 800
    assert points["Projected, with its likely range", 30] == 2_700


def so_far(sample):
    drawn = rows(pace_chart(sample, build_pacing(sample)))
    return [(row["day"], row["amount"]) for row in drawn if row["what"] == "So far"]


def test_what_came_in_is_drawn_day_by_day_and_flat_where_nothing_did():
    days = [(date(2026, 3, 1), 100.0), (date(2026, 3, 2), 0.0), (date(2026, 3, 6), 700.0)]
    assert so_far(running(by_day=days)) == [(-1, 0), (0, 100), (1, 100), (4, 100), (5, 800), (10, 800)]


def test_the_line_starts_at_the_results_without_a_date():
    assert so_far(running(by_day=[(date(2026, 3, 3), 300.0)])) == [(-1, 500), (1, 500), (2, 800), (10, 800)]


@pytest.mark.parametrize("by_day", [(), [(date(2026, 3, 3), None)]], ids=["no day", "not measured"])
def test_the_line_is_straight_if_no_result_has_a_date(by_day):
    assert so_far(running(by_day=by_day)) == [(-1, 0), (10, 800)]


def test_results_of_days_outside_the_campaign_count_on_its_first_and_its_latest_day():
    days = [(date(2026, 2, 1), 300.0), (date(2026, 2, 2), 100.0), (date(2026, 3, 20), 400.0)]
    assert so_far(running(by_day=days)) == [(-1, 400), (9, 400), (10, 800)]


def test_the_plan_is_as_far_by_the_end_of_a_day_as_the_share_of_days_that_are_gone():
    sample = running()
    first, last = [row for row in rows(pace_chart(sample, build_pacing(sample))) if row["what"].startswith("Planned")]
    pacing = build_pacing(sample)
    gone = (pacing.day - 1 - first["day"]) / (last["day"] - first["day"])
    assert gone == pytest.approx(pacing.day / pacing.days)


def test_the_band_ends_in_the_likely_range():
    sample = running()
    sets = pace_chart(sample, build_pacing(sample)).to_dict()["datasets"].values()
    assert {"day": 30, "low": 2_000.0, "high": 4_000.0} in [row for data in sets for row in data]


@pytest.mark.parametrize(
    "unknown",
    [{"ends": None}, {"as_of": None}, {"first_forecast": {}}, {"engagements": None}, {"ends": DAYS["starts"]}],
)
def test_what_is_not_known_is_not_drawn(unknown):
    sample = running(**unknown)
    assert pace_chart(sample, build_pacing(sample)) is None


def test_a_bar_of_a_creator_is_what_came_in_is_projected_and_was_planned():
    first = rows(bullets_chart(build_pacing(running())))[0]
    assert (first["name"], first["to_date"], first["projected"], first["planned"]) == ("@b", 400, 1_800, 1_000)
    assert first["spoken"] == "@b: 400 so far, 1,800 projected, 1,000 planned"


def test_creators_without_results_have_no_bars():
    assert bullets_chart(build_pacing(running(engagements=None))) is None


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_days_are_written_in_the_language_of_the_page(width):
    sample = running()
    svg = chart_svg(pace_chart(sample, build_pacing(sample), find_language("de"), width=width), "pace", title="x")
    assert "1. März" in [node.text for node in ET.fromstring(svg).iter("text")]


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_names_of_any_kind_are_text(name):
    svg = chart_svg(bullets_chart(build_pacing(running(names=(name, "@b")))), "bullets", title="x")
    assert len(ET.fromstring(svg).findall(".//title")) == 6

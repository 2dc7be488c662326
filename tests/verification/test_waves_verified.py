"""A check adds up the posts of each wave again, and finds their days again."""

import json
from datetime import date

import pytest

from microopt.campaign.calendar import Calendar, Wave
from microopt.verification.verify import verify
from tests.planning.builders import build_campaign
from tests.verification.opponent import planned, sealed

WAVES = (
    Wave(name="2027-03", starts=date(2027, 3, 1), ends=date(2027, 3, 31)),
    Wave(name="2027-04", starts=date(2027, 4, 1), ends=date(2027, 4, 30)),
)
ROSTER = (
    "creator,platform,offer,followers,fee\n@anna,instagram,reel,20000,$200\n@ben,tiktok,video,90000,$700\n"
    "@cleo,instagram,story,8000,$60\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("waves")
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    campaign = build_campaign(budget=180_000, calendar=Calendar(waves=WAVES))
    (folder / "plan.json").write_text(planned(folder / "roster.csv", campaign), encoding="utf-8")
    return folder


def altered(folder, change):
    value = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    change(value)
    (folder / "altered.json").write_text(json.dumps(sealed(value)), encoding="utf-8")
    return verify(str(folder / "altered.json")).discrepancy


def test_a_plan_with_a_calendar_holds(folder):
    assert verify(str(folder / "plan.json")).discrepancy is None


@pytest.mark.parametrize(
    ("key", "value"),
    [("posts", 4), ("spend", 1.0), ("creators", 9), ("starts", "2027-03-02"), ("demand", 2), ("wave", "May")],
)
def test_a_wave_that_was_altered_is_found(folder, key, value):
    assert altered(folder, lambda plan: plan["by_wave"][0].update({key: value})).place == f"by_wave[0].{key}"


def test_a_plan_that_hides_its_waves_is_found(folder):
    assert altered(folder, lambda plan: plan.pop("by_wave")) is not None
    assert altered(folder, lambda plan: plan["by_wave"].pop()) is not None


@pytest.mark.parametrize("key", ["posting_date", "approval_date", "briefing_date"])
def test_a_day_that_was_altered_is_found(folder, key):
    assert altered(folder, lambda plan: plan["picks"][0].update({key: "2027-03-02"})).place == f"picks[0].{key}"


def test_a_plan_that_hides_its_days_is_found(folder):
    assert altered(folder, lambda plan: plan["picks"][0].pop("posting_date")) is not None

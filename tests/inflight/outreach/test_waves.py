"""Whom to ask for which wave of a calendar, and when."""

from datetime import date

import pytest
from msgspec.structs import replace

from microopt.inflight.outreach.build import build_outreach
from microopt.readers.contract_states import read_states
from microopt.rendering.data.outreach_csv import outreach_file
from tests.inflight.test_wave_contracts import agreed, night, plan_of, posts, state, team


@pytest.fixture(scope="module")
def plan():
    """Return a creator in three waves at $100 each; a post takes 20 days."""
    plan = plan_of(team(1))
    return replace(plan, campaign=replace(plan.campaign, calendar=replace(plan.campaign.calendar, lead_days=20)))


def rows(outreach):
    return {row.wave: (row.status.value, row.ask_on, row.answer_by) for row in outreach.rows}


def test_creators_are_asked_for_the_waves_whose_lead_time_comes_near(plan):
    listed = build_outreach(plan, as_of=date(2026, 12, 9))  # 20 days and three to answer before January
    assert rows(listed) == {
        "2027-01": ("to ask today", date(2026, 12, 9), date(2026, 12, 12)),
        "2027-02": ("to ask later", date(2027, 1, 9), None),
        "2027-03": ("to ask later", date(2027, 2, 6), None),
    }
    assert listed.to_ask == 10_000
    early = build_outreach(plan, as_of=date(2026, 12, 8))
    assert {row.status.value for row in early.rows} == {"to ask later"}


def test_whoever_has_agreed_to_one_wave_is_asked_for_the_next(plan):
    listed = build_outreach(plan, as_of=date(2027, 1, 10), contracts=[state("@a", "live", "2027-01")])
    assert {wave: status for wave, (status, *_) in rows(listed).items()} == {
        **{"2027-01": "live", "2027-02": "to ask today", "2027-03": "to ask later"},
    }
    assert (listed.agreed, listed.to_ask) == (10_000, 10_000)


def test_posts_of_a_retainer_are_asked_for_together(plan):
    calendar = replace(plan.campaign.calendar, retainer=((2, 0),))
    listed = build_outreach(replace(plan, campaign=replace(plan.campaign, calendar=calendar)), as_of=date(2026, 12, 9))
    assert {status for status, *_ in rows(listed).values()} == {"to ask today"}
    early = build_outreach(replace(plan, campaign=replace(plan.campaign, calendar=calendar)), as_of=date(2026, 12, 1))
    assert set(rows(early).values()) == {("to ask later", date(2026, 12, 9), None)}


def test_nobody_is_asked_for_a_wave_for_which_it_is_too_late(plan):
    listed = build_outreach(plan, as_of=date(2027, 1, 20))
    assert "2027-01" not in rows(listed)
    assert any("too late to ask @a for posts in 2027-01" in note for note in listed.notes)


def test_the_list_is_read_again_wave_by_wave(plan, tmp_path):
    listed = build_outreach(plan, as_of=date(2026, 12, 9))
    text = outreach_file(listed).replace("to ask today", "no").replace("to ask later", "yes", 1)
    (tmp_path / "asked.csv").write_text(text, encoding="utf-8")
    states = read_states(str(tmp_path / "asked.csv"), calendar=plan.campaign.calendar)
    assert {each.wave: each.state.value for each in states.contracts} == {
        **{"2027-01": "declined", "2027-02": "signed", "2027-03": "proposed"},
    }


def test_an_open_offer_stays_in_its_wave_though_the_lead_time_is_gone():
    listed = team(3)
    plan = plan_of(listed, budget=20_000)
    ((who, wave), *_) = sorted(posts(plan), key=lambda place: place[1])
    asked = state(who, "offered", wave)
    last_day = next(each.ends for each in plan.campaign.calendar.waves if each.name == wave)
    slow = replace(plan, campaign=replace(plan.campaign, calendar=replace(plan.campaign.calendar, lead_days=5)))
    after = night(slow, listed, last_day.isoformat(), asked)
    assert (who, wave) in posts(after)
    assert agreed(after)[who, wave] == "offered"

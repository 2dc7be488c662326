"""A plan as a calendar file, checked by rules of RFC 5545 and by two libraries that read such files."""

from datetime import date, timedelta

import icalendar
import pytest
from msgspec.structs import replace
from tests.rendering import builders
from tests.rendering.waves import dated, in_waves, months, posts
from tests.support.hostile_text import PAYLOADS, active
from tests.support.ical_rules import check_calendar_file
from tests.support.strings_of import one_of_each_field, put_string

from microopt.analysis.report.result import Edition
from microopt.campaign.calendar import Wave
from microopt.campaign.progress import CampaignProgress, Contract, ContractState, Posting
from microopt.campaign.report_settings import ReportSettings
from microopt.errors import UsageError
from microopt.plan.replan_summary import InputFingerprints, ReplanSummary
from microopt.rendering.data.ics import plan_ics, report_ics

vobject = pytest.importorskip("vobject")


def events_of(plan):
    return check_calendar_file(plan_ics(plan))


def of_kind(plan, kind):
    return [event for event in events_of(plan) if event["CATEGORIES"] == kind]


def made_at(plan, moment):
    step = ReplanSummary(previous="f" * 64, made_at=moment, inputs=InputFingerprints(roster="r"))
    return replace(plan, replan=step)


def test_each_pick_has_a_post_an_approval_and_a_briefing_on_its_days():
    plan = dated()
    by_kind = {"Post": "posting_date", "Approve": "approval_date", "Brief": "briefing_date"}
    for kind, name in by_kind.items():
        days = [event["DTSTART"] for event in of_kind(plan, kind)]
        assert days == sorted(getattr(pick, name) for pick in plan.picks)
    first = min(plan.picks, key=lambda pick: pick.posting_date)
    event = of_kind(plan, "Post")[0]
    assert event["SUMMARY"] == f"Post: {first.creator}, {first.offer}, {first.platform}"
    assert event["DESCRIPTION"].startswith("Spring launch, 2027-03\nDraft due: ")
    assert "Label the post clearly as advertising" in event["DESCRIPTION"]
    assert event["TRANSP"] == "TRANSPARENT"


def test_events_are_days_without_hours_that_end_before_the_day_after():
    assert all(event["DTEND"] - event["DTSTART"] == timedelta(1) for event in events_of(dated()))


def test_the_last_day_that_a_date_can_have_needs_no_end():
    plan = dated()
    picks = (replace(plan.picks[0], posting_date=date.max, approval_date=None, briefing_date=None),)
    (event,) = events_of(replace(plan, picks=picks))
    assert event["DTSTART"] == date.max
    assert "DTEND" not in event


def test_two_libraries_read_what_was_written():
    plan = dated()
    data = plan_ics(plan)
    read = icalendar.Calendar.from_ical(data)
    assert read.errors == []
    assert all(event.errors == [] for event in read.walk())
    assert read.to_ical() == data
    other = vobject.readOne(data.decode())
    assert other.validate(raiseException=True)
    assert len(other.vevent_list) == len(read.walk("VEVENT")) == 3 * len(plan.picks)
    for event, same in zip(read.walk("VEVENT"), other.vevent_list, strict=True):
        assert str(event["SUMMARY"]) == same.summary.value
        assert event["DTSTART"].dt == same.dtstart.value


@pytest.mark.parametrize("name", PAYLOADS)
def test_hostile_text_is_text(name):
    plan = dated()
    plan = replace(plan, campaign=replace(plan.campaign, name="Spring"))
    whole = plan
    for path in one_of_each_field(plan).values():
        if path[0] != "campaign" or "calendar" not in path:
            whole = put_string(whole, path, PAYLOADS[name])
    whole = replace(whole, picks=tuple(replace(pick, creator=PAYLOADS[name]) for pick in plan.picks))
    data = plan_ics(whole)
    events = check_calendar_file(data)
    assert len(events) == 3 * len(plan.picks)
    assert all(active(event["SUMMARY"] + event["DESCRIPTION"].replace("\n", "")) == set() for event in events)
    assert all(len(event["SUMMARY"]) < 700 for event in events)
    assert len(icalendar.Calendar.from_ical(data).walk("VEVENT")) == len(events)


@pytest.mark.parametrize(
    "text", ["a;b,c\\d:e\"f'", "\\n", "\\\\;", "BEGIN:VEVENT", "x;VALUE=DATE:20270101", "漢" * 150]
)
def test_signs_of_the_format_come_back_as_they_were(text):
    plan = in_waves(chosen=posts(months(3), 1, creator=text))
    event = of_kind(dated(plan), "Post")[0]
    assert event["SUMMARY"] == f"Post: {text}, reel, instagram"


@pytest.mark.parametrize("name", PAYLOADS)
def test_the_name_of_a_wave_is_text(name):
    wave = Wave(name=PAYLOADS[name], starts=date(2027, 3, 1), ends=date(2027, 3, 9))
    for chosen in ([builders.pick(wave=wave.name)], []):
        events = events_of(dated(in_waves(chosen=chosen, waves=[wave])))
        assert all(active(event["SUMMARY"]) == set() for event in events)


def identifiers(plan):
    return {event["SUMMARY"]: event["UID"] for event in of_kind(plan, "Post")}


def test_an_event_keeps_its_identifier_whatever_else_changes():
    plan = dated()
    moved = [replace(pick, posting_date=pick.posting_date + timedelta(1), units=2, cost=1) for pick in plan.picks[:4]]
    later = made_at(replace(plan, picks=tuple(moved)), "2027-03-02T02:00:00Z")
    expected = {event["UID"] for event in of_kind(plan, "Post")}
    assert {event["UID"] for event in of_kind(later, "Post")} <= expected
    assert len(expected) == len(plan.picks)


def test_other_campaigns_have_other_identifiers():
    plan = dated()
    assert not {*identifiers(plan).values()} & {*identifiers(dated(name="Autumn")).values()}
    clients = [dated(report=ReportSettings(client=client)) for client in ("Acme", "Bolt")]
    assert not {*identifiers(clients[0]).values()} & {*identifiers(clients[1]).values()}


def test_a_campaign_without_a_name_is_that_of_its_list():
    plan = dated(name=None)
    source = replace(plan.roster.source, path="/elsewhere/roster.csv", sha256="cd" * 32)
    moved = replace(plan, roster=replace(plan.roster, source=source))
    other = replace(plan, roster=replace(plan.roster, source=replace(source, path="other.csv")))
    assert identifiers(moved) == identifiers(plan)
    assert not {*identifiers(other).values()} & {*identifiers(plan).values()}


def test_picks_that_nothing_tells_apart_are_events_of_their_own():
    pick = posts(months(3), 1)[0]
    assert len(events_of(dated(in_waves(chosen=[pick, pick])))) == 6


def test_a_later_plan_replaces_an_earlier_one():
    plan = dated()
    first, second = made_at(plan, "2027-03-01T02:00:00Z"), made_at(plan, "2027-03-01T02:00:01Z")
    events = [events_of(each)[0] for each in (plan, first, second)]
    assert int(events[0]["SEQUENCE"]) < int(events[1]["SEQUENCE"]) < int(events[2]["SEQUENCE"])
    assert [event["DTSTAMP"] for event in events] == ["20000101T000000Z", "20270301T020000Z", "20270301T020001Z"]
    assert plan_ics(first) == plan_ics(first)


def test_a_first_plan_is_of_the_date_of_its_report():
    (stamp,) = {event["DTSTAMP"] for event in events_of(dated(report=ReportSettings(date=date(2027, 2, 1))))}
    assert stamp == "20270201T000000Z"


@pytest.mark.parametrize("moment", ["yesterday", "", "1999-01-01T00:00:00Z", "9999-12-31T23:59:59+00:00"])
def test_a_plan_file_that_states_no_time_of_ours_is_a_valid_calendar_all_the_same(moment):
    assert events_of(made_at(dated(), moment))


def test_who_has_signed_is_confirmed_and_an_agreed_day_is_told():
    plan = dated()
    signed, day = plan.picks[0], plan.picks[0].posting_date
    contract = Contract(creator=signed.creator, state=ContractState.SIGNED, posting=Posting(day=day))
    running = CampaignProgress(contracts=(contract,))
    found = of_kind(dated(running=running), "Post")
    confirmed = [event for event in found if event["STATUS"] == "CONFIRMED"]
    assert [event["SUMMARY"] for event in confirmed] == [f"Post: {signed.creator}, {signed.offer}, {signed.platform}"]
    assert "The day is agreed." in confirmed[0]["DESCRIPTION"]
    assert all("The day is a suggestion." in event["DESCRIPTION"] for event in found if event not in confirmed)


def test_a_client_gets_no_briefings_and_texts_in_the_language_asked_for():
    report = builders.report(dated())
    data = report_ics(replace(report, edition=Edition(audience="client", language="de")))
    events = check_calendar_file(data)
    assert {event["CATEGORIES"] for event in events} == {"Post", "Freigabe"}
    assert any("Entwurf fällig: " in event["DESCRIPTION"] for event in events)
    assert len(check_calendar_file(report_ics(report))) > len(events)


def test_nothing_tells_a_fee():
    data = plan_ics(dated(in_waves(chosen=posts(months(3), fee=1_234_500, cost=1_234_500)))).decode()
    assert "12345" not in data.replace(",", "")
    assert "$" not in data


def test_an_empty_plan_shows_its_waves_without_posts():
    events = events_of(in_waves(chosen=[]))
    assert [event["SUMMARY"] for event in events] == [f"2027-0{month}: no posts planned" for month in (3, 4, 5)]
    assert (events[0]["DTSTART"], events[0]["DTEND"]) == (date(2027, 3, 1), date(2027, 4, 1))


@pytest.mark.parametrize(
    ("campaign", "fix"),
    [
        ({}, "--waves 2027-03,2027-04"),
        ({"starts": date(2027, 3, 5)}, "--waves 2027-03,2027-04"),
        ({"starts": date(2027, 3, 5), "ends": date(2027, 4, 2)}, "--waves campaign=2027-03-05..2027-04-02"),
    ],
)
def test_a_plan_without_a_calendar_has_no_dates_and_says_what_to_do(campaign, fix):
    with pytest.raises(UsageError, match="which come from waves, and the campaign has none") as caught:
        plan_ics(builders.plan(campaign=campaign))
    assert fix in caught.value.fix
    assert caught.value.code == "no-calendar"

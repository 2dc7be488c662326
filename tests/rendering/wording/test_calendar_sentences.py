"""What a calendar did to a plan, in sentences."""

from datetime import date
from fractions import Fraction

from msgspec.structs import replace

from microopt.campaign.calendar import Calendar, Days, Wave
from microopt.rendering.wording.calendar_sentences import calendar_note, retainer_fact
from microopt.rendering.wording.plan_sentences import plan_sentences, short_sentences
from tests.rendering.builders import plan

WAVES = tuple(Wave(name=f"2027-0{i}", starts=date(2027, i, 1), ends=date(2027, i, 28)) for i in (3, 4))


def with_calendar(posts, units=1, **settings):
    """Return a plan that has so many units of its first pick so many times."""
    sample = plan()
    campaign = replace(sample.campaign, calendar=Calendar(waves=WAVES, **settings))
    return replace(sample, campaign=campaign, picks=(replace(sample.picks[0], units=units),) * posts)


def told(sentences):
    return [text for _, text in sentences]


def test_a_retainer_is_told_with_how_many_creators_reach_it():
    steps = ((2, Fraction(1, 10)),)
    assert told(retainer_fact(with_calendar(2, retainer=steps))) == [
        "The retainer (10% from 2 posts) lowers the fees of 1 creator."
    ]
    assert told(retainer_fact(with_calendar(1, retainer=steps))) == [
        "The retainer (10% from 2 posts) lowers nobody's fees."
    ]
    two = with_calendar(1, units=2, retainer=steps)
    assert told(retainer_fact(two)) == told(retainer_fact(with_calendar(2, retainer=steps)))
    assert told(retainer_fact(with_calendar(2))) == []


def test_what_holds_in_all_waves_is_one_note():
    blackout = (Days(starts=date(2027, 3, 8), ends=date(2027, 3, 9)),)
    settings = {"max_posts": 1, "repetition": False, "blackout": blackout, "countries": ("DE",), "lead_days": 1}
    (note,) = told(calendar_note(with_calendar(1, approval_days=0, **settings)))
    assert note == (
        "In the calendar: at most 1 post of a creator; later posts are counted as first ones; "
        "no posts on 2027-03-08 to 2027-03-09; 0 days of holidays in DE; briefing 1 day and draft 0 days before a post."
    )


def test_a_plan_without_a_calendar_says_nothing_of_one():
    assert not [text for text in told([*plan_sentences(plan()), *short_sentences(plan())]) if "alendar" in text]

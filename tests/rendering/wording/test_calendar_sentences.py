"""What a calendar did to a plan, in sentences."""

from datetime import date
from fractions import Fraction

from msgspec.structs import replace

from microopt.campaign.calendar import Calendar, Days, Wave, WaveBudget
from microopt.campaign.progress import CampaignProgress
from microopt.plan.by_wave import ByWave
from microopt.rendering.wording.calendar_sentences import (
    calendar_note,
    carry_over_fact,
    empty_waves_fact,
    retainer_fact,
)
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


def in_waves(*posts, at_most=None, today=None):
    """Return a plan with so many posts in each wave, of which the budget of each allows so much."""
    waves = tuple(Wave(name=f"2027-0{i}", starts=date(2027, i, 1), ends=date(2027, i, 28)) for i in (3, 4, 5))
    found = with_calendar(sum(posts))
    running = None if today is None else CampaignProgress(today=today)
    campaign = replace(found.campaign, calendar=Calendar(waves=waves), running=running)
    nothing = {"demand": Fraction(1), "creators": 0, "spend": 0, "metrics": {}, "at_most": at_most}
    by_wave = tuple(
        ByWave(wave=wave.name, starts=wave.starts, ends=wave.ends, posts=count, **nothing)
        for wave, count in zip(waves, posts, strict=True)
    )
    return replace(found, campaign=campaign, by_wave=by_wave)


def test_waves_without_posts_are_told_with_the_reason_and_what_would_fill_them():
    (text,) = told(empty_waves_fact(in_waves(3, 0, 0), hints=True))
    assert text.startswith("Nothing is posted in 2 of 3 waves (2027-04, 2027-05): your goal and rules ask for none.")
    assert "--rule 'all count >= 1 each wave'" in text
    assert told(empty_waves_fact(in_waves(0, 1, 0), hints=False)) == [
        "Nothing is posted in 2 of 3 waves (2027-03, 2027-05): the plan has only 1 post."
    ]


def test_waves_with_posts_and_those_that_cannot_have_any_are_not_told_of():
    assert told(empty_waves_fact(in_waves(1, 1, 1), hints=True)) == []
    assert told(empty_waves_fact(in_waves(0, 0, 0), hints=True)) == []
    assert told(empty_waves_fact(in_waves(3, 0, 0, at_most=0), hints=True)) == []
    assert told(empty_waves_fact(in_waves(0, 2, 1, today=date(2027, 3, 20)), hints=True)) == []
    assert told(empty_waves_fact(plan(), hints=True)) == []


def test_the_last_limit_with_carry_over_is_told_where_it_is_the_whole_budget():
    half, third = (WaveBudget(high=Fraction(1, parts), percent=True) for parts in (2, 3))
    names = [wave.name for wave in WAVES]
    whole = with_calendar(1, budgets=dict.fromkeys(names, half), carry_over=True)
    assert told(carry_over_fact(whole)) == ["The budget up to 2027-04 is the whole budget."]
    assert told(carry_over_fact(with_calendar(1, budgets=dict.fromkeys(names, third), carry_over=True))) == []
    assert told(carry_over_fact(with_calendar(1, budgets=dict.fromkeys(names, half)))) == []
    assert told(carry_over_fact(with_calendar(1, budgets={names[0]: half}, carry_over=True))) == []
    assert told(carry_over_fact(plan())) == []


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

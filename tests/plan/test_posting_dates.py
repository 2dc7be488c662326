"""The days of posts, of their drafts and of briefings."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.campaign.calendar import Calendar, Days, Holiday, Wave
from microopt.plan.posting_dates import Post, Promise, suggest_dates

MARCH = Wave(name="2027-03", starts=date(2027, 3, 1), ends=date(2027, 3, 31))
APRIL = Wave(name="2027-04", starts=date(2027, 4, 1), ends=date(2027, 4, 30))
MAY = Wave(name="2027-05", starts=date(2027, 5, 1), ends=date(2027, 5, 31))
EASTER = Holiday(day=date(2027, 3, 29), country="DE", name="Easter Monday")


def spring(waves=(MARCH, APRIL), **settings):
    return Calendar(waves=waves, **settings)


def march(day):
    return date(2027, 3, day)


def posting_days(calendar, *posts, promises=()):
    return [dates.posting for dates in suggest_dates(calendar, posts, promises)]


def posts(count, wave=0):
    return [Post(creator=creator, wave=wave) for creator in range(count)]


def test_posts_are_spread_evenly_over_their_wave_in_the_order_of_the_plan():
    assert posting_days(spring(), *posts(3)) == [march(6), march(16), march(26)]
    assert posting_days(spring(), *posts(2, wave=1)) == [date(2027, 4, 8), date(2027, 4, 23)]


def test_a_creator_who_posts_in_each_wave_does_so_at_the_same_time_of_it():
    found = posting_days(spring(), *(Post(creator=creator, wave=wave) for creator in range(4) for wave in (0, 1)))
    assert all(abs((later - first).days - 31) <= 1 for first, later in zip(found[::2], found[1::2], strict=True))


def test_several_posts_of_a_creator_in_a_wave_are_far_apart():
    one, *others = (Post(creator=creator, wave=0) for creator in range(10))
    first, second, *_ = posting_days(spring(), one, one, *others)
    assert (second - first).days > 20


def test_nothing_is_posted_on_blackout_days_and_holidays():
    calendar = spring(blackout=(Days(starts=march(2), ends=march(27)),), holidays=(EASTER,))
    assert {*posting_days(calendar, *posts(8))} == {march(1), march(28), march(30), march(31)}


def test_a_holiday_is_taken_where_nothing_else_is_left():
    late = Post(creator=1, wave=0, available_to=march(29))
    calendar = spring(blackout=(Days(starts=march(1), ends=march(28)),), holidays=(EASTER,))
    assert posting_days(calendar, late) == [march(29)]
    closed = Calendar(waves=(Wave(name="easter", starts=march(29), ends=march(29)),), holidays=(EASTER,))
    assert posting_days(closed, *posts(2)) == [march(29)] * 2


def test_a_creator_posts_while_available_and_after_the_lead_time():
    post = Post(creator=0, wave=0, available_from=march(8), available_to=march(24))
    (dates,) = suggest_dates(spring(lead_days=14), [post])
    assert march(22) <= dates.posting <= march(24)
    assert dates.briefing >= march(8)


def test_a_creator_who_is_available_from_a_sunday_is_briefed_on_a_monday_if_there_is_time():
    sunday, monday = march(7), march(8)
    (dates,) = suggest_dates(spring(lead_days=14), [Post(creator=0, wave=0, available_from=sunday)])
    assert dates.briefing >= monday
    (dates,) = suggest_dates(
        spring(lead_days=14), [Post(creator=0, wave=0, available_from=sunday, available_to=march(21))]
    )
    assert (dates.briefing, dates.posting) == (sunday, march(21))


def test_drafts_are_due_and_creators_briefed_on_working_days():
    (dates,) = suggest_dates(spring(lead_days=7, approval_days=3), [Post(creator=0, wave=0, agreed=march(23))])
    assert (dates.briefing, dates.approval, dates.posting) == (march(16), march(19), march(23))  # the 20th is Saturday


def test_no_draft_is_due_on_a_holiday():
    good_friday = Holiday(day=march(26), country="DE", name="Good Friday")
    calendar = spring(lead_days=7, approval_days=1, holidays=(good_friday, EASTER))
    (dates,) = suggest_dates(calendar, [Post(creator=0, wave=0, agreed=march(30))])
    assert dates.approval == march(25)


def test_there_is_no_approval_or_briefing_where_no_days_are_planned_for_it():
    (dates,) = suggest_dates(spring(lead_days=0, approval_days=0), posts(1))
    assert (dates.briefing, dates.approval) == (None, None)


def test_an_agreed_day_is_kept_and_the_others_keep_away_from_it():
    found = posting_days(spring(), Post(creator=0, wave=0, agreed=march(16)), *posts(2))
    assert found == [march(16), march(6), march(26)]


def test_an_agreed_day_in_another_wave_is_kept_and_takes_no_day_of_its_wave():
    late = date(2027, 4, 2)
    assert posting_days(spring(), Post(creator=0, wave=0, agreed=late), *posts(1)) == [late, march(16)]


def test_who_is_promised_days_without_others_posts_first_and_others_wait():
    alone, *others = [Post(creator=0, wave=0), *posts(4, wave=1)[1:]]
    promise = Promise(posts=frozenset([0]), others=frozenset(range(4)), days=40)
    first, *later = posting_days(spring(), alone, *others, promises=[promise])
    assert first == march(1)
    assert min(later) > march(1) + timedelta(40)


def test_a_promise_does_not_keep_a_creator_from_posting_again():
    promise = Promise(posts=frozenset([0]), others=frozenset([0, 1]), days=50)
    found = posting_days(spring(), Post(creator=0, wave=0), Post(creator=0, wave=1), promises=[promise])
    assert found == [march(16), date(2027, 4, 16)]


days_of_spring = st.none() | st.dates(date(2027, 2, 1), date(2027, 5, 31))


@st.composite
def calendars_and_posts(draw):
    """Return a calendar, and posts of creators who are available on a day of their wave that is no blackout day."""
    first = draw(st.dates(date(2027, 3, 1), date(2027, 4, 29)))
    blackout = Days(starts=first, ends=min(first + timedelta(draw(st.integers(0, 20))), date(2027, 4, 29)))
    holidays = draw(st.lists(st.dates(date(2027, 2, 1), date(2027, 4, 30)), max_size=5))
    lead = draw(st.integers(0, 20))
    calendar = Calendar(
        waves=(MARCH, APRIL),
        blackout=(blackout,),
        holidays=tuple(Holiday(day=day, country="DE", name="x") for day in holidays),
        lead_days=lead,
        approval_days=draw(st.integers(0, lead)),
    )
    drawn = st.builds(
        Post,
        creator=st.integers(0, 5),
        wave=st.integers(0, 1),
        available_from=days_of_spring,
        available_to=days_of_spring,
        agreed=days_of_spring,
    )
    return calendar, [post for post in draw(st.lists(drawn, max_size=12)) if open_days(calendar, post)]


def open_days(calendar, post):
    """Return the days on which a post can go out."""
    wave, lead = calendar.waves[post.wave], timedelta(calendar.lead_days)
    days = [wave.starts + timedelta(after) for after in range((wave.ends - wave.starts).days + 1)]
    return [
        day
        for day in days
        if not calendar.is_blackout(day)
        and (post.available_from is None or day >= post.available_from + lead)
        and (post.available_to is None or day <= post.available_to)
    ]


@given(calendars_and_posts())
def test_days_are_within_the_wave_open_available_and_in_order(drawn):
    calendar, found = drawn
    holidays = {holiday.day for holiday in calendar.holidays}
    for post, dates in zip(found, suggest_dates(calendar, found), strict=True):
        wave, possible = calendar.waves[post.wave], open_days(calendar, post)
        if post.agreed is not None:
            assert dates.posting == post.agreed
        else:
            assert wave.starts <= dates.posting <= wave.ends
            assert dates.posting in possible
            assert dates.posting not in holidays or holidays.issuperset(possible)
        stated = [day for day in (dates.briefing, dates.approval, dates.posting) if day is not None]
        assert stated == sorted(stated)
        assert (dates.approval is None) == (calendar.approval_days == 0)
        assert (dates.briefing is None) == (calendar.lead_days == 0)


@given(calendars_and_posts())
def test_a_draft_is_due_on_a_working_day_unless_its_creator_is_not_there_before(drawn):
    calendar, found = drawn
    holidays = {holiday.day for holiday in calendar.holidays}
    for post, dates in zip(found, suggest_dates(calendar, found), strict=True):
        if dates.approval is None or dates.approval == dates.briefing == post.available_from:
            continue
        assert dates.approval.weekday() < 5
        assert dates.approval not in holidays
        assert (dates.posting - dates.approval).days >= calendar.approval_days


@pytest.mark.parametrize("count", [0, 1, 200])
def test_the_same_posts_have_the_same_days(count):
    assert suggest_dates(spring(), posts(count)) == suggest_dates(spring(), posts(count))


def days_apart(found):
    return [(later - first).days for first, later in pairwise(found)]


def test_posts_of_a_creator_in_following_months_are_about_a_month_apart():
    others = [Post(creator=creator, wave=wave) for creator in range(1, 6) for wave in range(3)]
    late = {"available_from": march(15), "available_to": date(2027, 5, 20)}
    own = [Post(creator=0, wave=wave, **late) for wave in range(3)]
    found = posting_days(spring(waves=(MARCH, APRIL, MAY), lead_days=14), *own, *others)
    assert all(20 <= days <= 35 for days in days_apart(found[:3]))
    for creator in range(1, 6):
        assert all(25 <= days <= 37 for days in days_apart(found[3 * creator : 3 * creator + 3]))


def test_the_only_post_of_the_largest_tier_is_the_first_of_its_wave_and_the_others_stay_a_month_apart():
    small = [Post(creator=creator, wave=wave, tier=2) for creator in range(1, 9) for wave in range(3)]
    star, *found = posting_days(spring(waves=(MARCH, APRIL, MAY)), Post(creator=0, wave=0), *small)
    assert star <= march(3)
    assert star < min(found)
    assert all(28 <= days <= 34 for place in range(0, 24, 3) for days in days_apart(found[place : place + 3]))


def test_the_largest_tier_of_a_later_wave_is_first_among_creators_who_post_again():
    small = [Post(creator=creator, wave=wave, tier=2) for creator in range(1, 9) for wave in range(3)]
    star, *found = posting_days(spring(waves=(MARCH, APRIL, MAY)), Post(creator=0, wave=1), *small)
    assert star < min(found[1::3])
    assert all(28 <= days <= 34 for place in range(0, 24, 3) for days in days_apart(found[place : place + 3]))


def test_a_first_post_is_early_where_the_next_one_has_to_be():
    first, second = posting_days(
        spring(), *(Post(creator=0, wave=wave, available_to=date(2027, 4, 5)) for wave in (0, 1))
    )
    assert (second - first).days >= 28


def test_a_post_keeps_apart_from_one_whose_day_is_agreed():
    agreed = Post(creator=0, wave=0, agreed=march(30))
    found = posting_days(spring(), agreed, Post(creator=0, wave=1), *posts(6, wave=1)[1:])
    assert 27 <= (found[1] - found[0]).days <= 31


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), min_size=1, max_size=18, unique=True))
def test_whoever_posts_in_several_months_has_three_weeks_in_between(rows):
    found = posting_days(
        spring(waves=(MARCH, APRIL, MAY)), *(Post(creator=creator, wave=wave) for creator, wave in sorted(rows))
    )
    of_each = {}
    for (creator, _), day in zip(sorted(rows), found, strict=True):
        of_each.setdefault(creator, []).append(day)
    assert all(days >= 21 for own in of_each.values() for days in days_apart(own))


def test_promised_posts_are_spread_where_nobody_waits_for_them():
    promise = Promise(posts=frozenset(range(6)), others=frozenset(), days=5)
    found = posting_days(spring(), *(Post(creator=place // 2, wave=0) for place in range(6)), promises=[promise])
    assert len({*found}) == 6
    assert all(abs((found[place + 1] - found[place]).days) >= 10 for place in (0, 2, 4))


def test_two_promised_posts_of_a_creator_are_apart_and_leave_days_to_the_others():
    promise = Promise(posts=frozenset([0, 1]), others=frozenset(range(2, 6)), days=5)
    found = posting_days(spring(), Post(creator=1, wave=0), Post(creator=1, wave=0), *posts(6)[2:], promises=[promise])
    assert (found[1] - found[0]).days >= 7
    assert all((day - found[1]).days > 5 for day in found[2:])
    assert len({*found[2:]}) == 4


def test_a_promise_to_those_of_the_next_wave_leaves_the_days_before_it_free():
    promise = Promise(posts=frozenset([0]), others=frozenset([1]), days=20)
    found = posting_days(spring(), Post(creator=0, wave=0), Post(creator=1, wave=1), promises=[promise])
    assert march(2) < found[0] <= march(11)
    assert (found[1] - found[0]).days > 20


def test_waves_at_the_end_of_the_calendar_have_days():
    last = [Wave(name=f"{month}", starts=date(9999, month, 1), ends=date(9999, month, 30)) for month in (11, 12)]
    found = posting_days(spring(waves=tuple(last)), *(Post(creator=0, wave=wave) for wave in (0, 1)))
    assert [day.month for day in found] == [11, 12]

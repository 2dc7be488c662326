"""Why creators are in no wave, and what would bring them into one."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.campaign.calendar import Calendar, Days, Wave
from microopt.errors import CampaignError
from microopt.roster.absences import Reason, absent_although_included, find_absences, why_not_in_waves
from microopt.roster.available_days import absent_creators
from microopt.roster.waves import expand_waves
from tests.solver.builders import roster

MONTHS = (
    Wave(name="2027-03", starts=date(2027, 3, 1), ends=date(2027, 3, 31)),
    Wave(name="2027-04", starts=date(2027, 4, 1), ends=date(2027, 4, 30)),
    Wave(name="2027-05", starts=date(2027, 5, 1), ends=date(2027, 5, 31)),
)
EASTER = Days(starts=date(2027, 3, 20), ends=date(2027, 4, 5))
SPRING = Calendar(waves=MONTHS, blackout=(EASTER,), lead_days=14)


def listed(*spans):
    """Return a creator for each pair of days."""
    names = [f"@{letter}" for letter in "abcdefgh"[: len(spans)]]
    return roster(names, available_from=[first for first, _ in spans], available_to=[last for _, last in spans])


def reasons(offers, calendar=SPRING, today=None):
    """Return the names and the lead time that would do, by reason."""
    found = find_absences(offers, calendar, today, absent_creators(offers, calendar, today))
    return {absence.reason: (absence.names, absence.lead_days) for absence in found}


def test_each_creator_is_absent_for_the_first_reason_that_applies():
    offers = listed(
        ("2028-01-01", ""),
        ("2027-03-25", "2027-04-02"),
        ("2027-05-30", ""),
        ("2027-04-20", "2027-04-28"),
        ("", "2027-03-10"),
        ("", ""),
    )
    assert reasons(offers, today=date(2027, 3, 15)) == {
        Reason.DAYS: (("@a",), None),
        Reason.BLACKOUT: (("@b",), None),
        Reason.TODAY: (("@e",), None),
        Reason.LEAD: (("@c", "@d"), 1),
    }


def test_the_notes_say_why_and_what_would_keep_them():
    offers = listed(("2028-01-01", ""), ("2027-03-25", "2027-04-02"), ("2027-05-30", ""), ("2027-04-20", ""))
    assert expand_waves(offers, SPRING).notes == (
        "1 creator is left out, as their days are outside all waves: @a",
        "1 creator is left out, as all of their days in the waves are blackout days: @b",
        "1 creator is left out, as a post takes 14 days to make (lead_days), longer than their days in the waves leave"
        ": @c; lead_days = 1 under [calendar] would keep the creator",
    )


@pytest.mark.parametrize(
    ("span", "today", "says", "fix"),
    [
        (("2028-01-01", ""), None, "from 2028-01-01 on", "correct available_from and available_to"),
        (("", "2027-02-01"), None, "until 2027-02-01", "correct available_from and available_to"),
        (("2027-03-25", "2027-04-02"), None, "blackout days", "leave one of these days out of blackout"),
        (("2027-05-27", "2027-05-30"), None, "a post takes 14 days to make", "set lead_days = 3 under [calendar]"),
        (("", "2027-05-30"), date(2027, 5, 29), "a post takes 14 days to make", "set lead_days = 1 under [calendar]"),
        (("", "2027-03-10"), date(2027, 3, 15), "are over", "drop --include @a"),
    ],
)
def test_an_included_creator_who_is_absent_is_told_the_reason_and_the_fix_that_helps(span, today, says, fix):
    error = absent_although_included("@a", listed(span), SPRING, today)
    assert (error.code, str(error).startswith("include: @a")) == ("include-wave", True)
    assert says in str(error)
    assert error.fix.startswith(fix)
    assert error.fix.endswith("drop --include @a")


def test_the_days_of_several_creators_are_told_in_the_plural():
    told = "available from 2028-01-01 on and their days are outside all waves (correct available_from and available_to)"
    assert why_not_in_waves(listed(("2028-01-01", "")), SPRING, None) == f"@a is {told}"
    assert why_not_in_waves(listed(*[("2028-01-01", "")] * 2), SPRING, None) == f"@a, @b are {told}"


def test_nobody_available_names_every_reason():
    offers = listed(("2028-01-01", ""), ("2027-05-30", ""), ("2027-05-29", ""))
    with pytest.raises(CampaignError) as refused:
        expand_waves(offers, SPRING)
    assert str(refused.value) == (
        "no creator is available in any wave (2027-03 to 2027-05): 1 because their days are outside all waves; "
        "2 because a post takes 14 days to make (lead_days), longer than their days in the waves leave"
    )
    assert refused.value.fix == "correct available_from and available_to, or set lead_days = 1 under [calendar]"


days = st.dates(date(2027, 2, 20), date(2027, 6, 10))


@given(
    st.lists(st.tuples(days, st.integers(0, 30)), min_size=1, max_size=6),
    st.integers(1, 20),
    st.one_of(st.none(), days),
)
def test_the_lead_time_that_is_named_is_the_longest_that_helps(spans, lead_days, today):
    offers = listed(*((first.isoformat(), (first + timedelta(length)).isoformat()) for first, length in spans))
    calendar = replace(SPRING, lead_days=lead_days, approval_days=0)
    absent = absent_creators(offers, calendar, today)
    found = find_absences(offers, calendar, today, absent)
    names = [offers.text("creator", row) for row in np.flatnonzero(absent)]
    assert sorted(name for absence in found for name in absence.names) == names
    for absence in found:
        rows = offers.take([row for row in range(len(offers)) if offers.text("creator", row) in absence.names])
        if absence.reason is not Reason.LEAD:
            assert absent_creators(rows, replace(calendar, lead_days=0), today).all()
            continue
        assert not absent_creators(rows, replace(calendar, lead_days=absence.lead_days), today).any()
        if absence.lead_days + 1 < lead_days:
            assert absent_creators(rows, replace(calendar, lead_days=absence.lead_days + 1), today).any()

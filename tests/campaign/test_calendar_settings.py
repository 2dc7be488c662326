"""The table [calendar] -> Calendar, and every fault of it with its code, its place and its fix."""

import sys
from datetime import date
from fractions import Fraction

import pytest

from microopt.campaign.calendar import Days, Wave, WaveBudget
from microopt.campaign.calendar_input import CalendarInput, WaveInput
from microopt.campaign.calendar_words import calendar_facts
from microopt.campaign.campaign import Campaign
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.report_settings import ReportInput
from microopt.campaign.settings import parse_campaign
from microopt.campaign.validation import invalid_values
from microopt.campaign.written_money import describe_thousands, written_amounts
from microopt.errors import CampaignError

MONTHS = ("2027-03", "2027-04", "2027-05")
MARCH = Wave(name="2027-03", starts=date(2027, 3, 1), ends=date(2027, 3, 31))


def calendar(settings=None, **table):
    """Return the calendar of a campaign of 20,000 with this table; its waves are three months if none are given."""
    if not {"waves", "every", "starts", "ends"} & table.keys():
        table["waves"] = MONTHS
    written = {"budget": 20_000, "calendar": CalendarInput(**table)} | (settings or {})
    return parse_campaign(CampaignInput(**written)).calendar


def faults(**table):
    """Return the code, the key, the message and the fix of every fault of a table."""
    with pytest.raises(CampaignError) as caught:
        calendar(**table)
    return [
        (
            fault.code,
            fault.column.removeprefix("calendar."),
            fault.message.removeprefix("[calendar]: "),
            fault.fix,
        )
        for fault in caught.value.faults
    ]


def fault(**table):
    (only,) = faults(**table)
    return only


def test_months_are_waves_from_their_first_day_to_their_last():
    assert calendar().waves[0] == MARCH
    assert [(wave.name, wave.ends.day) for wave in calendar(waves=["2027-2", "2028-02"]).waves] == [
        ("2027-02", 28),
        ("2028-02", 29),
    ]


def test_iso_weeks_begin_on_monday_and_may_lie_in_two_years():
    (week,) = calendar(waves=["2026-w53"]).waves
    assert week == Wave(name="2026-W53", starts=date(2026, 12, 28), ends=date(2027, 1, 3))


def test_a_row_of_months_or_weeks_is_written_by_its_ends():
    assert calendar(waves=["2026-12..2027-02"]).names == ("2026-12", "2027-01", "2027-02")
    assert calendar(waves=["2026-W52..2027-W02"]).names == ("2026-W52", "2026-W53", "2027-W01", "2027-W02")


def test_days_have_a_name_in_a_text_or_in_a_table():
    table = WaveInput(name=" always on ", starts=date(2027, 3, 15), ends=date(2027, 5, 31))
    waves = calendar(waves=["launch = 2027-03-01..2027-03-14", table]).waves
    assert [(wave.name, wave.starts, wave.ends) for wave in waves] == [
        ("launch", date(2027, 3, 1), date(2027, 3, 14)),
        ("always on", date(2027, 3, 15), date(2027, 5, 31)),
    ]


def test_regular_waves_are_calendar_weeks_or_months_cut_to_the_days_of_the_campaign():
    days = {"starts": date(2027, 3, 17), "ends": date(2027, 4, 5)}
    assert [(wave.name, wave.starts, wave.ends) for wave in calendar(every="month", **days).waves] == [
        ("2027-03", date(2027, 3, 17), date(2027, 3, 31)),
        ("2027-04", date(2027, 4, 1), date(2027, 4, 5)),
    ]
    weeks = calendar(every="Weekly", settings=days).waves  # the first and the last day of the campaign
    assert [(wave.name, wave.starts.day, wave.ends.day) for wave in weeks] == [
        ("2027-W11", 17, 21),
        ("2027-W12", 22, 28),
        ("2027-W13", 29, 4),
        ("2027-W14", 5, 5),
    ]


def test_what_is_not_said_has_a_default():
    found = calendar()
    assert (found.budgets, found.carry_over, found.blackout, found.holidays, found.retainer) == ({}, False, (), (), ())
    assert (found.max_posts, found.repetition, found.lead_days, found.approval_days) == (4, True, 14, 3)
    assert parse_campaign(CampaignInput(budget=1)).calendar is None


def test_budgets_are_amounts_shares_ranges_or_free():
    budgets = calendar(budget={"2027-04": "50%", "2027-3": "$6k", "2027-05": " Free "}).budgets
    assert budgets == {
        "2027-03": WaveBudget(high=Fraction(6000)),
        "2027-04": WaveBudget(high=Fraction(1, 2), percent=True),
    }
    assert list(budgets) == ["2027-03", "2027-04"]  # in order of time
    assert calendar(budget={"2027-03": "..8000", "2027-04": "4000..", "2027-05": "20..40%"}).budgets == {
        "2027-03": WaveBudget(high=Fraction(8000)),
        "2027-04": WaveBudget(low=Fraction(4000)),
        "2027-05": WaveBudget(low=Fraction(1, 5), high=Fraction(2, 5), percent=True),
    }


def test_demand_is_a_multiple_or_a_percent():
    found = calendar(demand={"2027-03": "1.3", "2027-05": "80%", "2027-04": 1})
    assert [wave.demand for wave in found.waves] == [Fraction(13, 10), 1, Fraction(4, 5)]


def test_blackout_days_are_read_as_people_write_them():
    found = calendar(blackout=["1.4.2027", "20 March 2027..22 March 2027", "2027-W18"])
    assert found.blackout == (
        Days(starts=date(2027, 3, 20), ends=date(2027, 3, 22)),
        Days(starts=date(2027, 4, 1), ends=date(2027, 4, 1)),
        Days(starts=date(2027, 5, 3), ends=date(2027, 5, 9)),
    )


def test_blackout_days_are_put_in_order_and_together():
    found = calendar(blackout=["2027-04-04..2027-04-06", date(2027, 3, 20), "2027-04-01..2027-04-03", "2027-04-05"])
    assert found.blackout == (
        Days(starts=date(2027, 3, 20), ends=date(2027, 3, 20)),
        Days(starts=date(2027, 4, 1), ends=date(2027, 4, 6)),
    )
    days = (date(2027, 3, 19), date(2027, 3, 20), date(2027, 4, 6), date(2027, 4, 7))
    assert [found.is_blackout(day) for day in days] == [False, True, True, False]


def test_holidays_are_those_of_named_countries_within_the_waves():
    found = calendar(holidays=["Germany", "at"])
    assert found.countries == ("DE", "AT")
    assert [(each.day, each.country) for each in found.holidays[:3]] == [
        (date(2027, 3, 26), "DE"),
        (date(2027, 3, 29), "AT"),
        (date(2027, 3, 29), "DE"),
    ]
    assert found.holidays[0].name == "Good Friday"
    assert all(date(2027, 3, 1) <= each.day <= date(2027, 5, 31) for each in found.holidays)


def test_holidays_before_the_first_wave_count_for_drafts_and_briefings():
    found = calendar(waves=["2027-04"], holidays=["DE"], lead_days=14)
    assert [each.day for each in found.holidays] == [date(2027, 3, 26), date(2027, 3, 29)]
    assert calendar_facts(found, "EUR")["holidays"] == ("the holidays", "0 days")


def test_holidays_are_by_default_those_of_the_countries_that_the_campaign_names():
    settings = {"audience_country": ["DE"], "report": ReportInput(countries=("CH", "DE"))}
    assert calendar(settings, holidays=True).countries == ("DE", "CH")
    assert calendar({"audience_country": ["DE"]}).countries == ()
    code, key, message, fix = fault(holidays=True)
    assert (code, key, fix) == ("calendar-holidays", "holidays", 'name them: holidays = ["DE", "AT"]')
    assert message == "holidays: the campaign names no countries"


def test_a_missing_package_of_holidays_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(CampaignError) as caught:
        calendar(holidays=["DE"])
    assert caught.value.faults[0].code == "extra-missing"
    assert "pip install 'microopt[calendar]'" in caught.value.fix


def test_a_retainer_raises_the_most_posts_that_nobody_stated():
    assert calendar(retainer="3 posts: 10%; 6 posts: 20%").max_posts == 6
    assert calendar(retainer="3: 10%").max_posts == 4
    assert calendar({"retainer": "2: 5%"}).retainer == ((2, Fraction(1, 20)),)
    code, key, message, fix = fault(max_posts=4, retainer="3: 10%; 6: 20%")
    assert (code, key) == ("retainer-posts", "retainer")
    assert message == "the retainer gives a discount from 6 posts, but max_posts allows 4 posts of a creator"
    assert fix == "raise max_posts to 6, or drop that step of the retainer"


def test_approval_is_within_the_lead_time():
    assert [
        (found.lead_days, found.approval_days) for found in (calendar(lead_days=1), calendar(approval_days=20))
    ] == [
        (1, 1),
        (20, 20),
    ]
    code, key, message, _ = fault(lead_days=2, approval_days=9)
    assert (code, key) == ("calendar-lead", "approval_days")
    assert message == "drafts are due 9 days before a post, but its briefing is only 2 days before"


def test_a_retainer_alone_asks_for_waves():
    with pytest.raises(CampaignError, match="a retainer needs waves") as caught:
        parse_campaign(CampaignInput(budget=1, retainer="3: 10%"))
    assert caught.value.faults[0].code == "calendar-empty"


LAUNCH = WaveInput(name="launch", starts=date(2027, 3, 10), ends=date(2027, 3, 1))
BAD = {
    "no waves": ({"waves": ()}, "calendar-empty", "waves", "it has no waves"),
    "no month": ({"waves": ["2027-13"]}, "wave-unreadable", "waves", "there is no month 2027-13"),
    "no week": ({"waves": ["2027-W53"]}, "wave-unreadable", "waves", "there is no week 2027-W53"),
    "no wave": ({"waves": ["spring"]}, "wave-unreadable", "waves", "'spring' is not a wave"),
    "days without a name": (
        {"waves": ["2027-03-01..2027-03-14"]},
        *("wave-unreadable", "waves", "'2027-03-01..2027-03-14' is not a wave"),
    ),
    "a name without days": (
        {"waves": ["launch=March"]},
        *("wave-unreadable", "waves", "'launch=March' has no days after its name"),
    ),
    "a table without days": (
        {"waves": [WaveInput(name="launch", starts=date(2027, 3, 1))]},
        *("wave-unreadable", "waves", "launch has no ends"),
    ),
    "no name": (
        {"waves": [WaveInput(starts=date(2027, 3, 1), ends=date(2027, 3, 2))]},
        *("wave-name", "waves", "a wave has no name"),
    ),
    "a word of rules": (
        {"waves": ["first wave=2027-03-01..2027-03-14"]},
        *("wave-name", "waves", "'first wave' is a word of rules"),
    ),
    "a name that rules cannot have": (
        {"waves": ["a:b=2027-03-01..2027-03-14"]},
        *("wave-name", "waves", "'a:b' has characters that rules cannot name"),
    ),
    "a name with a character that turns the direction": (
        {"waves": [WaveInput(name="\u202eabc", starts=date(2027, 3, 1), ends=date(2027, 3, 2))]},
        *("wave-name", "waves", "'\\u202eabc' has a character that cannot be seen: U+202E"),
    ),
    "one month in two spellings": (
        {"waves": ["2027-3", "2027-03=2027-04-01..2027-04-02"]},
        *("given-twice", "waves", "the wave 2027-03 is given twice"),
    ),
    "ends first": (
        {"waves": [LAUNCH]},
        *("wave-dates", "waves", "launch ends on 2027-03-01, before it starts on 2027-03-10"),
    ),
    "a row from its end": (
        {"waves": ["2027-05..2027-03"]},
        *("wave-dates", "waves", "2027-05..2027-03 ends before it starts"),
    ),
    "years that are slips": (
        {"waves": [WaveInput(name="launch", starts=date(2027, 3, 1), ends=date.max)]},
        *("wave-dates", "waves", "launch is from 2027-03-01 to 9999-12-31"),
    ),
    "regular waves up to the last year": (
        {"every": "week", "starts": date(9999, 12, 1), "ends": date.max},
        *("wave-dates", "starts", "it goes from 9999-12-01 to 9999-12-31"),
    ),
    "blackout of a year that is a slip": (
        {"blackout": ["0227-03-20"]},
        *("calendar-blackout", "blackout", "blackout: '0227-03-20' is not a day"),
    ),
    "out of order": (
        {"waves": ["2027-04", "2027-03"]},
        *("waves-order", "waves", "2027-03 comes before 2027-04, but is listed after it"),
    ),
    "overlapping": (
        {"waves": ["2027-03", "2027-W13"]},
        *("waves-overlap", "waves", "two waves overlap: 2027-03 ends on 2027-03-31, and 2027-W13 starts on 2027-03-29"),
    ),
    "twice": (
        {"waves": ["2027-03", "2027-3", "2027-04"]},
        *("given-twice", "waves", "the wave 2027-03 is given twice"),
    ),
    "both ways": (
        {"waves": ["2027-03"], "every": "week"},
        *("calendar-every", "every", "it has both waves and every"),
    ),
    "days besides waves": (
        {"waves": ["2027-03"], "starts": date(2027, 3, 1)},
        *("calendar-every", "starts", "it has both waves and starts"),
    ),
    "every alone": ({"every": "week"}, "calendar-every", "every", "every needs starts and ends"),
    "days alone": ({"starts": date(2027, 3, 1)}, "calendar-every", "every", "starts and ends need every"),
    "every day": (
        {"every": "day", "starts": date(2027, 3, 1), "ends": date(2027, 3, 2)},
        *("calendar-every", "every", "every = 'day' is neither week nor month"),
    ),
    "regular waves from their end": (
        {"every": "month", "starts": date(2027, 3, 2), "ends": date(2027, 3, 1)},
        *("wave-dates", "ends", "it ends on 2027-03-01, before it starts on 2027-03-02"),
    ),
    "too many": ({"waves": ["2027-W01..2028-W10"]}, "waves-too-many", "waves", None),
    "too long": ({"waves": ["2027-01", "2047-01"]}, "wave-dates", "waves", None),
    "demand of no wave": (
        {"demand": {"2027-06": 1.3}},
        *("wave-unknown", "demand.2027-06", "demand names '2027-06', but there is no such wave"),
    ),
    "demand without its percent sign": (
        {"demand": {"2027-04": 130}},
        *("wave-demand", "demand.2027-04", "2027-04 = 130 is not a demand"),
    ),
    "demand twice": (
        {"demand": {"2027-04": 1, "2027-4": 2}},
        *("given-twice", "demand.2027-04", "demand: 2027-04 is given twice"),
    ),
    "no budget": ({"budget": {"2027-04": "much"}}, "wave-budget", "budget.2027-04", None),
    "a budget below 0": ({"budget": {"2027-04": "-5.."}}, "wave-budget", "budget.2027-04", None),
    "more than the whole": (
        {"budget": {"2027-04": "120%"}},
        *("wave-budget", "budget.2027-04", "2027-04 = 120% is more than the whole budget"),
    ),
    "shares over the whole": (
        {"budget": {"2027-03": "60%", "2027-04": "50%"}},
        *("wave-budgets-sum", "budget", "the budgets of waves add up to 110% of the budget"),
    ),
    "amounts over the whole": (
        {"budget": {"2027-03": "60%", "2027-04": 9_000}},
        *("wave-budgets-sum", "budget", "the budgets of waves add up to 21,000, but the budget is 20,000"),
    ),
    "less than the whole": (
        {"budget": {"2027-03": 6_000, "2027-04": 6_000, "2027-05": 6_000}},
        *("wave-budgets-sum", "budget", "the budgets of all waves add up to only 18,000, but the budget is 20,000"),
    ),
    "lower ends over the whole": (
        {"budget": {"2027-03": "15k..", "2027-04": "40%.."}},
        *("wave-budgets-sum", "budget", "the waves are to spend at least 23,000, but 20,000 may be spent"),
    ),
    "no blackout day": (
        {"blackout": ["Easter"]},
        *("calendar-blackout", "blackout", "blackout: 'Easter' is not a day"),
    ),
    "blackout from its end": (
        {"blackout": ["2027-04-05..2027-04-01"]},
        *("calendar-blackout", "blackout", "blackout: 2027-04-05..2027-04-01 ends before it starts"),
    ),
    "blackout of a wave": (
        {"blackout": ["2027-02-20..2027-03-15", "2027-03-16..2027-03-31"]},
        "wave-blackout",
        "blackout",
        "blackout covers all of 2027-03, 2027-03-01 to 2027-03-31: nobody could post in it",
    ),
    "many blackouts": ({"blackout": ["2027-03-01"] * 1_001}, "calendar-blackout", "blackout", None),
    "holidays of no country": (
        {"holidays": ["Germny"]},
        *("calendar-holidays", "holidays", "holidays: there is no country 'Germny'"),
    ),
    "no posts": ({"max_posts": 0}, "calendar-posts", "max_posts", "max_posts = 0 is not possible, 1 to 60 posts are"),
    "no retainer": ({"retainer": "10%"}, "retainer-steps", "retainer", "retainer '10%' is not a list of discounts"),
    "a retainer of more posts than waves": ({"retainer": "61: 10%"}, "retainer-posts", "retainer", None),
    "two retainers": (
        {"settings": {"retainer": "3: 10%"}, "retainer": "3: 10%"},
        *("given-twice", "retainer", "retainer is given twice"),
    ),
    "no lead time": ({"lead_days": -1, "approval_days": 0}, "calendar-lead", "lead_days", None),
    "waves before the campaign": (
        {"settings": {"starts": date(2027, 3, 5)}},
        *("wave-outside", "waves", "2027-03 starts on 2027-03-01, before the campaign does on 2027-03-05"),
    ),
    "waves after the campaign": (
        {"settings": {"ends": date(2027, 4, 30)}},
        *("wave-outside", "waves", "2027-05 ends on 2027-05-31, after the campaign does on 2027-04-30"),
    ),
}


@pytest.mark.parametrize(("table", "code", "key", "message"), BAD.values(), ids=BAD)
def test_a_table_that_cannot_be_is_a_fault_with_its_place_and_a_fix(table, code, key, message):
    found = fault(**table)
    assert found[:2] == (code, key)
    assert message in (None, found[2])
    assert found[3]


def test_every_fault_is_told_at_once():
    found = faults(waves=["2027-13"], every="week", blackout=["x"], lead_days=-1, retainer="x", demand={"2027-01": 2})
    assert [code for code, *_ in found] == [
        *("calendar-every", "wave-unreadable", "calendar-blackout", "retainer-steps", "calendar-lead"),
    ]


@pytest.mark.parametrize(
    ("text", "month"),
    [
        *(("March 2027", "2027-03"), ("03/2027", "2027-03"), ("2027.3", "2027-03"), ("mai 2027", "2027-05")),
        *(("Dezember 2027", "2027-12"), ("13/2027", None), ("foo 2027", None)),
    ],
)
def test_a_month_that_is_written_in_another_way_is_named(text, month):
    *_, fix = fault(waves=[text])
    assert fix.startswith(f"did you mean {month}?" if month else "write months such as 2027-03")


def test_an_unknown_wave_is_told_with_the_nearest():
    *_, fix = fault(waves=["launch=2027-03-01..2027-03-14"], budget={"lunch": 5})
    assert fix == "did you mean launch?"
    *_, fix = fault(budget={"spring": 5})
    assert fix == "the waves are 2027-03, 2027-04, 2027-05"


def test_a_sum_of_budgets_may_keep_the_contingency_or_spend_it():
    for share in (1, Fraction(9, 10)):
        table = {name: int(share * amount) for name, amount in zip(MONTHS, (5_000, 5_000, 10_000), strict=True)}
        assert calendar({"contingency": "10%"}, budget=table).budgets


def test_shares_of_no_budget_are_a_fault_and_amounts_are_not():
    settings = {"budget": None, "target": {"engagements": 100}}
    assert calendar(settings, budget={"2027-03": 500}).budgets
    code, *_, fix = fault(settings=settings, budget={"2027-03": "50%"})
    assert (code, fix) == (
        "wave-budget",
        "give the campaign a budget with --budget 20000, or write an amount, such as 2027-03 = 6000",
    )


def test_a_command_that_needs_no_budget_adds_nothing_up():
    written = CampaignInput(calendar=CalendarInput(waves=MONTHS, budget={"2027-03": 500, "2027-04": "50%"}))
    assert parse_campaign(written, budget_needed=False).calendar.budgets


def test_a_budget_of_a_wave_in_another_currency_is_refused():
    written = CampaignInput(budget="20000 EUR", calendar=CalendarInput(waves=MONTHS, budget={"2027-03": "$500"}))
    with pytest.raises(CampaignError, match=r"budget of 2027-03 \$500 is in USD, but the campaign is in EUR"):
        parse_campaign(written)


def test_what_a_table_means_is_possible_in_a_plan():
    found = calendar(
        budget={"2027-03": "..8000", "2027-04": "20%..40%"},
        demand={"2027-03": 1.5},
        blackout=["2027-03-20"],
        holidays=["DE"],
        retainer="3: 10%; 6: 20%",
    )
    assert list(invalid_values(Campaign(budget=1, calendar=found))) == []


def test_a_budget_of_a_wave_with_a_lone_point_is_told_as_it_is_read():
    table = {"2027-03": "20.000", "2027-04": "..8.000 EUR"}
    written = CampaignInput(budget=50_000, calendar=CalendarInput(waves=MONTHS, budget=table))
    assert describe_thousands(written_amounts(written)) == (
        "budget of 2027-03 20.000 is read as 20,000; budget of 2027-04: 8.000 is read as 8,000"
    )
    assert parse_campaign(written).calendar.budgets["2027-04"].high == 8_000

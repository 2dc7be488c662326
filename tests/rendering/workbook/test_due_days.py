"""When drafts are due, on the sheets Creators and For creators."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from microopt.analysis.report.result import Edition
from microopt.campaign.calendar import Calendar, Holiday, Wave
from microopt.rendering.workbook.due_days import DAY_ZERO
from microopt.rendering.workbook.workbook import plan_xlsx, report_xlsx
from tests.rendering import builders
from tests.rendering.builders import pick
from tests.rendering.cells import cells, column
from tests.rendering.waves import dated, in_waves

MARCH = Wave(name="2027-03", starts=date(2027, 3, 1), ends=date(2027, 3, 31))
GOOD_FRIDAY = Holiday(day=date(2027, 3, 26), country="DE", name="Good Friday")


def planned(posting, approval, **calendar):
    """Return a plan of one post in March."""
    sample = in_waves(waves=[MARCH], chosen=[pick(wave="2027-03", posting_date=posting, approval_date=approval)])
    settings = Calendar(waves=(MARCH,), **calendar)
    return replace(sample, campaign=replace(sample.campaign, calendar=settings))


def due_cell(sample):
    sheet = cells(plan_xlsx(sample))["Creators"]
    return sheet[f"{column(sheet, 'Draft due', row=2)}3"], f"{column(sheet, 'Post date', row=2)}3"


def serial(day):
    return (day - DAY_ZERO).days


@pytest.mark.parametrize(
    ("days", "holidays", "formula"),
    [
        (1, (), 'IF(ISNUMBER({day}),WORKDAY({day},-1),"")'),
        (3, (), 'IF(ISNUMBER({day}),WORKDAY({day}-2,-1),"")'),
        (3, (GOOD_FRIDAY,), 'IF(ISNUMBER({day}),WORKDAY({day}-2,-1,{{46472}}),"")'),
    ],
)
def test_the_day_of_a_draft_follows_the_post_date(days, holidays, formula):
    sample = planned(date(2027, 3, 18), date(2027, 3, 18 - days), approval_days=days, holidays=holidays)
    cell, day = due_cell(sample)
    assert cell == (formula.format(day=day), serial(date(2027, 3, 18 - days)))


def test_a_day_that_no_formula_gives_stands_as_it_is():
    sunday = date(2027, 3, 14)  # a creator who is not available before
    cell, _ = due_cell(planned(date(2027, 3, 16), sunday, approval_days=2))
    assert cell == (None, serial(sunday))


def test_holidays_far_from_a_post_are_not_listed():
    far = replace(GOOD_FRIDAY, day=date(2027, 3, 16) + timedelta(weeks=10))
    cell, _ = due_cell(planned(date(2027, 3, 16), date(2027, 3, 15), approval_days=1, holidays=(far,)))
    assert "{" not in cell.formula


def test_creators_and_clients_read_it_too():
    report = builders.report(dated())
    book = cells(report_xlsx(replace(report, edition=Edition(audience="client"))))
    assert column(book["Creators"], "Draft due", row=2)
    team = cells(report_xlsx(report))["For creators"]
    place = column(team, "Draft due", row=4)
    assert team[f"{place}5"].value == serial(report.plan.picks[0].approval_date)


def test_a_plan_without_approvals_or_without_a_calendar_has_no_such_column():
    for sample in (builders.plan(), planned(date(2027, 3, 16), None, approval_days=0)):
        sheet = cells(plan_xlsx(sample))["Creators"]
        assert "Draft due" not in [cell.value for cell in sheet.values()]

"""The workbook of a portfolio: the house, who gets whom, and a sheet for each campaign that is read again."""

import io
import zipfile

import pytest
from msgspec.structs import replace
from python_calamine import CalamineWorkbook

from microopt.campaign.progress import ContractState
from microopt.readers.contract_states import read_states
from microopt.readers.options import ReadOptions
from microopt.rendering import portfolio_renderer, portfolio_report_renderer
from microopt.rendering.workbook.sheet_names import LONGEST, sheet_names
from tests.readers.builders import read_with
from tests.rendering.builders import HOSTILE
from tests.rendering.cells import cells
from tests.rendering.portfolios import compared, outcome, portfolio_plan, portfolio_report, without_plan
from tests.support.filled_in import fill_in


def sheets(packed):
    book = CalamineWorkbook.from_filelike(io.BytesIO(packed))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def rows_of(packed, sheet, first):
    """Return the rows of a sheet by their first cell, without those above the one that begins with `first`."""
    rows = sheets(packed)[sheet]
    start = next(number for number, row in enumerate(rows) if row[0] == first)
    return {row[0]: row[1:] for row in rows[start:]}


def test_the_house_comes_first_then_who_gets_whom_then_each_campaign():
    assert [*sheets(portfolio_report_renderer("xlsx")(portfolio_report()))] == [
        *("House", "Who gets whom", "dew", "glow", "zest")
    ]
    assert [*sheets(portfolio_renderer("xlsx")(portfolio_plan()))] == ["House", "Who gets whom"]


def test_the_house_has_a_row_for_each_campaign_and_their_sum():
    plan = portfolio_plan(campaigns=(*portfolio_plan().campaigns, without_plan("yuzu")))
    found = rows_of(portfolio_renderer("xlsx")(plan), "House", "Campaign")
    assert found["glow"][:5] == ["conversions", 12, 14, 20_400, ""]
    assert found["zest"][4] == 17_000
    assert found["glow"][-2:] == [0.96, pytest.approx(0.04)]
    assert found["yuzu"][-2:] == ["no plan", ""]
    assert found["Together"][1:4] == [32, 37, 59_160]
    assert found["Together"][-2] == pytest.approx(0.9433, abs=1e-4)


def test_the_spend_of_a_campaign_is_the_sum_of_its_sheet():
    packed = portfolio_report_renderer("xlsx")(portfolio_report())
    with zipfile.ZipFile(io.BytesIO(packed)) as book:
        house = book.read("xl/worksheets/sheet1.xml").decode()
        names = book.read("xl/workbook.xml").decode()
    assert "<f>SUM(costs_of_campaign_2)</f>" in house
    assert 'name="costs_of_campaign_2">glow!$' in names


def test_one_by_one_is_on_the_house_sheet():
    found = rows_of(portfolio_renderer("xlsx")(compared()), "House", "Of its best alone")
    assert found["Of its best alone"][:3] == ["Together", "As listed", "Reversed"]
    assert found["zest"][:3] == [0.95, 0.7, 1]


def test_each_booking_has_a_row():
    rows = sheets(portfolio_renderer("xlsx")(portfolio_plan()))["Who gets whom"]
    assert rows[3][:4] == ["Creator", "Campaign", "Booked", "Signed"]
    assert rows[4][:8] == ["@anna", "glow", "yes", "no", 1, 900, 0.041, 0.026]
    assert rows[5][:8] == ["@anna", "dew", "no", "no", "", "", 0.026, 0.026]
    assert rows[6][:4] == ["@cleo", "zest", "yes", "yes"]
    assert rows[9][8] == 0.05
    assert rows[4][9:] == ["at most 1 campaign", "@anna goes to glow: worth 4.1% of its best there, 2.6% at dew."]


def test_what_is_filled_in_on_the_sheet_of_a_campaign_is_read_as_its_contracts():
    packed = fill_in(portfolio_report_renderer("xlsx")(portfolio_report()), "@glow.1", sheet="glow", Status="signed")
    states = read_with(read_states, packed, "portfolio.xlsx", ReadOptions(sheet="glow"))
    assert [(each.creator, each.state) for each in states.contracts] == [("@glow.1", ContractState.SIGNED)]
    assert "1 of 3 rows changed since the workbook was written" in states.notes


def test_money_is_in_the_currency_of_each_campaign():
    report = portfolio_report()
    euros = replace(report.plans["zest"], roster=replace(report.plans["zest"].roster, currency="EUR"))
    packed = portfolio_report_renderer("xlsx")(replace(report, plans={**report.plans, "zest": euros}))
    with zipfile.ZipFile(io.BytesIO(packed)) as book:
        styles = book.read("xl/styles.xml").decode()
    assert "€" in styles
    assert "$" in styles


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_of_campaigns_make_sheets(name):
    text = HOSTILE[name]
    report = portfolio_report(portfolio_plan(campaigns=(outcome(text),)))
    packed = portfolio_report_renderer("xlsx")(replace(report, plans={text: report.plans["glow"]}))
    assert len(cells(packed)) == 3


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (["glow", "Glow", "GLOW"], ["glow", "Glow 2", "GLOW 3"]),
        (["House", "history"], ["House 2", "history 2"]),
        (["a/b:c*[d]?\\"], ["a b c d"]),
        (["'quoted'", "''", ""], ["quoted", "Campaign", "Campaign 2"]),
        (["x" * 40, "x" * 40], ["x" * 31, "x" * 29 + " 2"]),
        (["🎉" * 20], ["🎉" * 15]),
        (["x" * 30 + "'y"], ["x" * 30]),
    ],
)
def test_names_of_sheets_are_allowed_and_differ(wanted, names):
    found = sheet_names(wanted, ["House"], "Campaign")
    assert found == names
    assert all(len(name.encode("utf-16-le")) <= 2 * LONGEST for name in found)

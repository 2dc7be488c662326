"""A portfolio's workbook in LibreOffice: the house sums the sheets of its campaigns, whatever they are called."""

import pytest
from msgspec.structs import replace

from microopt.rendering import portfolio_report_renderer
from tests.office.soffice import edited, office_or_skip, recalculated, spoiled
from tests.rendering.cells import cells
from tests.rendering.portfolios import compared, portfolio_report, with_spends_of_plans
from tests.support.filled_in import fill_in

pytestmark = pytest.mark.office
NAMES = {"dew": "Dew & Co: 'spring' [1]", "glow": "=SUM(A1)", "zest": "😀 été!"}


@pytest.fixture(autouse=True)
def _office():
    office_or_skip()


def renamed(report):
    outcomes = tuple(replace(each, name=NAMES[each.name]) for each in report.plan.campaigns)
    plans = {NAMES[name]: plan for name, plan in report.plans.items()}
    return replace(report, plan=replace(report.plan, campaigns=outcomes), plans=plans)


def workbook(*, odd_names=False):
    report = with_spends_of_plans(portfolio_report(compared()))
    return portfolio_report_renderer("xlsx")(renamed(report) if odd_names else report)


@pytest.mark.parametrize("odd_names", [False, True])
def test_every_formula_worked_out_anew_gives_the_value_beside_it(odd_names, tmp_path):
    packed = workbook(odd_names=odd_names)
    broken = packed
    for sheet in range(1, len(cells(packed)) + 1):
        broken = edited(tmp_path, broken, sheet, spoiled)
    anew = cells(recalculated(tmp_path, broken))
    found = 0
    for name, sheet in cells(packed).items():
        for reference, cell in sheet.items():
            if cell.formula:
                assert anew[name][reference].value == pytest.approx(cell.value), f"{name}!{reference}"
                found += 1
    assert found > 20


def test_a_fee_that_was_agreed_changes_the_spend_of_the_house(tmp_path):
    packed = workbook()
    house = cells(packed)["House"]
    anew = cells(recalculated(tmp_path, fill_in(packed, "@glow.0", sheet="glow", Agreed_fee=900)))["House"]
    changed = {
        reference: anew[reference].value - cell.value
        for reference, cell in house.items()
        if cell.formula and anew[reference].value != cell.value
    }
    assert [round(difference) for difference in changed.values()] == [500, 500]  # of the campaign, and of all

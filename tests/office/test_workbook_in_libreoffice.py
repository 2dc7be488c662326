"""A plan's workbook in LibreOffice: worked out anew, it gives the plan's totals, also once a fee is changed."""

import io
import re
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace
from python_calamine import CalamineWorkbook

from microopt import campaign_from_input, optimize, read_campaign_file, read_roster
from microopt.analysis.report.report import report
from microopt.campaign.calendar import Holiday
from microopt.campaign.metrics import METRICS
from microopt.campaign.progress import CampaignProgress, Contract, ContractState, Posting, PostResults
from microopt.readers.contract_states import read_states
from microopt.rendering.workbook.workbook import plan_xlsx, report_xlsx
from tests.office.soffice import edited, office_or_skip, recalculated, spoiled
from tests.readers.builders import read_with
from tests.rendering.builders import HOSTILE, added_creator, dropped_creator, pick, picks, plan, replanned
from tests.rendering.cells import cells
from tests.rendering.waves import dated, in_waves, months, posts
from tests.support.filled_in import fill_in

MIX = 12  # row of the first tier on the sheet Plan, from 0
CREATORS = 2
pytestmark = pytest.mark.office
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(autouse=True)
def _office():
    office_or_skip()


def sheets(packed):
    book = CalamineWorkbook.from_filelike(io.BytesIO(packed))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def figures(row):
    """Return what a line of the mix says: creators, spend and metrics."""
    return row[1 : 3 + len(METRICS)]


def totals_text(totals):
    return pytest.approx([totals.creators, totals.spend / 100, *(totals.metrics[name] / 1000 for name in METRICS)])


def with_spoiled_values(folder, packed):
    for sheet in range(1, len(cells(packed)) + 1):
        packed = edited(folder, packed, sheet, spoiled)
    return packed


def example():
    """Return the workbook of a report of the example."""
    roster = read_roster(str(EXAMPLES / "launch.csv"))
    settings, _ = read_campaign_file(str(EXAMPLES / "launch.toml"))
    return report_xlsx(report(optimize(roster, campaign_from_input(settings)), roster, steps=3))


def under_way():
    """Return the workbook of a campaign that runs."""
    signed = Contract(creator="@a", state=ContractState.LIVE, planned={"engagements": 7_000_000})
    posted = PostResults(creator="@a", posts=2, engagements=1_234.0)
    return plan_xlsx(replanned(added_creator(), dropped_creator(), contracts=(signed,), results=(posted,)))


def in_waves_with_days():
    """Return the workbook of a plan with a calendar, in which drafts are due before holidays and weekends."""
    days = (date(2027, 3, 5), date(2027, 3, 26), date(2027, 3, 29), date(2027, 5, 6), date(2027, 5, 17))
    holidays = tuple(Holiday(day=day, country="DE", name="x") for day in days)
    calendar = replace(in_waves().campaign.calendar, countries=("DE",), holidays=holidays)
    return plan_xlsx(dated(in_waves(chosen=posts(months(3), 12)), calendar=calendar))


@pytest.mark.parametrize(
    "value",
    [lambda: plan_xlsx(plan(picks(12))), example, under_way, in_waves_with_days],
    ids=["small", "example", "under way", "in waves"],
)
def test_every_formula_worked_out_anew_gives_the_value_beside_it(value, tmp_path):
    packed = value()
    anew = cells(recalculated(tmp_path, with_spoiled_values(tmp_path, packed)))
    for name, sheet in cells(packed).items():
        for reference, cell in sheet.items():
            if cell.formula:
                assert anew[name][reference].value == pytest.approx(cell.value), f"{name}!{reference}"


def test_every_sheet_reads_back_as_it_was_written(tmp_path):
    packed = plan_xlsx(plan())
    before, after = sheets(packed), sheets(recalculated(tmp_path, packed))
    assert list(before) == list(after)
    for name, rows in before.items():
        for row, second in zip(rows, after[name], strict=False):
            assert second[: len(row)] == pytest.approx(row)


def test_the_mix_and_the_headline_are_the_plans(tmp_path):
    sample = plan(picks(12))
    page = sheets(recalculated(tmp_path, with_spoiled_values(tmp_path, plan_xlsx(sample))))["Plan"]
    for line, totals in zip(page[MIX:], (*sample.mix.values(), sample.totals), strict=False):
        assert figures(line) == totals_text(totals)
    assert (page[5][0], page[5][2], page[5][4]) == (20_000, sample.totals.spend / 100, sample.unspent / 100)


def test_a_dearer_creator_makes_everything_dearer(tmp_path):
    sample = plan(picks(7))
    raised = edited(
        tmp_path, plan_xlsx(sample), CREATORS, lambda text: re.sub(r"(<c r=\"J3\"[^>]*><v>)400<", r"\g<1>900<", text)
    )
    assert_dearer_by_500(sheets(recalculated(tmp_path, raised)), sample)


def test_an_agreed_fee_takes_the_place_of_the_planned_one(tmp_path):
    sample = plan(picks(7))
    agreed = fill_in(plan_xlsx(sample), sample.picks[0].creator, Agreed_fee=900)
    assert_dearer_by_500(sheets(recalculated(tmp_path, agreed)), sample)


def assert_dearer_by_500(result, sample):
    spend = sample.totals.spend / 100 + 500
    headers = result["Creators"][1]
    cost = headers.index("Cost")
    assert result["Creators"][2][cost] == 950
    assert result["Creators"][0][cost] == result["Plan"][5][2] == spend
    assert result["Plan"][5][4] == 20_000 - spend
    assert result["Plan"][MIX][2] == sample.mix[sample.picks[0].tier].spend / 100 + 500
    assert result["Plan"][5][8] == pytest.approx(spend / (sample.totals.metrics["engagements"] / 1000))


@pytest.mark.parametrize(
    "tiers", [("*", "m?", "mx", "=1", ">0", "1", "~*"), tuple(HOSTILE.values())], ids=["patterns", "hostile"]
)
def test_odd_tiers_are_summed_by_themselves(tiers, tmp_path):
    sample = plan([pick(number, tier=tier, cost=10_000 * (number + 1)) for number, tier in enumerate(tiers)])
    page = sheets(recalculated(tmp_path, with_spoiled_values(tmp_path, plan_xlsx(sample))))["Plan"]
    for line, totals in zip(page[MIX:], (*sample.mix.values(), sample.totals), strict=False):
        assert figures(line) == totals_text(totals)


def test_what_is_filled_in_and_saved_by_libreoffice_is_read_as_states(tmp_path):
    sample = plan(picks(7))
    filled = {"Status": "signed", "Agreed_fee": 321.5, "Post_date": date(2026, 12, 1), "Notes": "call, then mail"}
    packed = recalculated(tmp_path, fill_in(plan_xlsx(sample), "@creator.1", **filled))
    (contract,) = read_with(read_states, packed, "plan.xlsx").contracts
    assert (contract.creator, contract.state, contract.fee) == ("@creator.1", ContractState.SIGNED, 32_150)
    assert contract.posting == Posting(day=date(2026, 12, 1), note="call, then mail")


def test_a_post_date_stands_on_the_sheet_for_creators_once_it_is_written(tmp_path):
    packed = fill_in(plan_xlsx(plan(picks(7))), "@creator.1", Post_date=date(2026, 12, 1))
    rows = sheets(recalculated(tmp_path, packed))["For creators"]
    assert [row[3] for row in rows if row[0] == "@creator.1"] == [date(2026, 12, 1)]
    assert {row[3] for row in rows if row[0] == "@creator.2"} == {""}


def test_an_untouched_workbook_that_libreoffice_saves_says_nothing_new(tmp_path):
    signed = Contract(
        creator="@creator.0", state=ContractState.SIGNED, posting=Posting(day=date(2026, 12, 1), note="x")
    )
    running = CampaignProgress(contracts=(signed,))
    packed = recalculated(tmp_path, plan_xlsx(plan(picks(7), campaign={"running": running})))
    assert read_with(read_states, packed, "plan.xlsx").untouched


def test_an_empty_plan_has_no_errors_in_it(tmp_path):
    result = sheets(recalculated(tmp_path, plan_xlsx(plan([], baseline=None))))
    assert not [cell for rows in result.values() for row in rows for cell in row if str(cell).startswith("#")]


def test_a_draft_is_due_earlier_once_the_post_is(tmp_path):
    sample = dated(in_waves(1, [pick(creator="@a", wave="2027-03")]))
    packed = fill_in(plan_xlsx(sample), "@a", Post_date=date(2027, 3, 9))
    headers, row = sheets(recalculated(tmp_path, packed))["Creators"][1:3]
    assert row[headers.index("Draft due")] == date(2027, 3, 5)  # the 6th is a Saturday

"""A plan's workbook in LibreOffice: worked out anew, it gives the plan's totals, also once a fee is changed."""

import io
import re
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from microopt import campaign_from_input, optimize, read_campaign_file, read_roster
from microopt.analysis.report.report import report
from microopt.campaign.metrics import METRICS
from microopt.campaign.progress import Contract, ContractState, PostResults
from microopt.rendering.workbook.workbook import plan_xlsx, report_xlsx
from tests.office.soffice import edited, office_or_skip, recalculated, spoiled
from tests.rendering.builders import HOSTILE, added_creator, dropped_creator, pick, picks, plan, replanned
from tests.rendering.cells import cells

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


@pytest.mark.parametrize(
    "value", [lambda: plan_xlsx(plan(picks(12))), example, under_way], ids=["small", "example", "under way"]
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
        tmp_path, plan_xlsx(sample), CREATORS, lambda text: re.sub(r"(<c r=\"H3\"[^>]*><v>)400<", r"\g<1>900<", text)
    )
    result = sheets(recalculated(tmp_path, raised))
    spend = sample.totals.spend / 100 + 500
    top = result["Creators"][2]
    assert top[9] == 950
    assert result["Creators"][0][9] == result["Plan"][5][2] == spend
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


def test_an_empty_plan_has_no_errors_in_it(tmp_path):
    result = sheets(recalculated(tmp_path, plan_xlsx(plan([], baseline=None))))
    assert not [cell for rows in result.values() for row in rows for cell in row if str(cell).startswith("#")]

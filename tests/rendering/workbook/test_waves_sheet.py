"""The sheet Waves: what is posted in each wave, and sums over the sheet Creators."""

from datetime import date

import pytest
from msgspec.structs import replace

from microopt.analysis.report.result import Edition
from microopt.campaign.calendar import Wave
from microopt.rendering.workbook.workbook import plan_xlsx, report_xlsx
from tests.rendering.builders import HOSTILE, pick, plan, report
from tests.rendering.cells import cells, column
from tests.rendering.waves import in_waves, months


def rows(sheet):
    """Return the values of each row, from the header on."""
    last = max(int(address.strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for address in sheet)
    wide = sorted({address.rstrip("0123456789") for address in sheet})
    return [
        [sheet[f"{letter}{row}"].value if f"{letter}{row}" in sheet else None for letter in wide]
        for row in range(4, last + 1)
    ]


def test_creators_stand_by_waves_and_totals_are_below():
    found = rows(cells(plan_xlsx(in_waves(3)))["Waves"])
    assert found[0] == ["Creator", "Tier", "2027-03", "2027-04", "2027-05", "Posts"]
    assert found[1][2].split() == ["Mar", "1", "–", "31,", "2027"]
    assert found[3] == ["@creator.1", "micro", "video", None, "video", 2]
    assert found[7:] == [
        ["Posts", None, 5, 0, 2, 7],
        ["Spend", None, 2250, 0, 900, 3150],
        ["Engagements", None, 4500, 0, 1800, 6300],
        ["Conversions", None, 10, 0, 4, 14],
    ]


def test_the_sums_of_waves_are_formulas_over_the_sheet_of_creators():
    book = cells(plan_xlsx(in_waves(3)))
    sheet, creators = book["Waves"], book["Creators"]
    wave, cost = column(creators, "Wave", row=2), column(creators, "Cost", row=2)
    assert sheet["C11"].formula == f"SUMPRODUCT(EXACT(Creators!${wave}$3:${wave}$9,C$4)*1)"
    assert sheet["E12"].formula == f"SUMPRODUCT(EXACT(Creators!${wave}$3:${wave}$9,E$4)*1,Creators!${cost}$3:${cost}$9)"
    assert sheet["F12"].formula == "SUM(C12:E12)"
    assert sheet["F7"].formula == "COUNTA(C7:E7)"
    assert [creators[f"{wave}{row}"].value for row in range(3, 10)] == [item.wave for item in in_waves(3).picks]


def test_several_posts_in_a_wave_are_counted_with_their_units():
    waves = months(2)
    chosen = [
        pick(0, creator="@a", offer="reel", units=2, wave=waves[0].name),
        pick(0, creator="@a", offer="story", wave=waves[0].name),
        pick(1, creator="@b", wave=waves[1].name),
    ]
    sheet = cells(plan_xlsx(in_waves(2, chosen)))["Waves"]
    assert (sheet["C6"].value, sheet["E6"].value, sheet["E6"].formula) == ("reel x2, story", 3, None)
    assert (sheet["E7"].value, sheet["E7"].formula) == (1, "COUNTA(C7:D7)")
    assert sheet["C8"].value == 3
    assert ",Creators!" in sheet["C8"].formula


def test_a_version_without_fees_has_no_spend_by_wave():
    told = replace(report(in_waves(3)), edition=Edition(audience="client", fees=False, language="de"))
    book = cells(report_xlsx(told))
    found = rows(book["Wellen"])
    assert [row[0] for row in found[7:]] == ["Posts", "Interaktionen", "Conversions"]
    assert "Waves" not in book


def test_what_is_sent_to_creators_names_the_wave():
    sheet = cells(plan_xlsx(in_waves(3)))["For creators"]
    letter = column(sheet, "Wave", row=4)
    assert [sheet[f"{letter}{row}"].value for row in range(5, 12)] == [item.wave for item in in_waves(3).picks]


def test_the_sheet_of_the_forecast_names_the_wave_of_each_post():
    sheet = cells(plan_xlsx(in_waves(3)))["Forecast"]
    row = next(int(address[1:]) for address, cell in sheet.items() if cell.value == "Creator")
    letter = column(sheet, "Wave", row=row)
    waves = [item.wave for item in in_waves(3).picks]
    assert [sheet[f"{letter}{place}"].value for place, _ in enumerate(waves, row + 1)] == waves


def test_other_plans_have_neither_sheet_nor_column():
    book = cells(plan_xlsx(plan()))
    assert "Waves" not in book
    assert all(cell.value != "Wave" for sheet in book.values() for cell in sheet.values())


def test_an_empty_plan_has_its_waves_with_zeros():
    found = rows(cells(plan_xlsx(in_waves(3, [])))["Waves"])
    assert found[2] == ["Posts", None, 0, 0, 0, 0]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_names_are_texts(text):
    waves = (Wave(name=text or "w", starts=date(2027, 3, 1), ends=date(2027, 3, 9)),)
    chosen = [pick(0, creator=text, offer=text, tier=text, wave=waves[0].name)]
    sheet = cells(plan_xlsx(in_waves(1, chosen, waves=waves)))["Waves"]
    formulas = {cell.formula.partition("(")[0] for cell in sheet.values() if cell.formula}
    assert formulas <= {"SUMPRODUCT", "SUM", "COUNTA"}
    assert sheet["C4"].formula is None

"""How formulas call the cells of a table, on its own sheet and from others."""

import pytest

pytest.importorskip("xlsxwriter")

from microopt.campaign.report_settings import ReportSettings
from microopt.rendering.workbook.book import NumberFormats, SheetGrid, chart_text, column_letters
from microopt.rendering.workbook.workbook import plan_xlsx
from tests.rendering.builders import plan
from tests.rendering.cells import parts


def grid(sheet="Creators", rows=3):
    return SheetGrid(sheet=sheet, keys=("creator", "fee"), first=4, rows=rows)


@pytest.mark.parametrize(("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_named_as_a_spreadsheet_names_them(column, name):
    assert column_letters(column) == name


def test_a_column_is_all_its_lines_and_one_where_there_is_none():
    assert grid().column_range("fee") == "$B$5:$B$7"
    assert grid(rows=0).column_range("fee") == "$B$5:$B$5"
    assert (grid().cell("fee", 4), grid().row_template("fee")) == ("B5", "B{row}")


@pytest.mark.parametrize(
    ("sheet", "expected"), [("Creators", "Creators"), ("So far", "'So far'"), ("Ben's", "'Ben''s'")]
)
def test_a_sheet_is_quoted_where_its_name_could_be_read_as_something_else(sheet, expected):
    assert grid(sheet).column_reference("fee") == f"{expected}!$B$5:$B$7"


@pytest.mark.parametrize(("text", "shown"), [("Hours", "Hours"), ("=Plan!A1", " =Plan!A1"), ("\x1b=a\ud800", " =a")])
def test_a_name_in_a_chart_is_no_reference_to_cells(text, shown):
    assert chart_text(text) == shown


@pytest.mark.parametrize(
    ("currency", "sign_first", "written"),
    [
        ("EUR", True, '"€"#,##0'),
        ("EUR", False, '#,##0 "€"'),
        ("CHF", True, '#,##0 "CHF"'),
        ("CHF", False, '#,##0 "CHF"'),
    ],
)
def test_a_sign_stands_where_the_language_puts_it(currency, sign_first, written):
    assert NumberFormats(currency=currency, whole_money=True, sign_first=sign_first).money == written


@pytest.mark.parametrize(("code", "written"), [("de", '#,##0 "$"'), ("de-AT", '"$"#,##0'), ("en", '"$"#,##0')])
def test_a_workbook_writes_money_as_its_language_does(code, written):
    packed = plan_xlsx(plan(campaign={"report": ReportSettings(language=code)}))
    styles = parts(packed)["xl/styles.xml"]
    assert written in {node.get("formatCode") for node in styles.iter() if node.get("formatCode")}

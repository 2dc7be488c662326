"""The sheet of a workbook that is read: by default the first that holds creators."""

import zipfile

import pytest
import xlsxwriter

from microopt.errors import RosterError
from microopt.readers.options import ReadOptions
from microopt.readers.roster import read_roster

CREATORS = [("creator", "followers", "fee"), ("@anna", 5_000, 100), ("@ben", 6_000, 200)]
SUMS = [("Tier", "Reach", "Engagements", "Conversions"), ("mega", 1, 2, 3)]
NOTES = [("Ask the client about dates",)]


def write_workbook(tmp_path, **sheets):
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return str(path)


@pytest.mark.parametrize(
    "first", [NOTES, SUMS, [], [("",), ("creator",)]], ids=["notes", "sums", "empty", "one header"]
)
def test_a_sheet_without_creators_is_skipped(first, tmp_path):
    roster = read_roster(write_workbook(tmp_path, First=first, Creators=CREATORS, Other=CREATORS[:2]))
    assert len(roster) == 2
    note = "only sheet 'Creators' was read; 'Other' holds creators too: read another with --sheet Other"
    assert roster.notes[0] == f"{note}; not read: 'First'"


def test_the_first_of_two_sheets_with_creators_is_read(tmp_path):
    assert len(read_roster(write_workbook(tmp_path, A=CREATORS[:2], B=CREATORS))) == 1


def test_a_named_sheet_is_read_whatever_it_holds(tmp_path):
    with pytest.raises(RosterError):
        read_roster(write_workbook(tmp_path, Sums=SUMS, Creators=CREATORS), ReadOptions(sheet="Sums"))


def test_headers_in_the_campaign_file_count(tmp_path):
    rows = [("wer", "wie viele", "fee"), ("@anna", 5_000, 100)]
    options = ReadOptions(columns={"wer": "creator", "wie viele": "followers"})
    assert len(read_roster(write_workbook(tmp_path, Notes=NOTES, Leute=rows), options)) == 1


def test_sums_above_the_header_are_not_taken_for_a_creator(tmp_path):
    rows = [("Sum of the rows shown", 11_000, 300), *CREATORS]
    assert len(read_roster(write_workbook(tmp_path, Creators=rows))) == 2


def test_if_no_sheet_has_creators_the_faults_are_those_of_the_first(tmp_path):
    with pytest.raises(RosterError, match="sheet 'Notes'") as caught:
        read_roster(write_workbook(tmp_path, Notes=NOTES, Sums=SUMS))
    assert "'Sums'" in caught.value.fix


def test_sheets_that_are_not_read_are_named_with_the_hidden_ones(tmp_path):
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("Old", "Creators", "TikTok"):
            sheet = book.add_worksheet(name)
            for number, row in enumerate(CREATORS[: 2 if name == "Old" else 3]):
                sheet.write_row(number, 0, row)
        book.get_worksheet_by_name("Old").hide()
        book.get_worksheet_by_name("Creators").set_first_sheet()
        book.get_worksheet_by_name("Creators").activate()
    roster = read_roster(str(path))
    assert len(roster) == 2
    note = "only sheet 'Creators' was read; 'TikTok' and 'Old' (hidden) hold creators too"
    assert roster.notes[0] == f"{note}: read another with --sheet TikTok"


def test_a_workbook_of_one_sheet_needs_no_note(tmp_path):
    assert not any("sheet" in note for note in read_roster(write_workbook(tmp_path, Creators=CREATORS)).notes)


@pytest.mark.parametrize(
    "rows",
    [
        [["Creator", "Instagram Followers", "Instagram Rate"], ["ann", 20000, 300], ["ben", 35000, 455]],
        [
            ["Talent", "IG", "", "TikTok", "", "Fee"],
            ["", "Followers", "ER", "Followers", "ER"],
            ["ann", 20000, 3, 5000, 4, 300],
        ],
    ],
    ids=["followers of a platform", "merged header"],
)
def test_a_sheet_with_followers_of_a_platform_wins_over_a_later_one(rows, tmp_path):
    path = write_workbook(tmp_path, Main=rows, Leftover=CREATORS[:2])
    roster = read_roster(path)
    assert roster.notes[0].startswith("only sheet 'Main' was read; 'Leftover' holds creators too")
    assert set(roster.texts["platform"].labels) == {"instagram"}


def test_a_sheet_that_is_named_after_a_platform_gives_it_to_rows_that_name_none(tmp_path):
    sheets = {"Instagram": CREATORS, "TikTok": CREATORS}
    roster = read_roster(write_workbook(tmp_path, **sheets), ReadOptions(sheet="TikTok"))
    assert roster.texts["platform"].labels == ("tiktok",)
    assert "every offer is taken to be on tiktok, as the name of the sheet says" in roster.notes
    first = read_roster(write_workbook(tmp_path, **sheets))
    assert first.texts["platform"].labels == ("instagram",)
    assert "'TikTok' holds creators too: read another with --sheet TikTok" in first.notes[0]


def test_hidden_rows_are_read_and_told(tmp_path):
    with xlsxwriter.Workbook(path := tmp_path / "hidden.xlsx") as book:
        sheet = book.add_worksheet("Creators")
        for number, row in enumerate(CREATORS):
            sheet.write_row(number, 0, row)
        sheet.set_row(2, None, None, {"hidden": True})
    roster = read_roster(str(path))
    assert roster.row.tolist() == [2, 3]
    assert "1 hidden row is read too: 3" in roster.notes


def rewritten(path, part, old, new):
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    assert old in parts[part]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content.replace(old, new, 1) if name == part else content)
    return path


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (
            "xl/_rels/workbook.xml.rels",
            b"</Relationships>",
            b"<!--<Relationship " + b"a" * 200_000 + b">--></Relationships>",
        ),
        ("xl/worksheets/sheet1.xml", b"<sheetData>", b"<!--" + b"<row hidden=" * 50_000 + b"--><sheetData>"),
        ("xl/worksheets/sheet1.xml", b"<sheetData>", b"<!--" + b"<c " * 100_000 + b"--><sheetData>"),
        (
            "xl/worksheets/sheet1.xml",
            b"</c></row></sheetData>",
            b'</c><c r="D3"><f>1</f>' + b" " * 300_000 + b"<v>1</v></c></row></sheetData>",
        ),
    ],
    ids=["attribute", "rows", "cells", "formula"],
)
def test_a_workbook_of_many_like_marks_is_read_in_an_instant(part, old, new, tmp_path):
    """From each mark that never ends, a pattern must not look for its end in the whole sheet."""
    assert len(read_roster(rewritten(write_workbook(tmp_path, A=CREATORS), part, old, new))) == 2

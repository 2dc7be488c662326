"""Make the workbooks of this folder: ``python tests/data/rosters/rows/make.py``. It needs XlsxWriter."""

import datetime
import io
from pathlib import Path

import xlsxwriter

HERE = Path(__file__).parent


def make_workbook(fill):
    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed, {"in_memory": True})
    book.set_properties({"created": datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)})
    fill(book)
    book.close()
    return packed.getvalue()


def merged_cells(book):
    sheet = book.add_worksheet("Roster")
    sheet.merge_range("A1:A2", "Creator")
    sheet.merge_range("B1:D1", "Instagram")
    sheet.merge_range("E1:E2", "Niche")
    sheet.write_row("B2", ["Followers", "ER", "Price"])
    sheet.write_row("A3", ["ann", 20000, 0.031, 300, "beauty"])
    sheet.write_row("A4", ["ben", 35000, 0.02, 450, "food"])
    sheet.write_row("A5", ["TOTAL", 55000, None, 750])


def merged_creators(book):
    sheet = book.add_worksheet("Offers")
    sheet.write_row("A1", ["Creator", "Platform", "Followers", "Offer", "Fee"])
    sheet.merge_range("A2:A3", "Ann")
    sheet.merge_range("C2:C3", 20000)
    sheet.write("B2", "Instagram")
    sheet.write_row("D2", ["Reel", 300])
    sheet.write_row("D3", ["Story", 100])
    sheet.write_row("A4", ["Ben", "TikTok", 35000, "Video", 450])


def hidden_sheets(book):
    for name, creator in (("Old", "zoe"), ("Creators", "ann"), ("Notes", None), ("TikTok", "ben")):
        sheet = book.add_worksheet(name)
        if creator:
            sheet.write_row("A1", ["creator", "followers", "fee"])
            sheet.write_row("A2", [creator, 20000, 300])
        else:
            sheet.write("A1", "Ask the client about dates")
    book.get_worksheet_by_name("Old").hide()
    book.get_worksheet_by_name("Creators").activate()
    book.get_worksheet_by_name("Creators").set_first_sheet()


if __name__ == "__main__":
    for fill in (merged_cells, merged_creators, hidden_sheets):
        (HERE / f"{fill.__name__.replace('_', '-')}.xlsx").write_bytes(make_workbook(fill))

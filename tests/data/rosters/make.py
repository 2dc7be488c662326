"""Make the rosters that no text editor writes: other encodings, gzip, workbooks, Parquet, and damaged ones.

Run ``python tests/data/rosters/make.py`` after a change. It needs XlsxWriter and pyarrow.
"""

import datetime
import gzip
import io
import re
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

HERE = Path(__file__).parent
HEADERS = ["creator", "followers", "fee", "views", "niche"]
ROWS = [["anna", 18300, 400, 5200, "beauty"], ["ben", 240000, 2600.5, 61000, "food"]]
NAMES = "creator,followers,fee\nÅsa Öberg,18300,400\nZoë – €,240000,500\n"
PLAIN = "creator,followers,fee\nanna,18300,400\nben,240000,500\n"


def make_workbook(fill):
    """Return a workbook of one sheet that `fill(book, sheet)` writes."""
    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed, {"in_memory": True})
    book.set_properties({"created": datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)})
    fill(book, book.add_worksheet())
    book.close()
    return packed.getvalue()


def write_table(sheet, top=0, rows=ROWS, headers=HEADERS):
    for number, cells in enumerate([headers, *rows], start=top):
        sheet.write_row(number, 0, cells)


def edit_first_sheet(data, change):
    """Return a workbook with the XML of its first sheet changed by `change`."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                content = change(content.decode()).encode()
            new.writestr(zipfile.ZipInfo(part.filename), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def make_parquet(columns):
    packed = io.BytesIO()
    pq.write_table(pa.table(columns), packed)
    return packed.getvalue()


def text_files():
    yield "cp1252.csv", NAMES.encode("cp1252")
    yield "utf16-le.csv", b"\xff\xfe" + NAMES.encode("utf-16-le")
    yield "utf16-be.csv", b"\xfe\xff" + NAMES.encode("utf-16-be")
    yield "utf16-no-mark.csv", NAMES.encode("utf-16-le")
    yield "utf16-cut.csv", b"\xff\xfe" + NAMES.encode("utf-16-le")[:-3]
    yield "utf8-cut.csv", (NAMES + "Noé").encode()[:-1]
    packed = gzip.compress(PLAIN.encode(), mtime=0)
    yield "plain.csv.gz", packed
    half = PLAIN.index("ben")
    yield "members.csv.gz", b"".join(gzip.compress(part.encode(), mtime=0) for part in (PLAIN[:half], PLAIN[half:]))
    yield "damaged.csv.gz", packed[:20] + b"\x00\xff\x00" + packed[23:]
    yield "cut.csv.gz", packed[:-12]
    yield "followed.csv.gz", packed + b"cleo,5000,90\n"


def title_block(book, sheet):
    sheet.write(0, 0, "Spring creators")
    sheet.write(1, 0, "as of")
    sheet.write_datetime(1, 1, datetime.datetime(2026, 11, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
    write_table(sheet, top=3)
    sheet.write(6, 1, "x")


def second_sheet(book, sheet):
    sheet.write(0, 0, "Read me first")
    write_table(book.add_worksheet("Creators"))


def numbers_as_text(book, sheet):
    write_table(sheet, rows=[["007", "18,300", "$400", "5.2K", 7], [7, "240000", "2600.5", "61K", "food"]])


def number_formats(book, sheet):
    """Write cells that a spreadsheet formats: percent, money, a long identifier, true and false."""
    write_table(sheet, headers=["creator", "followers", "fee", "engagement rate", "verified"], rows=[])
    percent, money = book.add_format({"num_format": "0.0%"}), book.add_format({"num_format": "[$€] #,##0.00"})
    for row, (name, people, fee, rate) in enumerate([(123456789012345, 18300, 400, 0.035), (7, 24000, 90, 0.017)], 1):
        sheet.write_row(row, 0, [name, people])
        sheet.write_number(row, 2, fee, money)
        sheet.write_number(row, 3, rate, percent)
        sheet.write_boolean(row, 4, row == 1)


def formulas(book, sheet):
    write_table(sheet)
    sheet.write_formula(1, 2, "=B2/100", value=183)
    sheet.write_formula(2, 4, '=IF(B3>1,"","x")', value="")


def errors(book, sheet):
    write_table(sheet)
    sheet.write_formula(1, 2, "=1/0", value="#DIV/0!")
    sheet.write_formula(2, 3, "=NA()", value="#N/A")


def far_cell(book, sheet):
    write_table(sheet)
    sheet.write(1_048_575, 16_383, ".")


def workbook_files():
    plain = make_workbook(lambda book, sheet: write_table(sheet))
    yield "plain.xlsx", plain
    yield "truncated.xlsx", plain[: len(plain) // 2]
    yield "workbook-named.csv", plain
    yield "title-block.xlsx", make_workbook(title_block)
    yield "second-sheet.xlsx", make_workbook(second_sheet)
    yield "numbers-as-text.xlsx", make_workbook(numbers_as_text)
    yield "number-formats.xlsx", make_workbook(number_formats)
    # As Excel saves a formula whose result is an empty text.
    saved = edit_first_sheet(make_workbook(formulas), lambda xml: xml.replace('<c r="E3">', '<c r="E3" t="str">'))
    yield "formulas.xlsx", saved
    yield "formulas-open.xlsx", edit_first_sheet(saved, lambda xml: re.sub("</f><v>183</v>", "</f>", xml))
    yield "errors.xlsx", make_workbook(errors)
    yield "far-cell.xlsx", make_workbook(far_cell)
    yield "row-beyond.xlsx", edit_first_sheet(plain, lambda xml: xml.replace('r="A3"', 'r="A99999999999"'))
    yield "sheet-empty.xlsx", make_workbook(lambda book, sheet: None)


def parquet_files():
    columns = {name: [row[number] for row in ROWS] for number, name in enumerate(HEADERS)}
    plain = make_parquet(columns)
    yield "plain.parquet", plain
    yield "truncated.parquet", plain[: len(plain) // 2]
    yield "parquet-named.csv", plain
    yield (
        "gaps.parquet",
        make_parquet(
            columns
            | {
                "views": pa.array([None, 61000]),
                "niche": pa.array(["beauty", None]).dictionary_encode(),
                "id": pa.array([17841400000000001, None]),
                "since": pa.array([None, datetime.date(2020, 2, 29)]),
                "verified": pa.array([True, None]),
                "handle_bytes": pa.array([b"anna", None]),
            }
        ),
    )
    yield "nested.parquet", make_parquet(columns | {"tags": [["a", "b"], []]})
    yield "texts.parquet", make_parquet(columns | {"fee": ["$400", "$2,600.50"], "views": ["5.2K", "n/a"]})


if __name__ == "__main__":
    for name, data in [*text_files(), *workbook_files(), *parquet_files()]:
        (HERE / name).write_bytes(data)

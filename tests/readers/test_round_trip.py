"""Rosters in every format, encoding, line end and number style survive a round trip."""

import csv
import gzip
import io
from decimal import Decimal
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.quantities.formula_guard import drop_guards
from microopt.quantities.keys import match_key
from microopt.readers.options import ReadOptions
from microopt.readers.roster import read_roster
from tests.scale import examples

HEADERS = {
    "creator": "Creator",
    "followers": "Follower Count",
    "fee": "fee",
    "rate": "engagementRate",
    "views": "Avg. views",
    "niche": "Category",
    "notes": "Ops notes",
}
ANY = st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\ufeff\ufffe\uffff\u2028\u2029\x85")
TOTAL_SIGNS = ("Ø", "⌀", "∑", "Σ", "x̄")  # a row that begins with one of them may be that of a total, and is left out
WESTERN = st.sampled_from("abcXYZ 0159.,;|'\"éüñßæøÿ")  # which cp1252 has, in an order that no language has


class Style(NamedTuple):
    """How a number is written, and what stands before and after money."""

    name: str
    before: str = ""
    after: str = ""
    currency: str | None = None


STYLES = [
    Style("plain"),
    Style("plain", after=" USD", currency="USD"),
    Style("grouped", "$", currency="USD"),
    Style("spaced", after=" €", currency="EUR"),
    Style("nbsp", "£ ", currency="GBP"),
    Style("thousands", "$", currency="USD"),
    Style("comma", after=" EUR", currency="EUR"),
    Style("comma", "€ ", currency="EUR"),
    Style("comma"),
]


def format_in_style(value, style):
    """Write a Decimal in a style; with a decimal comma every number has decimals, so that the mark is clear."""
    if style.name == "plain":
        return f"{value:f}"
    if style.name == "thousands" and value >= 1000:
        return f"{(value / 1000).normalize():f}{'K'}"
    text = f"{value:,f}"
    if style.name in ("grouped", "thousands"):
        return text
    if style.name in ("spaced", "nbsp"):
        return text.replace(",", " " if style.name == "spaced" else "\u00a0")
    text = text if "." in text else f"{text}.0"
    return text.translate(str.maketrans(",.", ".,"))


def is_plain_name(text):
    """Whether a text can only be a creator's name: not the sign of a total, and not the text of a guarded formula."""
    return bool(match_key(text)) and not text.strip().startswith(TOTAL_SIGNS) and drop_guards([text]) == [text]


def draw_rows(texts):
    texts = texts.filter(lambda text: drop_guards([text]) == [text])
    return st.fixed_dictionaries(
        {
            "creator": texts.filter(is_plain_name),
            "followers": st.integers(1, 10**9),
            "fee": st.integers(0, 10**8),
            "rate": st.integers(1, 3000),  # in ten-thousandths
            "views": st.none() | st.integers(0, 10**9),
            "niche": st.sampled_from(["beauty", "home decor", "food|travel", ""]),
            "notes": texts | st.sampled_from(["007", "1e5", "nan", "True", "two\nlines", 'a "quote"', "=1+1", ""]),
        }
    )


def draw_roster(texts):
    return st.lists(draw_rows(texts), min_size=1, max_size=6, unique_by=lambda row: match_key(row["creator"]))


def tables(row, style, percent):
    """Return a row's cells as text."""
    rate = Decimal(row["rate"]) / (100 if percent else 10_000)
    return {
        **row,
        "followers": format_in_style(Decimal(row["followers"]), style),
        "fee": style.before + format_in_style(Decimal(row["fee"]) / 100, style) + style.after,
        "rate": format_in_style(rate, Style("comma" if style.name == "comma" else "plain")) + ("%" if percent else ""),
        "views": "" if row["views"] is None else format_in_style(Decimal(row["views"]), style),
    }


def check_roster(roster, rows, style):
    column = {name: [text[row] for row in range(len(roster))] for name, text in roster.texts.items()}
    assert column["creator"] == [row["creator"] for row in rows]
    assert column["Ops notes"] == [row["notes"] for row in rows]
    assert column["niche"] == [row["niche"] for row in rows]
    assert roster.numbers["followers"].tolist() == [row["followers"] for row in rows]
    assert roster.fee.tolist() == [row["fee"] for row in rows]
    np.testing.assert_allclose(roster.numbers["engagement_rate"], [row["rate"] / 10_000 for row in rows], rtol=1e-12)
    views = [np.nan if row["views"] is None else row["views"] for row in rows]
    np.testing.assert_array_equal(roster.numbers["views"], views)
    assert roster.row.tolist() == list(range(2, len(rows) + 2))
    assert roster.currency == style.currency


def options(percent):
    """Return options with the unit of rates, which is ambiguous without a sign."""
    return ReadOptions(units={} if percent else {"engagement_rate": "fraction"})


def to_delimited(rows, mark, end):
    return "".join(
        to_line(cells, mark) + end for cells in [HEADERS.values(), *([row[n] for n in HEADERS] for row in rows)]
    )


def to_line(cells, mark):
    text = io.StringIO()
    csv.writer(text, delimiter=mark, lineterminator="\r\n").writerow(
        cells
    )  # so that both characters are quoted in cells
    return text.getvalue().removesuffix("\r\n")


@pytest.fixture
def path(tmp_path):
    def path(name, data):
        file = Path(tmp_path, name)
        file.write_bytes(data)
        return str(file)

    return path


many = settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
marks = st.sampled_from(",;\t|")
ends = st.sampled_from(["\n", "\r\n", "\r"])


@many
@given(
    draw_roster(st.text(ANY, min_size=1, max_size=12)),
    marks,
    ends,
    st.sampled_from(STYLES),
    st.booleans(),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.booleans(),
)
def test_delimited_text_reads_back(path, rows, mark, end, style, percent, encoding, packed):
    data = to_delimited([tables(row, style, percent) for row in rows], mark, end).encode(encoding)
    name, data = ("r.csv.gz", gzip.compress(data)) if packed else ("r.csv", data)
    check_roster(read_roster(path(name, data), options(percent)), rows, style)


@many
@given(draw_roster(st.text(WESTERN, min_size=1, max_size=12)), marks, ends, st.booleans())
def test_an_encoding_that_the_user_names_reads_back(path, rows, mark, end, percent):
    data = to_delimited([tables(row, STYLES[1], percent) for row in rows], mark, end).encode("cp1252")
    named = replace(options(percent), encoding="cp1252")
    check_roster(read_roster(path("r.csv", data), named), rows, STYLES[1])


def native(rows):
    """Return a row's cells as numbers where a format has such."""
    return [{**row, "fee": row["fee"] / 100, "rate": row["rate"] / 10_000} for row in rows]


@many
@given(
    draw_roster(st.text(ANY, min_size=1, max_size=12)),
    st.sampled_from([None, *STYLES]),
    st.booleans(),
    st.integers(0, 3),
)
def test_a_workbook_reads_back(path, rows, style, percent, top):
    pytest.importorskip("python_calamine")
    xlsxwriter = pytest.importorskip("xlsxwriter")
    cells = native(rows) if style is None else [tables(row, style, percent) for row in rows]
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate([HEADERS, *cells], start=top):
            for place, name in enumerate(HEADERS):
                kind = sheet.write_string if isinstance(row[name], str) else sheet.write
                kind(line, place, row[name])
    roster = read_roster(path("r.xlsx", packed.getvalue()), options(percent and style is not None))
    assert (roster.row - top).tolist() == list(range(2, len(rows) + 2))
    roster.row[:] -= top
    check_roster(roster, rows, style or Style("native"))


@many
@given(draw_roster(st.text(ANY, min_size=1, max_size=12)), st.sampled_from([None, *STYLES]), st.booleans())
def test_parquet_reads_back(path, rows, style, percent):
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    cells = native(rows) if style is None else [tables(row, style, percent) for row in rows]
    packed = io.BytesIO()
    pq.write_table(pa.table({header: [row[name] for row in cells] for name, header in HEADERS.items()}), packed)
    roster = read_roster(path("r.parquet", packed.getvalue()), options(percent and style is not None))
    check_roster(roster, rows, style or Style("native"))


@many
@given(draw_roster(st.text(ANY, min_size=1, max_size=12)), st.lists(st.integers(0, 2), min_size=7, max_size=7))
def test_blank_rows_move_row_numbers_only(path, rows, gaps):
    lines, expected = [], []
    for row, gap in zip(rows, cycle(gaps), strict=False):
        lines += [dict.fromkeys(HEADERS, "")] * gap
        lines.append(tables(row, STYLES[0], percent=True))
        expected.append(len(lines) + 1)
    roster = read_roster(path("r.csv", to_delimited(lines, ",", "\n").encode()))
    assert roster.row.tolist() == expected
    assert [roster.texts["creator"][row] for row in range(len(roster))] == [row["creator"] for row in rows]

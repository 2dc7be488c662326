"""A roster as it was understood, written as CSV, is read as the same roster and gives the same plan."""

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.readers.test_corpus import CASES, FOLDER
from tests.scale import examples
from tests.solver.builders import CALM

from microopt.errors import RosterError
from microopt.readers.options import ReadOptions
from microopt.readers.roster import read_roster
from microopt.rendering.data.roster_csv import roster_csv

READABLE = [(file, options) for file, options, expected in CASES if "faults" not in expected]
# The header that such a file's campaign names is not in the clean file, whose columns have our names.
OWN_HEADER = {"lists/tags-header.csv"}


def values(roster, name):
    """Return the values of each cell of a text column."""
    column = roster.texts[name]
    return [column.label_values(int(code)) for code in column.codes]


def cells(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def read_again(roster, options, folder):
    path = folder / "clean.csv"
    path.write_text(roster_csv(roster, decimal=options.decimal, lists=options.lists), encoding="utf-8")
    return read_roster(str(path), replace(options, sheet=None, encoding=None))


@pytest.mark.parametrize(
    ("file", "options"), READABLE, ids=[f"{file}-{number}" for number, (file, _) in enumerate(READABLE)]
)
def test_a_clean_roster_is_read_as_the_messy_one_was(file, options, tmp_path):
    if file in OWN_HEADER:
        return
    if file.endswith((".xlsx", ".parquet")):
        pytest.importorskip("python_calamine" if file.endswith(".xlsx") else "pyarrow")
    options = ReadOptions(**options)
    messy = read_roster(str(FOLDER / file), options)
    clean = read_again(messy, options, tmp_path)
    assert (clean.currency, clean.creators) == (messy.currency, messy.creators)
    assert clean.fee.tolist() == messy.fee.tolist()
    assert pd.factorize(clean.creator_id)[0].tolist() == pd.factorize(messy.creator_id)[0].tolist()
    for name in messy.numbers.keys() & clean.numbers.keys():
        np.testing.assert_allclose(clean.numbers[name], messy.numbers[name], rtol=3e-16)
    for name in (messy.texts.keys() & clean.texts.keys()) - messy.numbers.keys():
        assert values(clean, name) == values(messy, name), name
    renamed = {f"{name} ({why})" for name in messy.texts for why in ("not used", "note, not used")}
    assert clean.texts.keys() - messy.texts.keys() <= {"remarks", *renamed}
    assert clean.left_out == ()


@CALM
@given(st.lists(st.floats(0, 10) | st.floats(0, 1e-6), min_size=1, max_size=20))
def test_a_rate_comes_back_to_the_last_bit_or_the_next(tmp_path_factory, rates):
    folder = tmp_path_factory.mktemp("rates")
    path = folder / "roster.csv"
    lines = [f"@c{number},1000,5,{rate * 100:.12f}%" for number, rate in enumerate(rates)]
    path.write_text("\n".join(["creator,followers,fee,usage", *lines]), encoding="utf-8")
    messy = read_roster(str(path))
    clean = read_again(messy, ReadOptions(), folder)
    np.testing.assert_allclose(clean.numbers["usage"], messy.numbers["usage"], rtol=3e-16)


@CALM
@given(st.lists(st.decimals(0, 10**7, places=3), min_size=1, max_size=examples(10)))
def test_a_number_with_three_decimals_is_not_read_as_thousands(tmp_path_factory, views):
    folder = tmp_path_factory.mktemp("views")
    path = folder / "roster.csv"
    lines = [f"@c{number},1000,5,{value}0" for number, value in enumerate(views)]
    path.write_text("\n".join(["creator,followers,fee,views", *lines]), encoding="utf-8")
    messy = read_roster(str(path))
    assert messy.numbers["views"].tolist() == [float(value) for value in views]
    assert read_again(messy, ReadOptions(), folder).numbers["views"].tolist() == messy.numbers["views"].tolist()


def test_each_row_says_what_was_changed_or_doubted(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("handle,followers,fee\n@ann,20k,gifted\n@ben,30k,$200 - $300\nTotal,50k,$500\n", encoding="utf-8")
    rows = cells(roster_csv(read_roster(str(path))))
    assert [(row["creator"], row["followers"], row["fee (USD)"]) for row in rows] == [
        ("@ann", "20000", "0"),
        ("@ben", "30000", "300"),
    ]
    assert "gifted" in rows[0]["remarks"]
    assert "200" in rows[1]["remarks"] or "range" in rows[1]["remarks"]


def test_a_cell_that_a_spreadsheet_would_run_is_guarded_and_comes_back_as_it_was(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text('creator,followers,fee,notes\n"=1+1",1000,5,+x\n@ann,1000,5,ok\n', encoding="utf-8")
    messy = read_roster(str(path))
    text = roster_csv(messy)
    assert "'=1+1" in text and "'+x" in text
    clean = read_again(messy, ReadOptions(), tmp_path)
    assert values(clean, "creator") == values(messy, "creator") == [("=1+1",), ("@ann",)]
    assert values(clean, "notes") == [("+x",), ("ok",)]


def test_a_campaign_with_a_decimal_comma_reads_its_clean_roster_too(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("creator;followers;fee;engagement_rate\n@ann;12.400;1.500,50;4,1 %\n", encoding="utf-8")
    options = ReadOptions(decimal=",")
    messy = read_roster(str(path), options)
    assert cells(roster_csv(messy, decimal=","))[0]["fee"] == "1500,50"
    assert read_again(messy, options, tmp_path).fee.tolist() == messy.fee.tolist() == [150050]


def test_headers_that_the_campaign_maps_are_no_fault_in_a_file_with_our_names(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("creator,followers,What they want,Comments\n@ann,1000,5,7\n", encoding="utf-8")
    options = ReadOptions(columns={"What they want": "fee", "Comments": "ignore"})
    assert read_again(read_roster(str(path), options), options, tmp_path).fee.tolist() == [500]
    with pytest.raises(RosterError, match="problem"):
        read_roster(str(path), ReadOptions(columns={"What they wnat": "fee"}))


def test_a_percent_is_written_as_it_was_and_no_column_disappears(tmp_path):
    path = tmp_path / "list.csv"
    header = "creator,followers,ER,fee,VAT,Extra fees,Total cost,Fee paid,Net"
    path.write_text(f"{header}\nann,20000,3.4%,300,20%,10,330,0,252\nben,30000,5.7%,400,7%,20,440,100,333\n")
    first, second = cells(roster_csv(read_roster(str(path))))
    assert [first["engagement_rate"], second["engagement_rate"]] == ["3.4%", "5.7%"]
    assert [first["VAT"], second["VAT"]] == ["20%", "7%"]
    for name, values in (("Extra fees", "10 20"), ("Total cost", "330 440"), ("Fee paid", "0 100"), ("Net", "252 333")):
        written = next(header for header in first if header.startswith(name))
        assert f"{first[written]} {second[written]}" == values

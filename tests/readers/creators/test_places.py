"""`NA` is a place beside other regions or country codes, and nothing anywhere else."""

import pytest

from microopt.readers.roster import read_roster


@pytest.mark.parametrize(
    ("header", "cells", "read", "note"),
    [
        ("Region", ["NA", "EMEA", "APAC"], ["NA", "EMEA", "APAC"], "1 cell NA is read as North America"),
        ("Region", ["NA", "latam", "NA"], ["NA", "latam", "NA"], "2 cells NA are read as North America"),
        ("Country", ["NA", "DE", "US"], ["NA", "DE", "US"], "1 cell NA is read as Namibia"),
        ("Country", ["NA", "Germany", "US"], ["", "Germany", "US"], None),
        ("Country", ["n/a", "DE", "US"], ["", "DE", "US"], None),
        ("Country", ["NA", "NA", "NA"], ["", "", ""], None),
        ("Niche", ["NA", "EMEA", "DE"], ["", "EMEA", "DE"], None),
    ],
)
def test_na_is_a_place_only_among_places(tmp_path, header, cells, read, note):
    path = tmp_path / "roster.csv"
    lines = [f"@c{number},{5000 + number},9,{cell}" for number, cell in enumerate(cells)]
    path.write_text("\n".join([f"creator,followers,fee,{header}", *lines, ""]), encoding="utf-8")
    roster = read_roster(str(path))
    name = "niche" if header == "Niche" else "region"
    assert [roster.text(name, row) for row in range(3)] == read
    notes = [text for text in roster.notes if " NA " in text]
    assert bool(notes) is (note is not None)
    assert all(note in text for text in notes)


def test_na_is_nothing_in_a_column_of_numbers(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("creator,followers,fee,views\n@a,5000,9,NA\n@b,6000,9,70\n", encoding="utf-8")
    assert str(read_roster(str(path)).numbers["views"].tolist()) == "[nan, 70.0]"

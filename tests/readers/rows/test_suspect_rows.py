"""Every row that may not be a creator is judged, however many there are."""

import pytest

from microopt.readers.roster import read_roster
from microopt.readers.rows import row_figures, suspect_rows

HEADER = "creator,platform,followers,avg_views,fee"


@pytest.fixture
def read(tmp_path):
    def read_lines(lines):
        path = tmp_path / "list.csv"
        path.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
        return read_roster(str(path))

    return read_lines


def creators(count, start=0):
    return [f"@c{i},instagram,{5000 + 37 * i},{1000 + i * i % 977},{100 + i % 41}" for i in range(start, start + count)]


def left_out(roster):
    return {int(row): remark.code for remark in roster.left_out for row in remark.rows}


def offers(count):
    """Return a creator of many offers, whose name stands in the first row alone."""
    return [f"{'' if i else '@many'},Reel {i},9000,800,{150 + i}" for i in range(count)]


def test_what_is_not_a_creator_is_found_among_many_rows_without_a_name(tmp_path, monkeypatch):
    """Neither totals, a note nor a second header hide behind rows that are plainly offers."""
    monkeypatch.setattr(suspect_rows, "MAX_SUSPECTS", 100)
    header = "creator,offer,followers,avg_views,fee"
    first = [line.replace("instagram", f"Reel {i}") for i, line in enumerate(creators(60))]
    sums = ",".join(str(sum(int(line.split(",")[column]) for line in first)) for column in (2, 3, 4))
    odd = [f",TOTAL,{sums}", f",,{sums}", "* all prices exclude VAT,,,,", header]
    path = tmp_path / "list.csv"
    path.write_text("\n".join([header, *first, *odd, *offers(300), *creators(100, 60), ""]), encoding="utf-8")
    roster = read_roster(str(path))
    assert left_out(roster) == {62: "total-row", 63: "total-row", 64: "note-row", 65: "header-row"}
    assert len(roster) == 60 + 300 + 100


def test_sorting_out_plain_rows_first_changes_nothing(read, monkeypatch):
    lines = [
        *creators(80),
        "Everyone,,400000,90000,9000",
        "",
        "MICRO TIER,,,,",
        *creators(40, 80),
        "Source: Modash,,,,",
    ]
    totals = ["Subtotal,,,,123456", *creators(30, 120), "TOTAL,,,,"]
    judged_all = read([*lines, *totals])
    monkeypatch.setattr(suspect_rows, "MAX_SUSPECTS", 0)
    judged_doubtful = read([*lines, *totals])
    assert left_out(judged_all) == left_out(judged_doubtful)
    assert judged_all.notes == judged_doubtful.notes


def test_names_of_totals_that_are_too_many_to_compare_are_told(read, monkeypatch):
    monkeypatch.setattr(row_figures, "MAX_COMPARED", 100)
    lines = creators(20)
    lines[3:12] = [line.replace("@c", "Total Fit ") for line in lines[3:12]]
    roster = read(lines)
    assert len(roster) == 20
    (note,) = [note for note in roster.notes if "not compared" in note]
    assert note.startswith("4 rows named like totals were not compared with the rows of every group")

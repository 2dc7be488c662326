"""Numbers that seem to be in another unit than their column."""

import pytest

from tests.readers.builders import read


def told(header, cells, **options):
    followers = "" if header.startswith("Followers") else "followers,"
    rows = "\n".join(f"@c{n},{'12000,' if followers else ''}{cell},100" for n, cell in enumerate(cells))
    roster = read(f"creator,{followers}{header},fee\n{rows}\n", **options)
    rows = [row for remark in roster.remarks if remark.code == "number-unit-doubtful" for row in remark.rows.tolist()]
    return rows, [note for note in roster.notes if "is meant" in note]


@pytest.mark.parametrize(
    ("header", "cells", "rows"),
    [
        ("ER", ["3.4", "2.8", "0.039"], [4]),
        ("ER", ["0.034", "0.028", "4.2"], [4]),
        ("ER", ["3.4", "2.8", "0.8", "0.3"], []),
        ("ER", ["3.4%", "2.8%", "0.039%"], []),
        ("Followers (k)", ["45.2", "12.1", "12400"], [4]),
        ("Followers (k)", ["45.2", "12.1", "12.4M"], []),
        ("Followers (k)", ["450", "1200", "990"], []),
    ],
)
def test_numbers_that_would_fit_in_another_unit_are_told_by_row(header, cells, rows):
    found, notes = told(header, cells)
    assert found == rows
    assert len(notes) == bool(rows)


def test_a_unit_that_the_user_states_is_not_doubted():
    assert told("ER", ["3.4", "2.8", "0.039"], units={"engagement_rate": "percent"}) == ([], [])

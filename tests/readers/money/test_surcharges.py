"""Surcharges are shares of the fee or amounts of money, whichever their cells are."""

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.errors import RosterError
from microopt.readers.options import ReadOptions
from microopt.readers.roster import read_roster
from tests.solver.builders import CALM


def read(folder, header, cells, **options):
    lines = [f"creator,followers,fee,{header}"]
    lines += [f'c{number},20000,{400 + number},"{cell}"' for number, cell in enumerate(cells)]
    path = folder / "roster.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_roster(str(path), ReadOptions(**options))


def column(roster, name):
    return [None if math.isnan(value) else value for value in roster.number(name).tolist()]


@pytest.mark.parametrize(
    ("header", "cells", "shares", "amounts"),
    [
        ("Usage rights", ["20%", "$150", ""], [0.2, None, None], [None, 150, None]),
        ("Usage rights", ["0.2", "0.5", "0"], [0.2, 0.5, 0], [None] * 3),
        ("Usage rights", ["20", "50", "30"], [0.2, 0.5, 0.3], [None] * 3),
        ("Usage rights", ["200", "500", "300"], [None] * 3, [200, 500, 300]),
        ("Usage rights", ["$20", "50", ""], [None] * 3, [20, 50, None]),
        ("Usage rights", ["20%", "50", ""], [0.2, 0.5, None], [None] * 3),
        ("Usage rights %", ["20", "50", ""], [0.2, 0.5, None], [None] * 3),
        ("Usage rights ($)", ["20", "50", ""], [None] * 3, [20, 50, None]),
        ("Usage fee", ["20", "50", ""], [None] * 3, [20, 50, None]),
        ("Usage fee", ["20%", "25%", ""], [0.2, 0.25, None], [None] * 3),
        ("usage_amount", ["0.5", "0.25", ""], [None] * 3, [0.5, 0.25, None]),
        ("Usage rights", ["yes", "20%", "12 months"], [None, 0.2, None], [None] * 3),
        ("Usage rights", ["included", "20%", "No"], [0, 0.2, 0], [None] * 3),
        ("Usage rights", ["15%", "150", ""], [0.15, None, None], [None, 150, None]),
        ("Usage rights", ["20", "300", "50"], [None] * 3, [20, 300, 50]),
        ("Usage rights", ["20%", "300", "50"], [0.2, None, None], [None, 300, 50]),
        ("Usage rights", ["20", "0.3", "15"], [0.2, 0.3, 0.15], [None] * 3),
        ("Usage rights", ["0.2", "20", "0.3"], [0.2, 0.2, 0.3], [None] * 3),
        ("Usage rights", ["0.5", "1.5", "1"], [0.5, 1.5, 1], [None] * 3),
        ("Usage rights %", ["20", "150", "50"], [0.2, 1.5, 0.5], [None] * 3),
        ("Usage rights", ["30 days", "6 months +50%", "perpetual"], [None, 0.5, None], [None] * 3),
        ("Usage rights", ["3 Monate 300 €", "€200 for 3 months", "12 mois"], [None] * 3, [300, 200, None]),
    ],
)
def test_the_cells_decide(tmp_path, header, cells, shares, amounts):
    roster = read(tmp_path, header, cells)
    assert column(roster, "usage") == shares
    assert column(roster, "usage_amount") == amounts


@pytest.mark.parametrize(
    ("cells", "decimal", "amounts"),
    [
        (["$1,500", "$500", "$1,000"], ".", [1500, 500, 1000]),
        (["$1,500", "$1,200", "$2,000"], ".", [1500, 1200, 2000]),
        (["1,500", "1,200", "2,000"], ".", [1500, 1200, 2000]),
        (["1.500 €", "500 €", "12,5%"], ",", [1500, 500, None]),
        (["1.500", "1.200", "900"], ",", [1500, 1200, 900]),
        (["1,234,567", "$12,345.50", "900"], ".", [1234567, 12345.5, 900]),
    ],
)
@pytest.mark.parametrize(
    ("header", "name"), [("Usage rights", "usage_amount"), ("Agency fee", "agency_amount"), ("Buyout", "usage_amount")]
)
def test_a_stated_decimal_mark_leaves_the_other_one_for_thousands(tmp_path, header, name, cells, decimal, amounts):
    assert column(read(tmp_path, header, cells, decimal=decimal), name) == amounts


@pytest.mark.parametrize("cells", [["$1,500", "$500", "$1,000"], ["$1,500", "20%", ""], ["1,500", "1,200", "20%"]])
def test_cells_are_read_alike_with_and_without_the_decimal_mark_that_the_file_shows(tmp_path, cells):
    bare, stated = (read(tmp_path, "Usage rights", cells, decimal=decimal) for decimal in (None, "."))
    for name in ("usage", "usage_amount"):
        assert column(bare, name) == column(stated, name)


@pytest.mark.parametrize(
    ("header", "name", "values"),
    [("Usage rights", "usage_amount", [1500, 1200, 2250]), ("Usage rights %", "usage", [0.015, 0.012, 0.0225])],
)
def test_points_before_three_digits_group_thousands_of_amounts_and_not_of_percents(tmp_path, header, name, values):
    assert column(read(tmp_path, header, ["1.500", "1.200", "2.250"]), name) == values


def test_a_percent_has_no_thousands(tmp_path):
    with pytest.raises(RosterError) as refused:
        read(tmp_path, "Usage rights", ["$1,500", "12,500%"], decimal=".")
    assert [(fault.code, fault.row) for fault in refused.value.faults] == [("decimal-mixed", 3)]


def test_a_fraction_among_percents_keeps_the_decimal_comma(tmp_path):
    roster = read(tmp_path, "Usage rights", ["20", "0,125", "15,5"], decimal=",")
    assert column(roster, "usage") == [0.2, 0.125, 0.155]
    assert any("0,125 (row 3) as 12,5%" in note for note in roster.notes)


def test_amounts_among_shares_are_told_under_the_header_of_the_file(tmp_path):
    roster = read(tmp_path, "Nutzungsrechte", ["1.500 €", "20%", "900 €"])
    assert any(note.startswith("1.500 € is read as 1,500 (Nutzungsrechte)") for note in roster.notes)
    assert not any("usage" in note for note in roster.notes)


def test_the_currency_in_the_header_is_that_of_the_amounts_among_shares(tmp_path):
    roster = read(tmp_path, "Usage rights (EUR)", ["150", "20%", ""], exchange={"EUR": Fraction(2)}, currency="USD")
    assert column(roster, "usage_amount") == [300, None, None]


@pytest.mark.parametrize(
    ("header", "cells", "reading"),
    [
        ("Usage rights", ["$150", "20%"], "percent or money"),
        ("Usage fee", ["$150", "20%"], "money or percent"),
        ("Usage rights", ["15%", "20%"], "percent"),
        ("Usage fee", ["$150", "$90"], ""),
    ],
)
def test_a_column_of_shares_and_amounts_says_both(tmp_path, header, cells, reading):
    assert read(tmp_path, header, cells).columns[3].reading == reading


def test_a_cell_that_is_no_surcharge_says_that_both_are_possible(tmp_path):
    with pytest.raises(RosterError) as refused:
        read(tmp_path, "Usage rights", ["20%", "5% plus tax", "$30"])
    (fault,) = refused.value.faults
    assert fault.message == "'5% plus tax' is not a share of the fee or an amount of money"
    assert fault.fix == "write 20% or $150"


def test_two_amounts_of_one_surcharge_in_a_row_are_a_fault_and_none_is_dropped(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("creator,followers,fee,Usage rights,Usage fee\na,20000,400,$40,\nb,20000,500,$60,$75\n")
    with pytest.raises(RosterError) as refused:
        read_roster(str(path))
    assert [(fault.code, fault.row, fault.value) for fault in refused.value.faults] == [("column-twice", 3, "$60")]


@pytest.mark.parametrize(
    ("cells", "shares", "amounts"),
    [
        (["105", "45", "97.50"], [None] * 3, [105, 45, 97.5]),
        (["60", "45", "97.50"], [None] * 3, [60, 45, 97.5]),
        (["15", "20", "50"], [0.15, 0.2, 0.5], [None] * 3),
        (["15%", "60", "50"], [0.15, 0.6, 0.5], [None] * 3),
    ],
)
def test_no_agency_takes_more_than_half_of_the_fee(tmp_path, cells, shares, amounts):
    roster = read(tmp_path, "Agency fee", cells)
    assert (column(roster, "agency"), column(roster, "agency_amount")) == (shares, amounts)


def test_bare_numbers_that_may_be_either_are_told_with_the_way_on(tmp_path):
    note = next(note for note in read(tmp_path, "Agency fee", ["15", "20"]).notes if "percents of the fee" in note)
    assert "--map 'Agency fee=agency_amount'" in note
    mapped = read(tmp_path, "Agency fee", ["15", "20"], columns={"Agency fee": "agency_amount"})
    assert column(mapped, "agency_amount") == [15, 20]
    assert not mapped.notes


def test_numbers_are_told_as_money_where_some_cannot_be_percents(tmp_path):
    (note,) = read(tmp_path, "Usage rights", ["20", "300", "50"]).notes
    assert note.startswith(
        "Usage rights is read as amounts of money, 20 to 300, because not all can be percents of the fee"
    )
    notes = read(tmp_path, "Agency fee", ["15%", "150", ""]).notes
    text = "Agency fee: numbers above 100 without a sign are read as amounts of money, such as 150"
    assert list(notes) == [text]


@pytest.mark.parametrize("cells", [["0.2", "150", "0.1"], ["20", "300", "0.3"]])
def test_numbers_without_one_unit_are_a_fault_with_the_way_on(tmp_path, cells):
    with pytest.raises(RosterError) as refused:
        read(tmp_path, "Usage rights", cells)
    (fault,) = refused.value.faults
    assert (fault.code, fault.column) == ("number-unit", "Usage rights")
    assert "--map 'Usage rights=usage_amount'" in fault.fix
    roster = read(tmp_path, "Usage rights", cells, columns={"Usage rights": "usage_amount"})
    assert column(roster, "usage_amount") == [float(cell) for cell in cells]


def test_an_agency_that_would_take_all_of_the_fee_is_asked_about(tmp_path):
    with pytest.raises(RosterError) as refused:
        read(tmp_path, "Agency fee", ["1", "1", "1"])
    assert [(fault.code, fault.fix) for fault in refused.value.faults] == [("number-unit", "write 1%, 100% or $1")]


def test_a_fraction_among_percents_is_told_and_remarked(tmp_path):
    roster = read(tmp_path, "Usage rights", ["20", "0.3", "15"])
    (note,) = roster.notes
    assert note.startswith("Usage rights is read as percents of the fee, and 0.3 (row 3) as 30%")
    assert [(remark.code, remark.rows.tolist()) for remark in roster.remarks] == [("surcharge-fraction", [3])]


def test_one_among_percents_may_be_all_of_the_fee_and_is_asked_for(tmp_path):
    with pytest.raises(RosterError) as refused:
        read(tmp_path, "Usage rights", ["20", "1", "15"])
    assert [(fault.code, fault.row) for fault in refused.value.faults] == [("number-range", 3)]


@pytest.mark.parametrize(
    ("totals", "name", "values"),
    [
        (["720", "330", "680"], "agency_amount", [20, 30, 30]),
        (["840", "390", "845"], "agency", [0.2, 0.3, 0.3]),
        (["", "", ""], "agency", [0.2, 0.3, 0.3]),
    ],
)
def test_a_total_proves_whether_numbers_are_money_or_percents(tmp_path, totals, name, values):
    roster = read_totals(tmp_path, totals)
    assert column(roster, name) == values
    assert any("percents of the fee" in note for note in roster.notes) == (not any(totals))


@pytest.mark.parametrize("totals", [["720", "330", "845"], ["720", "", ""]])
def test_totals_that_contradict_each_other_or_are_few_prove_nothing(tmp_path, totals):
    roster = read_totals(tmp_path, totals)
    assert column(roster, "agency") == [0.2, 0.3, 0.3]
    assert any("percents of the fee" in note for note in roster.notes)


def test_a_row_in_which_money_and_percents_are_the_same_says_nothing_against_the_others(tmp_path):
    roster = read_totals(tmp_path, ["120", "330", "680"], fees=(100, 300, 650))
    assert column(roster, "agency_amount") == [20, 30, 30]


def test_a_column_of_totals_that_is_set_aside_proves_nothing(tmp_path):
    roster = read_totals(tmp_path, ["720", "330", "680"], columns={"Total cost": "ignore"})
    assert column(roster, "agency") == [0.2, 0.3, 0.3]


def read_totals(folder, totals, fees=(700, 300, 650), **options):
    path = folder / "roster.csv"
    rows = zip("abc", fees, (20, 30, 30), totals, strict=True)
    lines = ["creator,followers,Fee,Agency fee,Total cost", *(f"{n},9000,{f},{a},{t}" for n, f, a, t in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_roster(str(path), ReadOptions(**options))


def test_what_is_read_from_a_text_and_what_is_not_counted_are_told_in_one_line(tmp_path):
    notes = read(tmp_path, "Usage rights", ["30 days", "6 months +50%", "perpetual"]).notes
    text = "30 days, perpetual is read as a price that is not stated, so not counted; '6 months +50%' is read as 50%"
    assert list(notes) == [f"Usage rights: {text}"]


@pytest.mark.parametrize(
    ("header", "cells"), [("Usage rights", ["30 days", "perpetual"]), ("Travel", ["train", "tbd"])]
)
def test_a_cost_in_words_alone_is_told_as_not_counted(tmp_path, header, cells):
    (note,) = read(tmp_path, header, cells).notes
    assert note == f"{header} holds text: kept as it is; costs in it are not counted"


def test_two_amounts_in_a_cell_stay_a_fault(tmp_path):
    with pytest.raises(RosterError):
        read(tmp_path, "Usage rights", ["20%", "50% for 3 months or 80% for 6"])


def test_two_columns_of_one_surcharge_fill_each_other(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("creator,followers,fee,usage,usage fee\na,20000,400,20%,\nb,20000,500,,$75\n", encoding="utf-8")
    roster = read_roster(str(path))
    assert (column(roster, "usage"), column(roster, "usage_amount")) == ([0.2, None], [None, 75])


@pytest.mark.parametrize("cell", ["$200 per month", "200 a post", "5% plus tax"])
def test_an_amount_that_cannot_be_read_is_a_fault_and_never_passed_over(tmp_path, cell):
    with pytest.raises(RosterError) as refused:
        read(tmp_path, "Usage rights", ["20%", cell, "30%"])
    assert [(fault.row, fault.column) for fault in refused.value.faults] == [(3, "Usage rights")]


@pytest.mark.parametrize("term", ["12 months", "30 Tage", "in perpetuity", "6 mois", "organic only", "3 meses"])
def test_a_term_is_a_price_that_is_not_stated(tmp_path, term):
    roster = read(tmp_path, "Usage rights", ["20%", term, "30%"])
    assert column(roster, "usage") == [0.2, None, 0.3]
    assert any(f"{term} is read as a price that is not stated" in note for note in roster.notes)


def test_words_are_remarked_row_by_row(tmp_path):
    roster = read(tmp_path, "Whitelisting", ["included", "10%", "yes"])
    assert [(remark.code, remark.rows.tolist()) for remark in roster.remarks] == [
        ("surcharge-word", [2]),
        ("surcharge-word", [4]),
    ]


@settings(CALM, max_examples=40)
@given(
    st.lists(st.none() | st.booleans().flatmap(lambda share: st.tuples(st.just(share), st.integers(1, 99))), min_size=1)
)
def test_signs_decide_cell_by_cell(tmp_path_factory, drawn):
    cells = ["" if cell is None else f"{cell[1]}%" if cell[0] else f"${cell[1]}" for cell in drawn]
    roster = read(tmp_path_factory.mktemp("costs"), "Exclusivity", cells)
    shares = [cell[1] / 100 if cell and cell[0] else None for cell in drawn]
    amounts = [cell[1] if cell and not cell[0] else None for cell in drawn]
    assert (column(roster, "exclusivity"), column(roster, "exclusivity_amount")) == (shares, amounts)


@pytest.mark.parametrize("header", ["Shipping", "Product value", "Seeding cost", "Travel", "Extra cost"])
@pytest.mark.parametrize(
    "word", ["included", "wliczone", "Inclus", "incluido", "inbegriffen", "включено", "込み", "包含"]
)
def test_an_amount_that_is_included_is_nothing_to_pay(tmp_path, header, word):
    roster = read(tmp_path, header, ["$20", word, "$30"])
    name = {"Product value": "product", "Seeding cost": "seeding", "Extra cost": "extra_cost"}.get(
        header, header.lower()
    )
    assert column(roster, name) == [20, 0, 30]
    assert any(f"{header}: {word} is read as nothing to pay" in note for note in roster.notes)

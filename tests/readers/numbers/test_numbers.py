"""Numeric columns: which cells of each kind are faults, and how percent is told from fraction."""

from __future__ import annotations

import numpy as np
import pytest

from microopt.readers.cells.text import to_text_column
from microopt.readers.numbers.numbers import check_followers, parse_number_column, parse_rate_column
from microopt.readers.options import ReadOptions
from tests.readers.builders import column, fault_keys, make_context, noted_faults, read, roster_error


def test_every_bad_cell_of_a_column_is_a_fault_with_its_row():
    context = make_context(likes=["5", "x", "", "-7", "5%", "$5", "9", "8", "7", "6"])
    values = parse_number_column(context, "likes").values
    assert noted_faults(context) == [
        ("number-unreadable", 3, "likes"),
        ("number-negative", 5, "likes"),
        ("number-percent", 6, "likes"),
        ("number-unreadable", 7, "likes"),
    ]
    assert np.isnan(values[[1, 2]]).all()


def test_a_fault_shows_the_cell_and_how_to_write_it():
    context = make_context(fee=["12O", "5"])
    parse_number_column(context, "fee")
    (fault,) = context.faults.faults
    assert (fault.value, fault.message) == ("12O", "'12O' is not money")
    assert "1,250" in fault.fix


@pytest.mark.parametrize("date", ["2026-05-03", "2026-05-03 00:00:00", "03.05.2026", "3. Mai", "May-03", "4-Feb"])
def test_a_number_that_a_spreadsheet_changed_into_a_date_is_told_as_such(date):
    context = make_context(engagement_rate=["3%", date, "4%", "5 percent or so"])
    parse_number_column(context, "engagement_rate")
    assert sorted(noted_faults(context)) == [("number-unreadable", row, "engagement_rate") for row in (3, 5)]
    first, last = sorted(context.faults.faults, key=lambda fault: fault.row)
    assert "is a date: spreadsheets turn some numbers into dates" in first.message
    assert "format the cell as text" in first.fix
    assert "date" not in last.message


@pytest.mark.parametrize(
    ("cells", "held"),
    [
        (["India", "Spain", "Peru"], "text such as 'India'"),
        (["5%", "6%", "7%"], "percents such as '5%'"),
        (["$5", "$6", ""], "money such as '$5'"),
    ],
)
def test_a_header_over_other_values_is_one_fault_of_the_column(cells, held):
    context = make_context(followers=cells)
    parse_number_column(context, "followers")
    assert noted_faults(context) == [("column-values", None, "followers")]
    assert held in context.faults.faults[0].message


def test_a_single_bad_cell_is_a_fault_of_the_cell():
    context = make_context(followers=["India"])
    parse_number_column(context, "followers")
    assert noted_faults(context) == [("number-unreadable", 2, "followers")]


@pytest.mark.parametrize("cells", [["120 thou", "30 thou", "9 thou"], ["a 5", "b 6", "c 7"]])
def test_a_notation_that_is_not_known_is_no_wrong_header(cells):
    context = make_context(followers=cells)
    parse_number_column(context, "followers")
    (fault,) = context.faults.faults
    assert (fault.code, fault.row, fault.column) == ("number-unreadable", None, "followers")
    assert cells[0] in fault.message
    assert "12.5K" in fault.fix
    assert "header" not in fault.fix


def test_a_column_in_one_habit_is_read():
    roster = read("handle,followers,fee\n@ann,120K+,300\n@ben,30K+,400\n@cid,1.2M+,500\n")
    assert roster.numbers["followers"].tolist() == [120_000, 30_000, 1_200_000]
    assert find_reading(roster, "followers") == "rounded, such as 120K+"
    assert [(remark.code, remark.rows.tolist()) for remark in roster.remarks] == [("number-rounded", [2, 3, 4])]


def test_the_middle_of_a_range_is_told():
    roster = read("handle,followers,fee,views\n@ann,9000,300,300-500\n@ben,8000,400,1-2k\n")
    assert roster.numbers["views"].tolist() == [400, 1500]
    assert roster.notes == ("views: a range is read as its middle (300-500 as 400)",)
    assert [remark.code for remark in roster.remarks] == ["number-range-middle"]


def test_sentiment_may_be_negative():
    context = make_context(sentiment=[-0.5, 0.5])
    parse_number_column(context, "sentiment")
    assert noted_faults(context) == []


def test_a_decimal_comma_is_noted():
    context = make_context(likes=["1,5", "2,25"])
    parse_number_column(context, "likes")
    assert context.interpretations["likes"] == "decimal comma"


def test_conflicting_decimal_marks_name_both_cells():
    context = make_context(likes=["1.234,5", "1,234.5", "3"])
    parse_number_column(context, "likes")
    assert ("decimal-mixed", None, "likes") in noted_faults(context)
    assert "'1.234,5' and '1,234.5'" in context.faults.faults[-1].message


def test_followers_are_positive_whole_numbers():
    context = make_context(followers=["0", "", "1e12", "18.300", "12.5K", "x", "7", "7", "7"])
    check_followers(context, parse_number_column(context, "followers"))
    assert sorted(noted_faults(context), key=lambda fault: fault[1]) == [
        ("followers-zero", 2, "followers"),
        ("followers-missing", 3, "followers"),
        ("followers-range", 4, "followers"),
        ("number-unreadable", 7, "followers"),
    ]


def test_one_bad_column_hides_no_other_fault():
    text = "creator,followers,fee\na,x,5\nb,y,-5\n,z,5\n"
    assert fault_keys(text) == [
        ("column-values", None, "followers"),
        ("number-negative", 3, "fee"),
        ("creator-missing", 4, "creator"),
    ]


def test_a_missing_column_hides_no_other_fault():
    assert fault_keys("creator,followers\na,x\nb,5\n,0\n") == [
        ("column-missing", None, "fee"),
        ("number-unreadable", 2, "followers"),
        ("followers-zero", 4, "followers"),
        ("creator-missing", 4, "creator"),
    ]
    assert fault_keys("followers,fee\nx,5\n5,-1\n", fees_required=False) == [
        ("column-missing", None, "creator"),
        ("number-unreadable", 2, "followers"),
        ("number-negative", 3, "fee"),
    ]
    assert fault_keys("creator,fee\na,x\n,5\n") == [
        ("column-missing", None, "followers"),
        ("number-unreadable", 2, "fee"),
        ("creator-missing", 3, "creator"),
    ]


@pytest.mark.parametrize(
    ("cells", "counts"),
    [
        (("12.000", "150.000"), [12_000, 150_000]),
        (("12.000", "48000"), [12_000, 48_000]),
        (("1.200", "900"), [1_200, 900]),
        (("12,400", "900"), [12_400, 900]),
        (("34,5K", "12.400"), [34_500, 12_400]),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("rate", ["4.1", "4.1 %", "4,1 %", "3"])
def test_people_are_whole_whatever_the_rest_of_the_file_shows(cells, counts, delimiter, rate):
    rows = "".join(delimiter.join(["c" + str(i), f'"{cell}"', "5", f'"{rate}"\n']) for i, cell in enumerate(cells))
    roster = read(delimiter.join(["creator", "followers", "fee", "engagement_rate\n"]) + rows)
    assert roster.numbers["followers"].tolist() == counts
    assert roster.numbers["engagement_rate"][0] == pytest.approx(float(rate[:3].rstrip(" %").replace(",", ".")) / 100)


@pytest.mark.parametrize(
    ("cells", "fees", "is_told"),
    [
        (("$1.200", "$14.500"), [1200, 14500], True),
        (("1.500 €", "14.000 €"), [1500, 14000], True),
        (("1.200", "4.500"), [1200, 4500], True),
        (("14.000", "300"), [14000, 300], True),
        (("14.000", "1200"), [14000, 1200], True),
        (("14,000", "1,200"), [14000, 1200], True),
        (("1.2", "4"), [1.2, 4], False),
        (("99.50", "1200.50"), [99.5, 1200.5], False),
        (("1.200K", "5"), [1200000, 5], True),
        (("1.200,5", "4.500"), [1200.5, 4500], True),
        (("0.125", "1500.000"), [0.12, 1500], False),
    ],
)
def test_money_has_no_three_decimals(cells, fees, is_told):
    rows = "".join(f"c{index};5000;{cell}\n" for index, cell in enumerate(cells))
    roster = read(f"creator;followers;fee\n{rows}")
    assert (roster.fee / 100).tolist() == pytest.approx(fees)
    assert any("is read as" in note for note in roster.notes) is is_told


def test_money_with_two_decimals_and_three_is_a_fault_that_names_both():
    (fault,) = roster_error("creator,followers,fee\na,5000,14.000\nb,6000,99.50\n").faults
    assert (fault.code, fault.column) == ("decimal-mixed", "fee")
    assert "'99.50' and '14.000'" in fault.message


def test_what_decides_is_told_in_one_line_for_the_file():
    rows = "@ann;12.400;1.500 €;3.200;4,1 %\n@ben;9.000;2.000 €;1.100;3,0 %\n"
    roster = read(f"handle;followers;fee;views;ER\n{rows}")
    notes = [note for note in roster.notes if "is read as" in note]
    expected = "1.500 € is read as 1,500 (fee, followers, views): decimal comma, as in 4,1 % (column ER, row 2)"
    assert notes == [expected]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("creator;followers;fee\na;12.400;5\n", ": decimal comma, as usual where cells are separated by semicolons"),
        (
            "creator,followers,fee\na,12.400,1.500 €\n",
            " (fee, followers), and so is 1 more cell. If they have decimals, add --decimal point",
        ),
        ("creator,followers,fee\na,12.400,5\n", ". If it has decimals, add --decimal point"),
        ('creator,followers,fee,CPM\na,12.400,5,"1,25"\n', ": decimal comma, as in 1,25 (column CPM, row 2)"),
    ],
)
def test_the_note_gives_what_shows_the_mark_else_what_to_do_if_it_is_wrong(text, reason):
    (note,) = [note for note in read(text).notes if "is read as" in note]
    assert note.endswith(reason)


def test_points_are_told_where_commas_group_thousands_too():
    text = 'creator,followers,Rate (EUR),score\na,5000,"2,400",1.234\nb,6000,1.900,5\nc,7000,2.600 €,5\n'
    roster = read(text)
    assert (roster.fee / 100).tolist() == [2400, 1900, 2600]
    assert roster.numbers["score"].tolist() == [1234, 5, 5]  # by the place of the euro
    assert find_reading(roster, "Rate (EUR)") == "points and commas group thousands"
    expected = "1.900 is read as 1,900 (Rate (EUR)), and so is 1 more cell. If they have decimals, add --decimal point"
    assert [note for note in roster.notes if "is read as" in note] == [expected]
    assert [remark.rows.tolist() for remark in roster.remarks if remark.code == "number-thousands"] == [[3, 4]]


def test_a_column_without_decimals_is_not_said_to_have_a_decimal_comma():
    roster = read('creator,followers,fee,CPM\na,12.400,5,"1,25"\n')
    assert find_reading(roster, "followers") == "points group thousands"


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("creator;followers;fee;score\na;5000;5;1.234\n", 1234),
        ("creator,followers,fee,score\na,5000,5,1.234\n", 1.234),
        ('creator,followers,fee,score,ER\na,5000,5,1.234,"4,1 %"\n', 1234),
        ("creator;followers;fee;score;ER\na;5000;5;1.234;4.1 %\n", 1.234),
        ("creator;followers;fee;score;ER\na;5000;5;1.234;4.1\n", 1.234),
        ("creator,followers,fee,score\na,5000,1.500 €,1.234\n", 1234),
        ('creator,followers,fee,score\na,5000,"$1,500","1,234"\n', 1234),
    ],
)
def test_a_column_of_which_nothing_is_known_follows_the_file(text, score):
    assert read(text).numbers["score"].tolist() == [score]


def test_a_fraction_of_a_follower_is_quoted_as_it_is_written():
    error = roster_error("creator,followers,fee\na,12.400,100\nb,30.000,10\nc,20000,9\n", decimal=".")
    (fault,) = error.faults
    assert (fault.code, fault.row, fault.value) == ("followers-range", 2, "12.400")


def test_the_mark_that_the_user_states_settles_it():
    text = "creator,followers,fee\na,5000,14.000\nb,6000,1.500\n"
    assert (read(text, decimal=",").fee / 100).tolist() == [14000, 1500]
    assert (read(text, decimal=".").fee / 100).tolist() == [14, 1.5]
    faults = fault_keys(f"{text}c,7000,99.50\n", decimal=",")
    assert faults == [("decimal-mixed", 4, "fee")]


@pytest.mark.parametrize(
    ("header", "cells", "values", "reading"),
    [
        ("Followers (K)", ("12.5", "300"), [12_500, 300_000], "times 1,000, as the header says"),
        ("Followers (thousands)", ("12.5", "1.2M"), [12_500, 1_200_000], "times 1,000, as the header says"),
        ("Follower in Tsd.", ('"12,5"', "300"), [12_500, 300_000], "times 1,000"),
        ("Followers (M)", ("0.5", "1.2"), [500_000, 1_200_000], "times 1,000,000"),
        ("Followers (M)", ("50000", "120000"), [50_000, 120_000], "not in the unit of the header"),
    ],
)
def test_the_unit_in_a_header_counts(header, cells, values, reading):
    roster = read(f"creator,{header},fee\n" + "".join(f"c{i},{cell},5\n" for i, cell in enumerate(cells)))
    assert roster.numbers["followers"].tolist() == values
    assert reading in find_reading(roster, header)


def test_a_fee_in_thousands_of_euros_is_read_so():
    roster = read("creator,followers,Fee in k€\na,5000,1.5\nb,6000,300\n")
    assert roster.fee.tolist() == [150_000, 30_000_000]
    assert roster.currency == "EUR"


@pytest.mark.parametrize("rows", [3, 200_000])
def test_a_point_that_groups_thousands_is_seen_in_large_files_too(rows):
    cells = [f"c{i},{1 + i % 900}.{i % 1000:03},{1 + i % 40}.000,{i % 9}.5,{i % 7}\n" for i in range(rows)]
    roster = read("creator,followers,fee,er,posts\n" + "".join(cells))
    assert roster.numbers["followers"].tolist() == [1000 * (1 + i % 900) + i % 1000 for i in range(rows)]
    assert (roster.fee / 100).tolist() == [1000 * (1 + i % 40) for i in range(rows)]


def test_a_share_below_one_among_percents_is_a_fault_unless_its_unit_is_given():
    text = "creator,followers,fee,credibility\na,5000,1,0.85\nb,5000,1,90\nc,5000,1,85\n"
    assert fault_keys(text) == [("number-range", 2, "credibility")]
    is_noted = read(text, units={"credibility": "percent"})
    np.testing.assert_allclose(is_noted.numbers["credibility"], [0.0085, 0.9, 0.85])


@pytest.mark.parametrize("cell", ["0", "0%", "0.0"])
def test_an_acceptance_of_zero_is_a_fault_as_one_above_all_is(cell):
    text = f"creator,followers,fee,acceptance\na,5000,1,{cell}\nb,5000,1,0.5\nc,5000,1,\nd,5000,1,1\n"
    assert fault_keys(text) == [("number-range", 2, "acceptance")]
    above = "creator,followers,fee,acceptance\na,5000,1,1.2\nb,5000,1,0.5\n"
    assert fault_keys(above) == [("number-range", 2, "acceptance")]


def find_reading(roster, header):
    return next(use.reading for use in roster.columns if use.header == header)


def parse_rates(name, cells, followers=50_000, platform=None, **options):
    context = make_context(ReadOptions(**options), **{name: cells})
    people = np.full(len(cells), float(followers))
    network = to_text_column(column(*[platform] * len(cells))) if platform else None
    return parse_rate_column(context, name, people, network), context


@pytest.mark.parametrize(
    ("cells", "followers", "expected", "how"),
    [
        (["3.5%", "1.39 %"], 50_000, [0.035, 0.0139], "percent"),
        (["0.035", "0.0139"], 50_000, [0.035, 0.0139], "fraction"),
        (["3.5", "1.39"], 50_000, [0.035, 0.0139], "percent"),
        ([0.33, 0.33], 5_000_000, [0.0033, 0.0033], "percent"),
        (["0.33"], 5_000_000, [0.0033], "percent"),
        ([0.9, 1.4], 300_000, [0.009, 0.014], "percent"),
        ([0.09, 0.2], 5_000, [0.09, 0.2], "fraction"),
        (["3.5%", "0.02", "0.03"], 50_000, [0.035, 0.02, 0.03], "percent where it has a sign, else fraction"),
        (["3.5%", "2", "3"], 50_000, [0.035, 0.02, 0.03], "percent"),
        (["3,5", "0,75"], 50_000, [0.035, 0.0075], "decimal comma, percent"),
        ([0.0, 0.04], 50_000, [0.0, 0.04], "fraction"),
    ],
)
def test_engagement_rates_have_the_likelier_unit(cells, followers, expected, how):
    values, context = parse_rates("engagement_rate", cells, followers)
    assert values.tolist() == pytest.approx(expected)
    assert context.interpretations["engagement_rate"] == how
    assert noted_faults(context) == []


def test_the_usual_rate_depends_on_the_platform():
    assert parse_rates("engagement_rate", [0.4, 0.4], 20_000, "youtube")[0].tolist() == pytest.approx([0.004] * 2)
    assert parse_rates("engagement_rate", [0.4, 0.4], 20_000, "TikTok ")[0].tolist() == [0.4] * 2


@pytest.mark.parametrize("cells", [["3.5", "2"], ["0.035", "0.02"], ["3.5%", "2"]])
def test_units_decide_for_cells_without_a_sign(cells):
    as_fraction, context = parse_rates("engagement_rate", cells, units={"engagement_rate": "fraction"})
    as_percent, _ = parse_rates("engagement_rate", cells, units={"engagement_rate": "percent"})
    signed = np.asarray(["%" in cell for cell in cells])
    assert as_fraction[~signed].tolist() == pytest.approx((as_percent * 100)[~signed].tolist())
    assert as_fraction[signed].tolist() == as_percent[signed].tolist()
    assert "fraction" in context.interpretations["engagement_rate"]


@pytest.mark.parametrize(
    ("name", "cells", "expected"),
    [
        ("ctr", [0.8, 0.9], [0.008, 0.009]),
        ("ctr", [0.02, 0.01], [0.02, 0.01]),
        ("ctr", [0.05, 0.06], [0.05, 0.06]),
        ("ctr", [0.2, 0.3], [0.002, 0.003]),
        ("cvr", [1.8, 2.4], [0.018, 0.024]),
        ("cvr", [0.018, 0.05], [0.018, 0.05]),
        ("credibility", [83, 64], [0.83, 0.64]),
        ("fit", [1, 0.4], [1, 0.4]),
        ("sponsored_share", [30, 0], [0.3, 0]),
        ("discount", ["10%", "15%"], [0.1, 0.15]),
        ("usage", [150, 30], [1.5, 0.3]),
        ("usage", [1.5, 0.3, 0.2], [1.5, 0.3, 0.2]),
    ],
)
def test_other_rates_and_shares(name, cells, expected):
    values, context = parse_rates(name, cells)
    assert values.tolist() == pytest.approx(expected)
    assert noted_faults(context) == []


@pytest.mark.parametrize(
    ("header", "cells", "rates"),
    [
        ("ER %", ("0.9", "1.2"), [0.009, 0.012]),
        ("ER %", ("0.09", "0.12"), [0.09, 0.12]),
        ("ER %", ("4.1%", "0.8"), [0.041, 0.008]),
        ("ER", ("0.09", "0.12"), [0.09, 0.12]),
    ],
)
def test_a_percent_sign_in_the_header_counts_where_the_cells_allow_it(header, cells, rates):
    rows = "".join(f"c{i},2000,5,{cell}\n" for i, cell in enumerate(cells))
    assert read(f"creator,followers,fee,{header}\n{rows}").numbers["engagement_rate"].tolist() == pytest.approx(rates)


def test_counts_under_the_header_of_a_rate_are_a_wrong_column():
    for name in ("engagement_rate", "credibility", "ctr"):
        _, context = parse_rates(name, [640.0, 4100.0])
        assert noted_faults(context) == [("column-values", None, name)]
        assert "counts such as 640" in context.faults.faults[0].message


def test_a_share_above_one_is_a_fault_and_an_engagement_rate_is_kept_to_be_doubted():
    _, context = parse_rates("credibility", [0.5, 0.7, 85])
    assert noted_faults(context) == [("number-range", 4, "credibility")]
    values, context = parse_rates("engagement_rate", ["180%", "2%"])
    assert values[0] == 1.8
    assert noted_faults(context) == []
    assert context.notes == []  # plausibility names the creator


def test_a_negative_rate_is_a_fault():
    _, context = parse_rates("engagement_rate", ["-3%", "2%"])
    assert noted_faults(context) == [("number-negative", 2, "engagement_rate")]


def test_a_column_without_numbers_has_no_unit():
    values, context = parse_rates("engagement_rate", ["", "N/A"])
    assert np.isnan(values).all()
    assert context.interpretations == {}
    assert noted_faults(context) == []


def test_the_unit_does_not_depend_on_the_order_of_rows():
    cells = [0.33, 1.2, 0.9, 0.04, 2.5]
    forward, backward = (parse_rates("engagement_rate", order)[0] for order in (cells, cells[::-1]))
    assert forward.tolist() == backward[::-1].tolist()

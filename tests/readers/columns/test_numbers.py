"""Numeric columns: which cells of each kind are faults, and how percent is told from fraction."""

from __future__ import annotations

import numpy as np
import pytest

from microopt.readers.columns.numbers import check_followers, parse_number_column, parse_rate_column
from microopt.readers.columns.text import to_text_column
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


@pytest.mark.parametrize(
    ("cells", "held"),
    [
        (["India", "Spain", "Peru"], "text such as 'India'"),
        (["5%", "6%", "7%"], "percents such as '5%'"),
        (["$5", "$6", ""], "money such as '$5'"),
    ],
)
def test_a_header_over_other_values_is_one_fault_of_the_column(cells, held):
    context = make_context(views=cells)
    parse_number_column(context, "views")
    assert noted_faults(context) == [("column-values", None, "views")]
    assert held in context.faults.faults[0].message


def test_a_single_bad_cell_is_a_fault_of_the_cell():
    context = make_context(views=["India"])
    parse_number_column(context, "views")
    assert noted_faults(context) == [("number-unreadable", 2, "views")]


def test_sentiment_may_be_negative():
    context = make_context(sentiment=[-0.5, 0.5])
    parse_number_column(context, "sentiment")
    assert noted_faults(context) == []


def test_a_decimal_comma_is_noted():
    context = make_context(likes=["1,5", "2,25"])
    parse_number_column(context, "likes")
    assert context.interpretations["likes"] == "decimal comma"


def test_conflicting_decimal_marks_name_both_cells():
    context = make_context(likes=["1,5", "2.5", "3"])
    parse_number_column(context, "likes")
    assert ("decimal-mixed", None, "likes") in noted_faults(context)
    assert "'1,5' and '2.5'" in context.faults.faults[-1].message


def test_followers_are_positive_whole_numbers():
    context = make_context(followers=["0", "", "1e12", "18.300", "12.5K", "x", "7", "7", "7"])
    check_followers(context, parse_number_column(context, "followers"))
    assert sorted(noted_faults(context), key=lambda fault: fault[1]) == [
        ("followers-zero", 2, "followers"),
        ("followers-missing", 3, "followers"),
        ("followers-range", 4, "followers"),
        ("followers-range", 5, "followers"),
        ("number-unreadable", 7, "followers"),
    ]


def test_a_lone_point_in_clean_numbers_is_shown_as_written():
    (fault, _) = roster_error("creator,followers,fee\na,18.300,5\nb,2.400,5\n").faults
    assert fault.value == "18.300"


def test_one_bad_column_hides_no_other_fault():
    text = "creator,followers,fee,views\na,x,5,Peru\nb,y,-5,Chile\n,z,5,India\n"
    assert fault_keys(text) == [
        ("column-values", None, "followers"),
        ("column-values", None, "views"),
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


@pytest.mark.parametrize("cells", [("12.000", "150.000"), ("12.000", "48000"), ("1.200", "900")])
def test_followers_with_a_point_before_three_digits_are_a_fault(cells):
    rows = "".join(f"c{index},{cell},5\n" for index, cell in enumerate(cells))
    result = fault_keys(f"creator,followers,fee\n{rows}")
    assert {(code, column) for code, _, column in result} == {("followers-range", "followers")}
    assert len(result) == sum("." in cell for cell in cells)


@pytest.mark.parametrize(
    ("cells", "is_noted"),
    [
        (("$1.200", "$14.500"), True),
        (("1.200", "4.500"), True),
        (("1.200", "4.50"), False),
        (("1.2", "4"), False),
        (("1.200K", "5"), False),
        (("1.200,5", "4.500"), False),
        (("0.125", "9"), False),
    ],
)
def test_money_whose_point_may_group_thousands_is_noted(cells, is_noted):
    rows = "".join(f"c{index};5000;{cell}\n" for index, cell in enumerate(cells))
    notes = read(f"creator;followers;fee\n{rows}").notes
    assert any("not as thousands" in note for note in notes) is is_noted


def test_a_share_below_one_among_percents_is_a_fault_unless_its_unit_is_given():
    text = "creator,followers,fee,credibility\na,5000,1,0.85\nb,5000,1,90\nc,5000,1,85\n"
    assert fault_keys(text) == [("number-range", 2, "credibility")]
    is_noted = read(text, units={"credibility": "percent"})
    np.testing.assert_allclose(is_noted.numbers["credibility"], [0.0085, 0.9, 0.85])


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


def test_counts_under_the_header_of_a_rate_are_a_wrong_column():
    for name in ("engagement_rate", "credibility", "ctr"):
        _, context = parse_rates(name, [640.0, 4100.0])
        assert noted_faults(context) == [("column-values", None, name)]
        assert "counts such as 640" in context.faults.faults[0].message


def test_a_share_above_one_is_a_fault_and_an_engagement_rate_a_note():
    _, context = parse_rates("credibility", [0.5, 0.7, 85])
    assert noted_faults(context) == [("number-range", 4, "credibility")]
    values, context = parse_rates("engagement_rate", ["180%", "2%"])
    assert values[0] == 1.8
    assert noted_faults(context) == []
    assert context.notes == ["1 engagement rate by followers is above 100%: check engagement_rate"]


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

"""Results: rows by day or in total, parsed leniently and added up strictly."""

import gzip
from datetime import date, datetime, timedelta
from fractions import Fraction
from io import BytesIO
from math import fsum, isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.campaign.progress import RESULT_METRICS
from microopt.errors import RosterError
from microopt.readers.options import ReadOptions
from microopt.readers.results import read_results
from tests.readers.builders import read, read_with
from tests.scale import examples

HEAD = "creator,platform,offer,date,url,posts,impressions,engagements,clicks,conversions\n"


def results(text, name="results.csv", options=None, **facts):
    return read_with(read_results, text, name, options, **{"half_life": lambda platform: 1.0, **facts})


def fault_keys(text, **facts):
    with pytest.raises(RosterError) as caught:
        results(text, **facts)
    assert all(fault.fix for fault in caught.value.faults)
    return [(fault.code, fault.row, fault.column) for fault in caught.value.faults]


def single_result(text, **facts):
    (actual,) = results(text, **facts).totals
    return actual


def test_rows_of_a_creator_add_up_however_the_name_is_spelled():
    parsed = results(
        "creator,date,posts,views\n@Anna,2026-11-02,1,12.5K\nanna,2026-11-03,0,1 234\nBob,2026-11-03,2,7\n"
    )
    assert [(result.creator, result.posts, result.impressions) for result in parsed.totals] == [
        ("@Anna", 1, 13734),
        ("Bob", 2, 7),
    ]
    assert (parsed.totals[0].first_day, parsed.totals[0].last_day) == (date(2026, 11, 2), date(2026, 11, 3))
    assert (parsed.as_of, parsed.rows, parsed.header) == (date(2026, 11, 3), {"anna": 2, "bob": 4}, "creator")
    assert [row.impressions for row in parsed.daily_rows] == [12500, 1234, 7]


@pytest.mark.parametrize(
    "header",
    [
        "Influencer;Posts published;Plays;Link Clicks;Orders",
        "\ufeffHandle;NUMBER OF POSTS;total views;Clicks;sales",
        "user name;posts;Impressions;link_clicks;Purchases",
    ],
)
def test_headers_of_every_export_are_known(header):
    result = single_result(f"{header}\n@a;2;1,5;3;4\n".encode("utf-16"))
    assert (result.posts, result.impressions, result.clicks, result.conversions) == (2, 1.5, 3, 4)


def test_a_packed_file_is_identified_by_its_stored_bytes():
    parsed = results(gzip.compress(b"creator,posts,views\na,1,5\n"), name="r.csv.gz")
    assert (parsed.totals[0].impressions, len(parsed.sha256)) == (5, 64)


def test_headers_in_the_campaign_file_are_used():
    options = ReadOptions(columns={"Qui": "creator", "Vues": "impressions", "Rate (USD)": "fee"})
    assert single_result("Qui,Posts,Vues\na,1,5\n", options=options).impressions == 5


def test_user_columns_for_results_are_not_a_fault_of_a_roster():
    assert len(read("creator,followers,fee\na,5,1\n", columns={"Vues": "impressions", "Le": "Date"})) == 1


def test_not_measured_is_not_zero():
    result = single_result("creator,date,posts,views,clicks,orders\na,2026-11-02,1,,0,\na,2026-11-03,0,5,,\n")
    assert (result.impressions, result.engagements, result.clicks, result.conversions) == (5, None, 0, None)


def test_likes_comments_and_shares_are_the_engagements_if_none_are_stated():
    parsed = results("creator,posts,url,engagements,likes,comments\na,1,x,9,1,1\na,1,y,,3,4\na,1,z,,,5\na,1,w,,,\n")
    assert [row.engagements for row in parsed.daily_rows] == [9, 7, 5, None]
    assert parsed.notes == ("engagements are the sum of likes, comments",)


def test_each_post_counts_once_where_posts_are_not_counted():
    result = single_result(
        "creator,date,url,views\na,2026-11-03,x,1\na,2026-11-02,x,1\na,2026-11-03,y,1\na,2026-11-03,,1\n"
    )
    assert (result.posts, result.impressions) == (2, 4)
    half, fuller = 1 - 2**-0.5, 1 - 2**-1.5
    assert isclose(result.matured_posts, half + fuller)  # x began a day before y


def test_a_post_with_a_stated_number_on_any_day_is_not_counted_again():
    result = single_result("creator,date,url,posts,views\na,2026-11-02,x,,1\na,2026-11-03,x,1,1\na,2026-11-03,y,,1\n")
    assert (result.posts, result.impressions) == (2, 3)


def test_the_first_row_of_a_creator_without_posts_is_named():
    text = "creator,platform,date,posts,views\nb,,2026-11-02,1,5\na,,2026-11-03,0,5\n@A,,2026-11-04,0,6\n"
    assert fault_keys(text) == [("results-posts", 3, "creator")]


def test_the_share_so_far_follows_the_half_life_of_the_platform():
    text = "creator,platform,date,posts,views\na,YouTube,2026-11-02,2,1\n"
    result = single_result(text, as_of=date(2026, 11, 11), half_life={"youtube": 9.5}.get)
    assert result.matured_posts == 2 * (1 - 0.5)


def test_totals_count_fully_and_have_no_day():
    parsed = results("creator,posts,views\na,3,5\n")
    assert (parsed.as_of, parsed.totals[0].matured_posts, parsed.totals[0].first_day) == (None, 3, None)


def test_a_file_may_have_no_rows_yet():
    assert results("creator,posts,views\n").totals == ()


def test_platforms_and_offers_are_added_up_separately():
    parsed = results("creator,platform,offer,posts,views\na,ig,reel,1,1\na,IG,story,1,1\na,,,1,1\n")
    assert [(result.platform, result.offer) for result in parsed.totals] == [
        (None, None),
        ("instagram", "reel"),
        ("instagram", "story"),
    ]


def test_equal_rows_and_blank_rows_are_dropped():
    parsed = results(HEAD + "a,ig,,2026-11-02,,1,5,,,\n,,,,,,,,,\n@A,IG,,02.11.2026,,1.0,5.0,,,\n")
    assert parsed.totals[0].impressions == 5
    assert parsed.notes == ("1 row repeats an earlier row and was dropped",)


def test_two_rows_of_a_day_that_differ_are_a_fault():
    with pytest.raises(RosterError) as caught:
        results(HEAD + "@anna,ig,,2026-11-02,,1,1200,,,\nbob,,,2026-11-02,,1,5,,,\n@anna,ig,,2026-11-02,,1,1300,,,\n")
    (fault,) = caught.value.faults
    assert (fault.code, fault.row, fault.column, fault.value) == ("results-twice", 4, "creator", "@anna")
    expected = "rows 2 and 4 both describe @anna instagram on 2026-11-02 and differ: impressions 1200 and 1300"
    assert fault.message == expected
    assert caught.value.message.endswith("results.csv: 1 problem found")
    assert "--skip-bad-rows" not in caught.value.fix


def test_two_totals_of_a_creator_are_a_fault():
    assert fault_keys("creator,posts,views\na,1,5\n@A,2,7\n") == [("results-twice", 3, "creator")]


@pytest.mark.parametrize(
    "rows",
    [
        "a,,,1,9\na,2026-11-02,,1,5\n",
        "a,2026-11-02,x,1,5\na,,,1,9\n",
        "a,2026-11-02,x,1,5\na,,x,1,9\n",
        "a,,x,1,5\na,,,1,9\n",
    ],
)
def test_a_total_next_to_its_parts_is_a_fault(rows):
    assert [code for code, _, _ in fault_keys("creator,date,url,posts,views\n" + rows)] == ["results-twice"]


def test_totals_of_several_posts_add_up():
    assert single_result("creator,url,views\na,x,1\na,y,2\n").posts == 2


def test_the_number_of_posts_is_required():
    assert fault_keys("creator,date,views\na,2026-11-02,5\n") == [("results-posts", None, "posts")]
    assert fault_keys("creator,posts,views\na,,5\nb,0,0\n") == [("results-posts", 2, "creator")]


def test_results_need_a_metric_and_a_creator():
    assert fault_keys("creator,posts,date\na,1,2026-11-02\n") == [("column-missing", None, "impressions")]
    assert fault_keys("posts,views\n1,5\n") == [("column-missing", None, "creator")]
    assert fault_keys("a,1,5\nb,2,6\n")[0][0] == "header-missing"


def test_all_faults_are_reported_at_once():
    text = HEAD + ",ig,,2026-11-02,,1,5,,,\na,ig,,soon,,1.5,x,-3,5%,\nb,ig,,2026-11-03,,1,1.234,,,€5\n"
    assert sorted(fault_keys(text), key=str) == sorted(
        [
            ("creator-missing", 2, "creator"),
            ("date-unreadable", 3, "date"),
            ("posts-parts", 3, "posts"),
            ("number-unreadable", 3, "impressions"),
            ("number-negative", 3, "engagements"),
            ("number-percent", 3, "clicks"),
            ("number-unreadable", 4, "conversions"),
        ],
        key=str,
    )


def test_days_outside_the_campaign_are_faults():
    days = [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 9), date(2026, 11, 10), date(2026, 11, 20)]
    text = "creator,day,posts,views\n" + "".join(f"a,{day},1,5\n" for day in days)
    parsed = fault_keys(text, starts=days[1], ends=days[3], as_of=days[2])
    assert parsed == [("date-outside", row, "day") for row in (2, 5, 6, 6)]
    assert single_result(text, starts=days[0], ends=days[-1]).posts == 5


def test_impressions_are_whole_numbers():
    parsed = results("creator,posts,views\na,1,12.400\n")
    assert parsed.totals[0].impressions == 12_400
    assert parsed.notes == ("12.400 is read as 12,400 (views)",)


def test_unused_columns_are_noted():
    assert results("creator,posts,views,Impresions,Saves\na,1,5,6,7\n").notes == ("not used: Impresions, Saves",)


rows = st.lists(
    st.tuples(
        st.sampled_from(("@a", "A", "b ", "=c|x", "د")),
        st.sampled_from(("", "ig")),
        st.integers(0, 20),
        st.integers(0, 3),
        st.integers(0, 10**6) | st.none(),
        st.integers(0, 10**6) | st.none(),
    ),
    max_size=30,
    unique_by=lambda row: (row[0].strip().removeprefix("@").casefold(), row[1], row[2]),
)


@settings(max_examples=examples(60), deadline=None)
@given(rows, st.randoms(use_true_random=False))
def test_days_in_any_order_add_up_to_the_same(lines, random):
    first = date(2026, 11, 1)
    cells = [(name, at, first + timedelta(day), posts + 1, *counts) for name, at, day, posts, *counts in lines]
    text = ["\t".join("" if cell is None else str(cell) for cell in row) for row in cells]
    shuffled = random.sample(text, len(text))
    result, shuffled_results = (
        results("\n".join(["creator\tplatform\tdate\tposts\tviews\tclicks", *order]) + "\n")
        for order in (text, shuffled)
    )
    for metric, column in (("posts", 3), ("impressions", 4), ("clicks", 5)):
        totals = [getattr(actual, metric) for actual in result.totals]
        assert totals == [getattr(actual, metric) for actual in shuffled_results.totals]
        assert sum(map(Fraction, filter(None, totals))) == sum(row[column] or 0 for row in cells)
    assert [actual.matured_posts for actual in result.totals] == [
        actual.matured_posts for actual in shuffled_results.totals
    ]
    assert fsum(actual.matured_posts for actual in result.totals) <= fsum(actual.posts for actual in result.totals)
    assert result.by_day == shuffled_results.by_day


cells = st.integers(0, 10**6) | st.none()


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 28) | st.none(), cells, cells), max_size=20))
def test_days_rise_and_add_up_to_the_results_with_a_date(lines):
    text = "creator,date,url,views,clicks\n"
    for number, (name, day, *counts) in enumerate(lines):
        creator, when = (f"{name}{number}", "") if day is None else (name, date(2026, 11, day))
        text += ",".join("" if cell is None else str(cell) for cell in (creator, when, f"p{number}", *counts)) + "\n"
    parsed = results(text)
    assert [each.day.day for each in parsed.by_day] == sorted({day for _, day, *_ in lines if day is not None})
    dated = [actual for actual in parsed.totals if actual.first_day is not None]
    for metric in RESULT_METRICS:
        by_day, totals = ([each.total(metric) for each in part] for part in (parsed.by_day, dated))
        assert fsum(filter(None, by_day)) == fsum(filter(None, totals))
        assert any(count is not None for count in by_day) == any(count is not None for count in totals)


@settings(max_examples=examples(150), deadline=None)
@given(st.lists(st.lists(st.text(max_size=8), min_size=4, max_size=4), max_size=4), st.booleans())
def test_hostile_cells_are_parsed_or_reported(cells, dated):
    head = ["creator", "date" if dated else "url", "posts", "views"]
    clean = ["".join(c for c in cell if c.isprintable() and c not in '",;|\t') for row in cells for cell in row]
    lines = [",".join(clean[at : at + 4]) for at in range(0, len(clean), 4)]
    try:
        parsed = results("\n".join([",".join(head), *lines]) + "\n")
    except RosterError:
        return
    assert all(result.matured_posts <= result.posts for result in parsed.totals)


def test_dates_and_numbers_of_a_workbook_are_read_exactly():
    xlsxwriter = pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    packed = BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        sheet, days = book.add_worksheet("Export"), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ["Post results", "November"])
        sheet.write_row(2, 0, ["Username", "Publish Date", "Post ID", "Plays"])
        sheet.write_row(3, 0, ["@a", "", "0012", 12500])
        sheet.write_datetime(3, 1, datetime(2026, 11, 2, 10, 30), days)
    parsed = results(packed.getvalue(), name="results.xlsx")
    assert (parsed.daily_rows[0].day, parsed.daily_rows[0].post, parsed.daily_rows[0].impressions) == (
        date(2026, 11, 2),
        "0012",
        12500,
    )
    assert parsed.rows == {"a": 4}


def test_totals_below_the_results_are_left_out():
    text = "creator,date,posts,views\nanna,2026-11-02,1,12500\nbob,2026-11-03,2,7500\nTotal,,3,20000\n"
    parsed = results(text)
    assert [(result.creator, result.impressions) for result in parsed.totals] == [("anna", 12500), ("bob", 7500)]
    assert "1 row is not a creator and was left out: 4 (Total)" in parsed.notes


def test_a_number_beyond_all_reason_is_a_fault_and_no_warning_of_arithmetic():
    rows = "".join(f"@anna,tiktok,video,2026-03-0{day},p,1,900.5,80,7,{cell}\n" for day, cell in ((1, "1e308"), (2, 2)))
    assert fault_keys(HEAD + rows) == [("number-range", 2, "conversions")]

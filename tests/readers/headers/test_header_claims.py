"""The cells below a header decide what it stands for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.readers.headers.cell_evidence import CellEvidence
from microopt.readers.headers.header_assignment import assign_headers
from tests.readers.builders import column, read, roster_error
from tests.scale import examples


def taken(text, **options):
    return {use.header: use.column for use in read(text, **options).columns}


HANDLES = ["@ann", "@ben"]


def build(header, cells, others="handle,followers,fee", values=(("@ann", "20000", "300"), ("@ben", "30000", "200"))):
    lines = [f"{others},{header}", *(",".join([*row, f'"{cell}"']) for row, cell in zip(values, cells, strict=True))]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("Channel", ["Instagram", "TikTok"], "platform"),
        ("Channel", ["Ann Cooks", "Ben Builds"], None),
        ("Media", ["YT", "IG"], "platform"),
        ("Media", ["photo", "video"], None),
        ("Social", ["Tik Tok", "Insta"], "platform"),
        ("Social", ["12", "15"], None),
        ("IG/TikTok", ["IG", "TikTok"], "platform"),
        ("Instagram / YouTube", ["YouTube", "Instagram"], "platform"),
        ("IG or TT", ["TT", "IG + TT"], "platform"),
        ("IG/TikTok", ["yes", "no"], None),
        ("Found via", ["IG", "TikTok"], None),
        ("Engagement", ["4.5", "3.1"], "engagement_rate"),
        ("Engagement", ["4.5%", "3.1%"], "engagement_rate"),
        ("Engagement", ["4,500", "3,100"], "engagements"),
        ("Avg engagement", ["4.5%", "3.1%"], "engagement_rate"),
        ("Avg engagement", ["45", "31"], "engagements"),
        ("Engagements", ["4%", "3%"], "engagement_rate"),
        ("Eng (Avg.)", ["1.2k", "900"], "engagements"),
        ("Eng (Auth.)", ["1.2k", "900"], "authentic_engagements"),
        ("Views", ["India", "Brazil"], None),
        ("Views", ["10k", "12k"], "views"),
        ("Views", ["$10", "$12"], None),
        ("Market", ["1000", "2000"], None),
        ("Market", ["DE", "US"], "region"),
        ("Link", ["https://a.com/x", "https://a.com/y"], "url"),
        ("Deliverables", ["2", "3"], "deliverables"),
        ("Deliverables", ["2 reels", "a story"], "offer"),
        ("Gender", ["F", "M"], None),
        ("Age group", ["18-24", "25-34"], None),
        ("Comments", ["nice", "slow"], None),
        ("Comments", ["12", "n/a"], "comments"),
        ("Credibility", ["High", "Low"], None),
        ("Credibility", ["80%", "70%"], "credibility"),
        ("Usage", ["6 months", "perpetual"], None),
        ("Product", ["serum", "cream"], None),
        ("Rate", ["4.5%", "3%"], "engagement_rate"),
        ("Genre", ["F", "M"], None),
        ("Genre", ["Femme", "homme"], None),
        ("Genre", ["pop", "rock"], "niche"),
        ("Growth rate", ["4.5%", "3%"], None),
    ],
)
def test_a_header_is_taken_for_what_its_cells_can_be(header, cells, expected):
    assert taken(build(header, cells))[header] == expected


@pytest.mark.parametrize("header", ["Budget", "Amount", "Payment", "Charges", "Commercials", "Asking Rate", "Valor"])
def test_money_under_a_vague_header_is_the_fee(header):
    assert taken(f"handle,followers,{header}\n@ann,20000,$300\n@ben,30000,$200\n")[header] == "fee"


@pytest.mark.parametrize("cells", [["https://a.com/x", "https://a.com/y"], ["see list", "agreed"]])
@pytest.mark.parametrize(("header", "other"), [("Price", "Cost"), ("fee", "Price"), ("Cost", "Fee")])
def test_a_price_header_over_text_leaves_the_fee_to_another(header, other, cells):
    roster = read(build(header, cells, others=f"handle,followers,{other}"))
    assert {use.header: use.column for use in roster.columns} == {
        "handle": "creator",
        "followers": "followers",
        other: "fee",
        header: None,
    }
    assert f"{header} is not used: it holds text, and {other} gives the fee" in roster.notes


def test_fees_in_an_unknown_notation_are_faults_even_beside_another_price():
    error = roster_error(build("fee", ["12 ducats", "9 ducats"], others="handle,followers,Price"))
    assert {fault.column for fault in error.faults} == {"fee"}


def test_fees_that_are_still_open_are_not_taken_from_another_column():
    error = roster_error(build("fee", ["TBC", "on request"], others="handle,followers,Price"))
    assert [fault.code for fault in error.faults] == ["fee-missing", "fee-missing"]


@pytest.mark.parametrize(("cells", "what"), [(["Ann", "Ben"], "text"), (["$20", "$30"], "money")])
def test_followers_are_read_where_the_cells_are_counts(cells, what):
    roster = read(build("Followers", cells, others="handle,Subscribers,fee"))
    assert {use.header: use.column for use in roster.columns}["Subscribers"] == "followers"
    assert f"Followers is not used: it holds {what}, and Subscribers gives the followers" in roster.notes


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("handle,followers,fee\n@ann,2000,paid\n@ben,3000,soon\n", "--map 'YOUR HEADER=fee'"),
        ("handle,followers,fee\n@ann,many,30\n@ben,few,40\n", "--map 'YOUR HEADER=followers'"),
        ("handle,followers,fee,ER\n@ann,2000,30,4500\n@ben,3000,40,3100\n", "--map 'ER=ignore'"),
    ],
)
def test_the_fault_of_a_wrong_column_says_how_to_name_the_right_one(text, fix):
    error = roster_error(text)
    assert [fault.code for fault in error.faults] == ["column-values"]
    assert fix in error.faults[0].fix


def test_a_vague_header_of_text_is_not_the_fee():
    assert taken("handle,followers,Payment,Quote\n@ann,20000,PayPal,300\n@ben,30000,wire,200\n") == {
        "handle": "creator",
        "followers": "followers",
        "Payment": None,
        "Quote": "fee",
    }


@pytest.mark.parametrize(
    ("headers", "rows", "creator"),
    [
        ("Name,Username", ["Ann Lee,ann.lee", "Ben Ray,ben.ray"], "Username"),
        ("Username,Name", ["https://x.com/ann,Ann Lee", "https://x.com/ben,Ben Ray"], "Name"),
        ("Account,Name", ["17841,Ann Lee", "17842,Ben Ray"], "Name"),
        ("Instagram,Name", ["@ann,Ann Lee", "@ben,Ben Ray"], "Instagram"),
        ("Instagram,Name", ["12000,Ann Lee", "13000,Ben Ray"], "Name"),
        ("Instagram,Name", ["yes please,Ann Lee", "no thanks,Ben Ray"], "Name"),
        ("id,Name", ["7,Ann Lee", "9,Ben Ray"], "Name"),
        ("id,age", ["7,20", "9,21"], "id"),
        (
            "Profile,Name",
            ["mother of two and blogger in Berlin,Ann Lee", "cooks every day for his big family,Ben Ray"],
            "Name",
        ),
        ("Account,Name", ["ann@lee.com,Ann Lee", "ben@ray.com,Ben Ray"], "Name"),
        ("Account,Name", ["Nike,Ann Lee", "Nike,Ben Ray"], "Name"),
        ("Username,Name", [",Ann Lee", ",Ben Ray", "cy,Cy Fox"], "Name"),
    ],
)
def test_the_creator_is_named_by_the_column_that_names_people_best(headers, rows, creator):
    text = f"{headers},followers,fee\n" + "".join(f"{row},{20000 + i},300\n" for i, row in enumerate(rows))
    assert [header for header, column in taken(text).items() if column == "creator"] == [creator]


def test_links_name_creators_where_nothing_else_does():
    columns = taken("Profile URL,followers,fee\nhttps://x.com/ann,20000,300\nhttps://x.com/ben,30000,200\n")
    assert columns["Profile URL"] == "creator"


def test_a_qualified_name_beats_a_bare_one_in_any_order():
    for head in ("Views,Avg Views", "Avg Views,Views"):
        assert taken(f"handle,followers,fee,{head}\n@ann,20000,300,7000,7000\n") | {"Views": None} == taken(
            f"handle,followers,fee,{head}\n@ann,20000,300,7000,7000\n"
        )


def test_a_bare_figure_within_reason_counts_beside_other_averages():
    columns = taken("handle,followers,fee,Views,Avg Likes\n@ann,20000,300,7000,900\n@ben,30000,200,9000,800\n")
    assert columns["Views"] == "views"


def test_followers_beat_total_followers():
    columns = taken("handle,Total Followers,Followers,fee\n@ann,90000,20000,300\n@ben,80000,30000,200\n")
    assert columns == {"handle": "creator", "Total Followers": None, "Followers": "followers", "fee": "fee"}


def test_totals_are_no_figures_of_a_rule():
    roster = read("handle,followers,fee,Views,Avg Views\n@ann,20000,300,9000000,7000\n@ben,30000,200,8000000,6000\n")
    assert roster.numbers["views"].tolist() == [7000, 6000]
    assert roster.numbers["Views (total)"].tolist() == [9e6, 8e6]


def test_text_in_a_needed_column_stays_a_fault():
    error = roster_error("handle,followers,fee\n@ann,many,300\n@ben,few,200\n")
    assert {fault.column for fault in error.faults} == {"followers"}


def test_what_the_user_says_wins_over_the_cells():
    error = roster_error(build("Remarks", ["nice", "slow"]), columns={"Remarks": "comments"})
    assert {fault.column for fault in error.faults} == {"Remarks"}


@pytest.mark.parametrize("word", ["ignore", "Ignore", "", " none "])
def test_a_column_that_is_set_aside_is_not_there(word):
    roster = read(build("Comments", ["12", "15"]), columns={"comments": word})
    assert not {"comments", "Comments"} & {*roster.texts, *roster.numbers}
    assert [use.column for use in roster.columns if use.header == "Comments"] == ["ignored"]


def test_followers_of_a_platform_and_prices_can_be_set_aside():
    text = (
        "Name,IG Followers,TikTok Followers,Story Price,Reel Price\nAnn,20000,500000,300,400\nBen,4000,3000,150,200\n"
    )
    roster = read(text, columns={"TikTok Followers": "ignore", "Story Price": "ignore"})
    assert roster.numbers["followers"].tolist() == [20000, 4000]
    assert roster.fee.tolist() == [40000, 20000]


def test_an_empty_column_may_hold_anything():
    assert taken(build("Comments", ["", ""]))["Comments"] == "comments"


def test_a_long_column_that_starts_empty_is_judged_by_its_filled_cells():
    evidence = CellEvidence(column(*[""] * 0, *[None] * 900, "great", "slow"))
    assert evidence.holds_text
    assert not evidence.holds_numbers


CELLS = {
    "Username": ["ann.lee", "ben.ray"],
    "Name": ["Ann Lee", "Ben Ray"],
    "Profile Link": ["https://x.com/ann", "https://x.com/ben"],
    "Channel": ["youtube", "tiktok"],
    "Followers": ["20000", "30000"],
    "Total Followers": ["90000", "80000"],
    "Views": ["9000000", "8000000"],
    "Avg Views": ["7000", "6000"],
    "Engagement": ["4.5", "3.5"],
    "Budget": ["300", "200"],
    "Quote": ["350", "250"],
    "Comments": ["nice", "slow"],
    "Category": ["food", "art"],
    "Category 2": ["", "home"],
    "rank": ["1", "2"],
}
EXPECTED = {
    "Username": "creator",
    "Profile Link": "url",
    "Channel": "platform",
    "Followers": "followers",
    "Avg Views": "views",
    "Engagement": "engagement_rate",
    "Quote": "fee",
    "Category": "niche",
    "Category 2": "niche",
}


@given(st.permutations(list(CELLS)))
@settings(max_examples=examples(60), deadline=None)
def test_the_order_of_the_columns_decides_nothing(headers):
    cells = [CellEvidence(column(*CELLS[header])) for header in headers]
    assignment = assign_headers(headers, {}, cells)
    names = {headers[position]: name for name, position in assignment.columns.items()}
    names |= {headers[position]: "niche" for position in assignment.more_niches}
    assert names == EXPECTED
    assert [headers[position] for position in assignment.totals] == ["Views"]

"""Figures that a roster gives by platform go to the offers on that platform."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.errors import RosterError
from microopt.readers.options import ReadOptions
from microopt.readers.roster import read_roster


def read(tmp_path, text, **options):
    path = tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    return read_roster(str(path), ReadOptions(**options))


def offers(roster):
    followers = roster.numbers["followers"].tolist()
    return [
        (roster.text("platform", row), int(followers[row]), int(roster.fee[row] // 100)) for row in range(len(roster))
    ]


WIDE = """Name,Instagram Followers,TikTok Followers,Instagram price,tiktok price
Ann Lee,20000,500000,300,900
Ben Orr,400000,3000,1500,50
"""


def test_each_offer_has_the_followers_of_its_platform(tmp_path):
    roster = read(tmp_path, WIDE)
    assert offers(roster) == [
        ("instagram", 20000, 300),
        ("tiktok", 500000, 900),
        ("instagram", 400000, 1500),
        ("tiktok", 3000, 50),
    ]
    uses = {use.header: (use.column, use.reading) for use in roster.columns}
    assert uses["TikTok Followers"] == ("followers", "of tiktok")


@pytest.mark.parametrize(
    "headers",
    [
        "Instagram Followers,TikTok Followers,IG price,TT price",
        "IG followers,TT followers,ig_fee,tt_fee",
        "Seguidores Instagram,Seguidores TikTok,Precio Instagram,Precio TikTok",
        "instagramFollowers,tikTokFollowers,instagramPrice,tikTokPrice",
        "Followers (IG),Followers (Tik Tok),Price (IG),Price (Tik Tok)",
    ],
)
def test_headers_name_the_platform_in_any_way(tmp_path, headers):
    text = f"Name,{headers}\nAnn Lee,20000,500000,300,900\n"
    assert offers(read(tmp_path, text)) == [("instagram", 20000, 300), ("tiktok", 500000, 900)]


def test_one_price_belongs_to_the_platform_that_a_column_names(tmp_path):
    roster = read(
        tmp_path, "Name,Platform,IG followers,YouTube Subscribers,Fee\nAnn,YT,20000,500,90\nBen,IG,700,90000,50\n"
    )
    assert offers(roster) == [("youtube", 500, 90), ("instagram", 700, 50)]


def test_one_price_without_a_platform_belongs_to_the_one_with_most_followers(tmp_path):
    roster = read(
        tmp_path, "Name,IG followers,YouTube Subscribers,Fee\nAnn,20000,500,90\nBen,700,90000,50\nCem,,8000,50\n"
    )
    assert offers(roster) == [("instagram", 20000, 90), ("youtube", 90000, 50), ("youtube", 8000, 50)]
    note = "2 offers name no platform and are taken to be on the one that has the format, or the most followers"
    assert f"{note}: 1 on instagram, 1 on youtube (change it with --platform-default)" in roster.notes
    assert {(remark.text, *remark.rows.tolist()) for remark in roster.remarks if remark.code == "platform-assumed"} == {
        ("an offer is taken to be on instagram", 2),
        ("an offer is taken to be on youtube", 3),
    }


def test_prices_that_name_no_platform_are_told_with_their_format_and_the_platform(tmp_path):
    head = "Name,IG Followers,TikTok Followers,Price Story,Price Reel,Price TikTok Video\n"
    roster = read(tmp_path, head + "Ann,20000,30000,90,300,200\nBen,20000,30000,,300,200\n")
    note = (
        "3 offers (reel, story) name no platform and are taken to be on instagram (change it with --platform-default)"
    )
    assert note in roster.notes
    roster = read(tmp_path, head + "Ann,20000,30000,90,,200\n")
    note = "1 offer (story) names no platform and is taken to be on instagram (change it with --platform-default)"
    assert note in roster.notes


def test_the_platform_that_the_user_names_wins(tmp_path):
    text = "Name,IG followers,YouTube Subscribers,Fee\nAnn,20000,500,90\n"
    assert offers(read(tmp_path, text, platform_default="youtube")) == [("youtube", 500, 90)]


def test_an_empty_platform_is_that_of_the_price(tmp_path):
    text = "Name,Platform,Followers,IG price,TT price\nAnn,,20000,10,90\nBen,YT,500,7,\n"
    assert offers(read(tmp_path, text)) == [("instagram", 20000, 10), ("tiktok", 20000, 90), ("instagram", 500, 7)]


def test_a_format_that_one_platform_alone_has_tells_the_platform(tmp_path):
    roster = read(tmp_path, "Name,IG followers,TikTok followers,Story price,Reel price\nAnn,20000,90000,10,90\n")
    assert offers(roster) == [("instagram", 20000, 10), ("instagram", 20000, 90)]


def test_formats_that_are_priced_apart_belong_to_their_platforms(tmp_path):
    roster = read(
        tmp_path,
        "Créateur,Abonnés Instagram,Abonnés TikTok,Tarif post,Tarif réel,Tarif vidéo\n"
        "@a,45000,120000,400,600,700\n@b,30000,12000,300,,200\n@c,,9000,100,,\n",
    )
    on = {"instagram": [("instagram", 45000, 400), ("instagram", 45000, 600)], "tiktok": [("tiktok", 120000, 700)]}
    rest = [("instagram", 30000, 300), ("tiktok", 12000, 200), ("tiktok", 9000, 100)]
    assert offers(roster) == [*on["instagram"], *on["tiktok"], *rest]
    assert {(remark.text, *remark.rows.tolist()) for remark in roster.remarks if remark.code == "platform-assumed"} == {
        ("post is taken to be on instagram", 2, 3),
        ("reel is taken to be on instagram", 2),
        ("video is taken to be on tiktok", 2, 3),
    }


@pytest.mark.parametrize("name", ["Post", "Video"])
def test_a_format_that_is_priced_alone_is_taken_where_most_follow(tmp_path, name):
    roster = read(
        tmp_path, f"Name,Offer,IG followers,TT followers,Fee\nAnn,{name},200000,900,90\nBen,{name},7,800,50\n"
    )
    assert [offer[0] for offer in offers(roster)] == ["instagram", "tiktok"]


def test_one_link_does_not_speak_for_offers_on_several_platforms(tmp_path):
    text = (
        "Name,Link,IG followers,TT followers,Reel price,TikTok video price\nAnn,instagram.com/ann,20000,500000,10,90\n"
    )
    assert offers(read(tmp_path, text)) == [("instagram", 20000, 10), ("tiktok", 500000, 90)]


def test_other_figures_of_a_platform_go_with_its_followers(tmp_path):
    text = "Name,IG followers,IG ER,TikTok followers,TikTok ER,TikTok avg views,IG fee,TikTok fee\n"
    roster = read(tmp_path, text + "Ann,20000,2%,90000,6%,4000,10,90\nBen,8000,1%,9000,5%,400,5,9\n")
    assert roster.numbers["engagement_rate"].tolist() == [0.02, 0.06, 0.01, 0.05]
    np.testing.assert_array_equal(roster.numbers["views"], [np.nan, 4000, np.nan, 400])


def test_the_followers_of_one_platform_alone_make_its_roster(tmp_path):
    roster = read(tmp_path, "Name,ig_followers,fee\nAnn,20000,90\nBen,700,50\n")
    assert offers(roster) == [("instagram", 20000, 90), ("instagram", 700, 50)]
    assert "every offer is taken to be on instagram, as the header ig_followers says" in roster.notes


def test_total_followers_serve_the_platforms_without_a_column(tmp_path):
    roster = read(tmp_path, "Name,Followers,IG followers,IG price,YT price\nAnn,30000,20000,10,90\n")
    assert offers(roster) == [("instagram", 20000, 10), ("youtube", 30000, 90)]


def test_a_mapping_by_the_user_wins(tmp_path):
    roster = read(tmp_path, WIDE, columns={"TikTok Followers": "followers"})
    assert [followers for _, followers, _ in offers(roster)] == [500000, 500000, 3000, 3000]


def faults(tmp_path, text):
    with pytest.raises(RosterError) as caught:
        read(tmp_path, text)
    return [(fault.code, fault.row, fault.column) for fault in caught.value.faults]


def test_an_offer_on_a_platform_without_followers_is_a_fault_of_that_column(tmp_path):
    text = WIDE.replace("Ann Lee,20000", "Ann Lee,").replace("400000,3000", "400000,0")
    assert faults(tmp_path, text) == [
        ("followers-missing", 2, "Instagram Followers"),
        ("followers-missing", 3, "TikTok Followers"),
    ]


def test_no_price_needs_no_followers(tmp_path):
    roster = read(tmp_path, WIDE.replace("20000,500000,300", ",500000,"))
    assert offers(roster)[0] == ("tiktok", 500000, 900)


def test_nobody_without_followers_on_any_platform(tmp_path):
    assert faults(tmp_path, "Name,IG followers,TT followers,fee\nAnn,,,9\nBen,100,200,9\n") == [
        ("followers-missing", 2, "IG followers")
    ]


def test_an_unreadable_count_is_told_once(tmp_path):
    assert faults(tmp_path, WIDE.replace("20000,500000", "many,500000")) == [
        ("number-unreadable", 2, "Instagram Followers")
    ]


CELLS = st.tuples(*[st.integers(1_000, 900_000)] * 2, *[st.integers(10, 9_000)] * 2)


@given(st.lists(CELLS, min_size=1, max_size=6))
def test_a_wide_roster_is_the_long_one(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("rosters")
    wide = ["Name,IG followers,TT followers,IG price,TT price"]
    long = ["Name,platform,followers,price,offer"]
    for number, (instagram, tiktok, first, second) in enumerate(rows):
        wide.append(f"c{number},{instagram},{tiktok},{first},{second}")
        long += [f"c{number},instagram,{instagram},{first},post", f"c{number},tiktok,{tiktok},{second},post"]
    left, right = (read(folder, "\n".join(lines) + "\n") for lines in (wide, long))
    assert offers(left) == offers(right)


def test_an_offer_on_several_platforms_has_the_followers_of_the_first(tmp_path):
    roster = read(tmp_path, 'Name,Platform,IG followers,TT followers,Fee\nAnn,"TikTok, Instagram",20000,90000,90\n')
    assert offers(roster) == [("tiktok, instagram", 90000, 90)]
    assert roster.texts["platform"].label_values(0) == ("tiktok", "instagram")


def test_further_offers_of_a_creator_share_the_followers_of_each_platform(tmp_path):
    text = "Name,IG followers,TT followers,Deliverable,Fee\nAnn,20000,50000,IG Reel,300\n,,,TikTok video,500\n"
    assert offers(read(tmp_path, text)) == [("instagram", 20000, 300), ("tiktok", 50000, 500)]


def test_counts_under_the_names_of_platforms_are_followers_where_nothing_else_is(tmp_path):
    roster = read(tmp_path, "name,Instagram,TikTok,fee\nann,20000,2520,300\nben,30000,33300,400\n")
    assert roster.numbers["followers"].tolist() == [20000, 33300]
    assert "the numbers under Instagram and TikTok are read as followers" in roster.notes
    with pytest.raises(RosterError) as caught:
        read(tmp_path, "name,Instagram,TikTok,fee\nann,200,250,300\nben,300,330,400\n")
    assert ("column-missing", "followers") in [(fault.code, fault.column) for fault in caught.value.faults]

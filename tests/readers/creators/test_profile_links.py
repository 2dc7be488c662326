"""Creators given as links are shown by their handles; the platform comes from the link where none is given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.campaign.campaign import Campaign
from microopt.campaign.progress import ContractState
from microopt.planning.campaign_checks import check_campaign
from microopt.quantities.platforms import PLATFORM_SPELLINGS
from microopt.readers.contract_states import read_states
from microopt.readers.options import ReadOptions
from microopt.readers.roster import read_roster
from microopt.roster.selection import offers_named

HEAD = "creator,followers,fee"


def read(tmp_path, text, **options):
    path = tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    return read_roster(str(path), ReadOptions(**options))


def cells(roster, name):
    return [roster.text(name, row) for row in range(len(roster))]


LINKS = f"""{HEAD}
https://www.instagram.com/anna/?hl=de,2000,9
m.youtube.com/@ben,2000,9
tiktok.com/@Cleo,2000,9
"""


def test_links_are_shown_as_handles_with_their_platforms(tmp_path):
    roster = read(tmp_path, LINKS)
    assert cells(roster, "creator") == ["@anna", "@ben", "@Cleo"]
    assert cells(roster, "platform") == ["instagram", "youtube", "tiktok"]
    assert cells(roster, "url")[1] == "m.youtube.com/@ben"
    assert "3 creators are given as links and are shown by the handle, with the platform of the link" in roster.notes
    assert [(remark.code, remark.rows.tolist()) for remark in roster.remarks] == [
        ("profile-link", [2, 3, 4]),
        ("platform-from-link", [2, 3, 4]),
    ]


@pytest.mark.parametrize(
    "name", ["@anna", "anna", "https://instagram.com/ANNA", "creator:@anna", 'creator:"instagram.com/anna"']
)
def test_a_creator_is_named_by_handle_or_by_link(tmp_path, name):
    assert offers_named(read(tmp_path, LINKS), name).tolist() == [True, False, False]


def test_handles_are_shown_as_the_other_cells_are(tmp_path):
    roster = read(tmp_path, f"{HEAD}\nanna,2000,9\ntiktok.com/@ben,2000,9\n")
    assert cells(roster, "creator") == ["anna", "ben"]
    assert cells(roster, "platform") == ["", "tiktok"]


def test_a_handle_and_a_link_to_it_are_one_creator(tmp_path):
    roster = read(tmp_path, "creator,offer,followers,fee\n@anna,reel,2000,9\ninstagram.com/Anna,story,2000,5\n")
    assert roster.creators == 1


def test_a_name_beside_a_link_is_the_creator(tmp_path):
    roster = read(tmp_path, "Name,Link,followers,fee\nAnn Lee,youtube.com/channel/UCx9,2000,9\nBen,,2000,9\n")
    assert cells(roster, "creator") == ["Ann Lee", "Ben"]
    assert cells(roster, "platform") == ["youtube", ""]
    assert "the platform of 1 row is taken from the link" in roster.notes


def test_a_file_with_links_alone_has_its_creators_from_them(tmp_path):
    roster = read(tmp_path, "Link,followers,fee\ninstagram.com/anna,2000,9\nyoutube.com/channel/UCx9,2000,9\n")
    assert cells(roster, "creator") == ["@anna", "UCx9"]
    assert cells(roster, "url") == ["instagram.com/anna", "youtube.com/channel/UCx9"]


def test_a_stated_platform_stays_and_an_empty_one_is_filled(tmp_path):
    text = "creator,platform,link,followers,fee\n@a,YT,instagram.com/a,2000,9\n@b,,x.com/b,2000,9\n@c,n/a,,2000,9\n"
    assert cells(read(tmp_path, text), "platform") == ["youtube", "x", ""]


def test_a_link_to_a_post_is_no_profile(tmp_path):
    roster = read(tmp_path, f"{HEAD}\ninstagram.com/reel/abc,2000,9\n@b,2000,9\n")
    assert cells(roster, "creator") == ["instagram.com/reel/abc", "@b"]
    assert "url" not in roster.texts


def test_a_roster_without_links_is_left_as_it_is(tmp_path):
    roster = read(tmp_path, f"{HEAD}\nAnna/Ben,2000,9\n@b,2000,9\n")
    assert cells(roster, "creator") == ["Anna/Ben", "@b"]
    assert not roster.remarks


def test_contract_states_name_creators_by_links_too(tmp_path):
    path = tmp_path / "states.csv"
    path.write_text("creator,state\nhttps://www.tiktok.com/@anna?x=1,signed\n", encoding="utf-8")
    (contract,) = read_states(str(path)).contracts
    assert (contract.creator, contract.state) == ("@anna", ContractState.SIGNED)


NAMED = """Name,Link,followers,fee,offer
Ann Lee,https://www.youtube.com/channel/UCx9,2000,9,video
Ann Lee,,2000,5,short
Ben,instagram.com/ben.cooks,2000,9,reel
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("youtube.com/channel/UCx9?view_as=subscriber", [True, True, False]),
        ("https://m.youtube.com/channel/UCx9", [True, True, False]),
        ('creator:"youtube.com/channel/UCx9" & offer:short', [False, True, False]),
        ("https://www.instagram.com/ben.cooks/", [False, False, True]),
        ("https://www.instagram.com/nobody/", [False, False, False]),
        ("ben.cooks", [False, False, False]),
    ],
)
def test_a_link_beside_a_name_names_the_creator(tmp_path, name, expected):
    roster = read(tmp_path, NAMED)
    assert offers_named(roster, name).tolist() == expected


def test_a_campaign_includes_and_excludes_by_a_link_beside_the_name(tmp_path):
    roster = read(tmp_path, NAMED)
    link, unknown = "https://youtube.com/channel/UCx9", "https://instagram.com/nobody"
    campaign = Campaign(budget=10_000, include=(link,), exclude=("instagram.com/ben.cooks",))
    assert not check_campaign(roster, campaign)[0]
    faults, _ = check_campaign(roster, Campaign(budget=10_000, exclude=(unknown,)))
    assert [fault.code for fault in faults] == ["exclude-unknown"]


LINK_FORMS = {
    "instagram": ["instagram.com/{}", "https://www.instagram.com/{}/?hl=de", "http://m.instagram.com/{}/reels/"],
    "tiktok": ["tiktok.com/@{}", "https://www.tiktok.com/@{}?lang=en&_t=8k"],
    "youtube": ["youtube.com/@{}", "m.youtube.com/c/{}", "https://youtube.com/user/{}/videos"],
    "x": ["x.com/{}", "https://mobile.twitter.com/{}?s=20"],
}
ROWS = st.lists(
    st.sampled_from(sorted(LINK_FORMS)).flatmap(
        lambda platform: st.tuples(
            st.from_regex(r"[a-z][a-z0-9_.]{0,8}[a-z0-9]", fullmatch=True),
            st.just(platform),
            st.sampled_from(LINK_FORMS[platform]),
            st.sampled_from([platform, *map(str.strip, PLATFORM_SPELLINGS[platform].split(","))]),
            st.booleans(),
        )
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda row: row[0],
)


@given(ROWS)
def test_links_and_spellings_give_the_roster_of_plain_handles_and_platforms(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("rosters")
    plain, written = ["creator,platform,followers,fee"], ["creator,platform,followers,fee"]
    for number, (handle, platform, form, spelling, is_link) in enumerate(rows):
        plain.append(f"@{handle},{platform},{5_000 + number},{100 + number}")
        start = form.format(handle) if is_link else f"@{handle}"
        written.append(f"{start},{'' if is_link else chr(34) + spelling + chr(34)},{5_000 + number},{100 + number}")
    left, right = (read(folder, "\n".join(lines) + "\n") for lines in (plain, written))
    assert cells(left, "creator") == cells(right, "creator")
    assert cells(left, "platform") == cells(right, "platform")
    assert left.fee.tolist() == right.fee.tolist()


def test_a_column_called_by_its_platform_may_hold_links_among_handles(tmp_path):
    roster = read(tmp_path, "Instagram,followers,fee\nhttps://instagram.com/annlee,2000,9\n@ben,2000,9\n")
    assert cells(roster, "creator") == ["@annlee", "@ben"]
    assert cells(roster, "platform") == ["instagram", "instagram"]
    assert [use.column for use in roster.columns] == ["creator", "followers", "fee"]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ("TikTok handle,Followers,Fee", ["tiktok", "tiktok"]),
        ("TikTok handle,TikTok followers,Fee", ["tiktok", "tiktok"]),
        ("handle,Followers,Fee", ["", ""]),
    ],
)
def test_the_header_of_the_handles_may_name_the_platform(tmp_path, headers, expected):
    assert cells(read(tmp_path, f"{headers}\n@a,2000,9\n@b,3000,9\n"), "platform") == expected


def test_handles_on_two_platforms_tell_none(tmp_path):
    text = "TikTok handle,Instagram handle,followers,fee\n@a,@a.b,2000,9\n@b,@b.c,3000,9\n"
    assert "platform" not in read(tmp_path, text).texts


def test_one_of_several_accounts_does_not_tell_the_platform_of_an_offer(tmp_path):
    text = "Name,Instagram,YouTube,followers,fee\nAnn Lee,@ann,,2000,9\nBen Orr,@ben,youtube.com/@ben,2000,9\n"
    assert "platform" not in read(tmp_path, text).texts

"""Different people of one name."""

import pytest

from tests.readers.builders import cells, read, roster_error


def names(text):
    return cells(read(text), "creator")


@pytest.mark.parametrize("header", ["influencer_id", "Creator ID", "user id", "KOL ID"])
def test_an_identifier_of_people_tells_them_apart(header):
    text = f"{header},name,platform,followers,fee\n101,Eli,instagram,5,1\n102,Eli,tiktok,6,2\n103,Mia,tiktok,7,3\n"
    assert names(text) == ["Eli (101)", "Eli (102)", "Mia"]
    assert read(text).creators == 3


def test_the_same_person_on_two_platforms_keeps_the_name():
    text = "influencer_id,name,platform,followers,fee\n101,Eli,instagram,5,1\n101,Eli,tiktok,6,2\n"
    assert names(text) == ["Eli", "Eli"]


def test_a_bare_id_tells_apart_within_one_platform_and_offer_only():
    assert names("id,name,platform,followers,fee\n71,Eli,instagram,5,1\n95,Eli,tiktok,6,2\n") == ["Eli", "Eli"]
    assert names("id,name,platform,followers,fee\n71,Eli,tiktok,5,1\n95,Eli,tiktok,6,2\n") == ["Eli (71)", "Eli (95)"]


def test_a_running_number_tells_nobody_apart():
    error = roster_error("id,name,followers,fee\n1,Eli,5,1\n2,Eli,6,2\n3,Mia,6,2\n")
    assert [(fault.code, fault.row) for fault in error.faults] == [("offer-twice", 3)]


def test_rows_that_agree_are_one_offer_whatever_their_identifier():
    roster = read("influencer_id,name,followers,fee\n101,Eli,5,1\n102,Eli,5,1\n")
    assert (cells(roster, "creator"), roster.row.tolist()) == (["Eli"], [2])


def test_links_tell_people_apart():
    text = "name,url,followers,fee\nEli,https://example.org/a/eli1,5,1\nEli,https://example.org/a/eli2,6,2\n"
    assert len(set(names(text))) == 2


def test_rows_without_a_name_or_an_identifier_stay():
    text = "influencer_id,name,followers,fee\n101,Eli,5,1\n102,Eli,6,2\n,Eli,7,3\n"
    assert names(text) == ["Eli (101)", "Eli (102)", "Eli"]


def test_it_is_told_once_with_its_rows():
    roster = read("influencer_id,name,followers,fee\n1,Eli,5,1\n2,Eli,6,2\n3,Mia,6,2\n4,Mia,7,2\n5,Jo,1,1\n")
    assert roster.notes == ("2 names are shared by several people: influencer_id tells them apart, as in Eli (1)",)
    (remark,) = [remark for remark in roster.remarks if remark.code == "namesake"]
    assert remark.rows.tolist() == [2, 3, 4, 5]


def test_offers_by_price_columns_stay_with_their_creator():
    text = "influencer_id,name,followers,Story Price,Reel Price\n101,Eli,5,1,2\n102,Eli,6,3,4\n"
    assert names(text) == ["Eli (101)", "Eli (101)", "Eli (102)", "Eli (102)"]


def asked(text):
    return [note for note in read(text).notes if "give each a handle" in note]


def test_one_name_with_different_niches_is_asked_about():
    rows = "Lisa Meyer,Instagram,25000,Beauty,300\nLisa Meyer,TikTok,140000,Travel,900\n"
    text = f"name,platform,followers,niche,fee\n{rows}"
    note = (
        "Lisa Meyer is the name in 2 rows with different niches (rows 2, 3): if they are two people, give each a handle"
    )
    assert asked(text) == [note]
    roster = read(text)
    assert roster.creators == 1
    assert [(remark.code, remark.rows.tolist()) for remark in roster.remarks if remark.code == "same-name"] == [
        ("same-name", [2, 3])
    ]


def test_several_such_names_are_told_in_one_note():
    text = (
        "name,platform,followers,region,fee\nAnn Lee,instagram,5,DE,1\nAnn Lee,tiktok,6,FR,2\n"
        "Bo Day,instagram,7,DE,3\nBo Day,tiktok,8,ES,3\nCy Fox,tiktok,7,ES,3\n"
    )
    note = "2 names are shared by rows with different regions, such as Ann Lee (rows 2, 3)"
    assert asked(text) == [f"{note}: if these are different people, give each a handle"]


@pytest.mark.parametrize(
    "rows",
    [
        "@lisa meyer,instagram,5,Beauty,1\n@lisa meyer,tiktok,6,Travel,2",
        "lisameyer,instagram,5,Beauty,1\nlisameyer,tiktok,6,Travel,2",
        "Lisa Meyer,instagram,5,Beauty,1\nLisa Meyer,tiktok,6,beauty,2",
        "Lisa Meyer,instagram,5,Beauty,1\nLisa Meyer,tiktok,6,,2",
        "Lisa Meyer,instagram,5,Beauty / Travel,1\nLisa Meyer,tiktok,6,Travel,2",
        "Lisa Meyer,instagram,5,Beauty,1\nTom Ford,tiktok,6,Travel,2",
    ],
)
def test_handles_and_rows_that_share_a_niche_are_not_asked_about(rows):
    assert asked(f"name,platform,followers,niche,fee\n{rows}\n") == []


def test_a_name_whose_identifier_says_that_it_is_one_person_is_not_asked_about():
    rows = "101,Lisa Meyer,instagram,5,Beauty,1\n101,Lisa Meyer,tiktok,6,Travel,2\n"
    assert asked(f"influencer_id,name,platform,followers,niche,fee\n{rows}") == []

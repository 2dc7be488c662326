"""Why a creator is in no plan: the reason that the list or the campaign gives, and no other."""

from datetime import date
from fractions import Fraction

import pytest

from microopt.campaign.calendar import Calendar, Wave
from microopt.errors import CampaignError
from microopt.planning.build_problem import build_problem
from microopt.planning.purchase_causes import exclusion_reasons
from tests.planning.builders import build_campaign
from tests.readers.builders import read

LIST = "creator,followers,fee\n@anna,5000,300\n@ben,5000,TBC\n@Cleo,lots,100\n@cleo,6000,wrong\n"


def reasons(text, name, **campaign):
    return list(exclusion_reasons(read(text, skip_bad_rows=True), build_campaign(**campaign), name))


def test_a_creator_whose_rows_were_left_out_is_told_which_and_why():
    assert reasons(LIST, "@ben") == ["row 3 was left out (fee: 'TBC' is not a fee yet)"]
    first, second = reasons(LIST, "@CLEO")
    assert first.startswith("row 4 was left out (followers: 'lots' is not a number")
    assert second.startswith("row 5 was left out (fee: 'wrong' is not money")


def test_a_creator_whose_problems_are_not_held_is_not_said_to_break_a_setting(monkeypatch):
    monkeypatch.setattr("microopt.readers.fault_log.MAX_ROW_FAULTS", 1)
    text = "creator,followers,fee\n@anna,5000,300\n@ben,lots,300\n@cleo,lots,300\n"
    assert reasons(text, "@cleo") == ["none of their rows can be used"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("@anna", []),
        (
            "@ben",
            [
                "a post takes 14 days to make (lead_days), longer than their days in the waves leave "
                "(set lead_days = 1 under [calendar])"
            ],
        ),
        ("@cleo", ["their days are outside all waves (correct available_from and available_to)"]),
    ],
)
def test_a_creator_who_is_in_no_wave_is_told_why(name, said):
    wave = Wave(name="2027-03", starts=date(2027, 3, 1), ends=date(2027, 3, 31))
    text = "creator,followers,fee,available_from\n@anna,5000,300,\n@ben,5000,300,2027-03-30\n@cleo,5000,300,2027-05\n"
    calendar = Calendar(waves=(wave,))
    listed = read(text, calendar=calendar)
    assert list(exclusion_reasons(listed, build_campaign(calendar=calendar), name)) == said


def test_a_creator_with_an_offer_is_not_said_to_be_left_out():
    with_another_row = LIST + "@ben,5000,200\n"
    assert reasons(with_another_row, "@ben") == []
    problem, _ = build_problem(read(with_another_row, skip_bad_rows=True), build_campaign(include=("@ben",)))
    assert list(problem.roster.texts["creator"]) == ["@anna", "@ben"]


def test_an_included_creator_whose_rows_were_left_out_is_refused_with_the_rows():
    with pytest.raises(CampaignError) as caught:
        build_problem(read(LIST, skip_bad_rows=True), build_campaign(include=("@ben",)))
    assert caught.value.code == "include-left-out"
    assert str(caught.value) == (
        "include: @ben has no offer on the list: row 3 was left out (fee: 'TBC' is not a fee yet)"
    )
    assert caught.value.fix == "correct the list, or drop --include @ben"


def test_sponsored_posts_and_minors_are_told_apart():
    text = "creator,followers,fee,sponsored_share,features_minor\n@anna,5000,300,60%,no\n@ben,5000,300,10%,yes\n"
    allowed = {"max_sponsored_share": Fraction(2, 5)}
    assert reasons(text, "@anna", **allowed) == ["more of their posts are sponsored than you allow"]
    assert reasons(text, "@ben", **allowed) == ["they feature minors"]

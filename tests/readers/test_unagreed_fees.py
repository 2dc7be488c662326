"""Fees that a list leaves out are missing only where a campaign did not agree on them."""

from fractions import Fraction

import pytest

from microopt.campaign.agreed_fees import AgreedFee
from microopt.campaign.campaign import TIER_PRESETS, Campaign
from microopt.errors import RosterError
from microopt.readers.options import roster_options
from microopt.readers.roster import read_roster
from microopt.roster.roster import NO_FEE

HEAD = "creator,platform,offer,niche,followers,fee\n"
LIST = HEAD + "@anna,tiktok,video,beauty,20000,\n@ben,tiktok,video,food,5000,TBC\n@cleo,tiktok,video,food,900000,500\n"


def read(tmp_path, text, fees, *, skip_bad_rows=False, **facts):
    path = tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    campaign = Campaign(budget=100_000, fees={name: AgreedFee(amount=9_000) for name in fees}, **facts)
    return read_roster(str(path), roster_options(campaign, skip_bad_rows=skip_bad_rows, sheet=None, max_unpacked=10**9))


def missing(tmp_path, text, *fees, **facts):
    """Return the rows whose fee is missing, and in what words."""
    with pytest.raises(RosterError) as error:
        read(tmp_path, text, fees, **facts)
    return [(fault.row, fault.code, fault.message) for fault in error.value.faults]


def test_an_agreed_amount_fills_the_gap_of_a_list(tmp_path):
    assert read(tmp_path, LIST, ["ANNA", "@ben"]).fee.tolist() == [NO_FEE, NO_FEE, 50_000]
    assert len(read(tmp_path, LIST, ["niche:beauty", "niche:food & tier:nano"])) == 3


def test_a_fee_that_nobody_agreed_is_missing_as_ever(tmp_path):
    every = [(2, "fee-missing", "the fee is missing"), (3, "fee-missing", "'TBC' is not a fee yet")]
    assert missing(tmp_path, LIST) == every
    assert missing(tmp_path, LIST, "@cleo") == every
    assert missing(tmp_path, LIST, "@anna") == every[1:]
    assert missing(tmp_path, LIST, "tier:micro") == every[1:]
    assert len(read(tmp_path, LIST, ["tier:micro"], tiers=TIER_PRESETS["wide-micro"])) == 3


def test_a_discount_is_no_amount(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(LIST, encoding="utf-8")
    campaign = Campaign(budget=100_000, fees={"@anna": AgreedFee(off=Fraction(1, 10))})
    with pytest.raises(RosterError):
        read_roster(str(path), roster_options(campaign, skip_bad_rows=False, sheet=None, max_unpacked=10**9))


def test_rows_without_any_fee_are_left_out_on_request(tmp_path):
    roster = read(tmp_path, LIST, ["@anna"], skip_bad_rows=True)
    assert [roster.texts["creator"][row] for row in range(len(roster))] == ["@anna", "@cleo"]
    assert [each.creator for each in roster.left_out] == ["@ben"]


def test_a_list_needs_no_column_of_fees_where_all_are_agreed(tmp_path):
    text = "creator,platform,niche,followers\n@anna,tiktok,beauty,20000\n@ben,tiktok,food,5000\n"
    assert read(tmp_path, text, ["niche:beauty,food"]).fee.tolist() == [NO_FEE, NO_FEE]
    assert [code for _, code, _ in missing(tmp_path, text, "@anna")] == ["column-missing"]


def test_prices_of_several_formats_are_missing_where_nothing_is_agreed(tmp_path):
    text = "creator,platform,followers,Reel Price,Story Price\n@anna,instagram,20000,,\n@ben,instagram,5000,300,\n"
    assert missing(tmp_path, text, "@ben") == [(2, "fee-missing", "no price is given")]
    assert len(read(tmp_path, text, ["@anna"])) == 2


def test_other_faults_of_a_row_stay(tmp_path):
    text = HEAD + "@anna,tiktok,video,beauty,many,\n@ben,tiktok,video,food,5000,free of charge maybe\n"
    assert {code for _, code, _ in missing(tmp_path, text, "@anna", "@ben")} == {"number-unreadable"}


def test_gifted_posts_need_no_fee(tmp_path):
    text = HEAD.replace("fee", "fee,pay") + "@anna,tiktok,video,beauty,20000,,gifted\n@ben,tiktok,video,food,5000,,\n"
    assert read(tmp_path, text, ["@ben"]).fee.tolist() == [0, NO_FEE]


def test_where_selectors_need_what_the_list_does_not_have_the_campaign_is_judged_later(tmp_path):
    assert len(read(tmp_path, LIST, ["wave:2027-03"])) == 3
    assert len(read(tmp_path, LIST, ["colour:red"])) == 3

"""A rule means a word in whichever way the roster writes it."""

import pytest

from microopt.benchmarks.table import PLATFORMS, default_benchmarks
from microopt.campaign.campaign import Campaign
from microopt.campaign.rule_grammar import parse_selector
from microopt.forecast.deliverables import resolve_deliverables
from microopt.quantities.platforms import PLATFORM_SPELLINGS
from microopt.readers.roster import read_roster
from microopt.roster.selection import brand_safe_offers, matching_offers, unknown_values
from microopt.roster.value_words import tier_name


def read(tmp_path, column, cells):
    lines = [f"@c{number},5000,{100 + number},{cell}" for number, cell in enumerate(cells)]
    path = tmp_path / "roster.csv"
    path.write_text(f"creator,followers,fee,{column}\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return read_roster(str(path))


def selected(roster, text):
    selector = parse_selector(text)
    assert {value for _, value, _ in unknown_values(roster, selector)} <= {"stories"}
    return matching_offers(roster, selector).tolist()


@pytest.mark.parametrize(
    ("column", "cells", "selector", "expected"),
    [
        ("platform", ["Tik Tok", "TT", "tiktok", "IG"], "platform:tiktok", [1, 1, 1, 0]),
        ("platform", ["TikTok", "Instagram"], "platform:TT", [1, 0]),
        ("platform", ["X", "Twitter", "FB"], "platform:twitter", [1, 1, 0]),
        ("platform", ["小红书", "RED", "Douyin"], "platform:xiaohongshu", [1, 1, 0]),
        ("platform", ['"IG, TikTok"', "YouTube"], "platform:tiktok", [1, 0]),
        ("platform", ["Podcast", "IG"], "platform:podcast", [1, 0]),
        ("tier", ["Micro-influencer", "micro influencers", "Micro (10k-100k)", "Mid-tier"], "tier:micro", [1, 1, 1, 0]),
        ("wave", ["2027-03", "2027-04", "Launch"], "wave:2027-3,launch", [1, 0, 1]),
        ("tier", ["mid", "Mega"], '"tier":Mid-tier', [1, 0]),
        ("offer", ["Reels", "IG reel", "Reel Apr", "2x Story", "Reel + Story"], "offer:reel", [1, 1, 1, 0, 0]),
        ("offer", ["feed post", "photo", "video"], "offer:post", [1, 1, 0]),
        ("offer", ["feed post", "photo", "video"], '"offer":"feed post"', [1, 0, 0]),
        ("offer", ["photo", "Reel"], "offer:stories,reels", [0, 1]),
        ("pay", ["barter", "gift", "flat fee"], "pay:gifted", [1, 1, 0]),
        ("pay", ["barter", "gift", "flat fee"], "pay:barter", [1, 0, 0]),
        ("status", ["contracted", "signed", "declined"], "status:signed", [1, 1, 0]),
        ("status", ["contracted", "signed", "declined"], "status:contracted", [1, 0, 0]),
        ("features_minor", ["Y", "no", "TRUE"], "features_minor:yes", [1, 0, 1]),
        ("verified", ["TRUE", "FALSE", "TRUE"], "verified:yes", [1, 0, 1]),
        ("language", ["ja", "si", "no"], "language:ja", [1, 0, 0]),
    ],
)
def test_a_selector_takes_every_spelling_of_its_word(tmp_path, column, cells, selector, expected):
    assert selected(read(tmp_path, column, cells), selector) == [bool(hit) for hit in expected]


def test_a_word_that_only_stands_for_itself_is_not_known_by_another(tmp_path):
    roster = read(tmp_path, "platform", ["IG", "TT"])
    assert [value for _, value, _ in unknown_values(roster, parse_selector("platform:YT,insta"))] == ["YT"]


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_platform_that_the_forecast_knows_is_one_that_a_rule_binds(tmp_path, name):
    spellings = [spelling.strip() for spelling in (name, *PLATFORM_SPELLINGS[name].split(","))]
    roster = read(tmp_path, "platform", spellings)
    assert set(resolve_deliverables(roster, default_benchmarks()).platform) == {PLATFORMS.index(name)}
    assert matching_offers(roster, parse_selector(f"platform:{name}")).all()


@pytest.mark.parametrize(
    ("word", "name"), [("Nano influencer", "nano"), ("MICRO_INFLUENCERS", "micro"), ("celebrity", None)]
)
def test_a_tier_is_meant_by_its_word(word, name):
    assert tier_name(word) == name


def test_the_cell_as_written_stays_in_the_remarks(tmp_path):
    roster = read(tmp_path, "platform", ["Tik Tok", "Instagram", "tiktok"])
    assert [roster.text("platform", row) for row in range(3)] == ["tiktok", "instagram", "tiktok"]
    assert [(remark.rows.tolist(), remark.text) for remark in roster.remarks] == [
        ([2], "platform 'Tik Tok' is read as tiktok")
    ]


def test_a_format_beside_the_platform_is_the_offer(tmp_path):
    roster = read(tmp_path, "platform", ["Instagram Reels", "YouTube Shorts", "YouTube"])
    assert [roster.text("offer", row) for row in range(3)] == ["reels", "shorts", ""]
    assert [roster.text("platform", row) for row in range(3)] == ["instagram", "youtube", "youtube"]


def test_tiers_are_read_by_their_names(tmp_path):
    roster = read(tmp_path, "tier", ["Micro", "micro influencers", "Mid-tier", "Celebrity", ""])
    assert [roster.text("tier", row) for row in range(5)] == ["micro", "micro", "mid", "Celebrity", ""]
    assert [(remark.code, remark.text) for remark in roster.remarks] == [
        ("tier-spelling", "tier 'micro influencers' is read as micro"),
        ("tier-spelling", "tier 'Mid-tier' is read as mid"),
    ]


def test_tiers_in_their_own_case_stay_as_written(tmp_path):
    roster = read(tmp_path, "tier", ["Micro", "Mega"])
    assert [roster.text("tier", row) for row in range(2)] == ["Micro", "Mega"]


def test_an_offer_that_names_a_platform_is_on_it(tmp_path):
    roster = read(tmp_path, "offer", ["TikTok video", "IG Reel", "Story", "YT Short"])
    assert [roster.text("platform", row) for row in range(4)] == ["tiktok", "instagram", "", "youtube"]
    assert "the platform of 3 offers is taken from their names" in roster.notes


def test_a_stated_platform_outranks_the_name_of_the_offer(tmp_path):
    roster = read(tmp_path, "platform,offer", ["YouTube,TikTok video", ",TikTok video", "IG,Reel"])
    assert [roster.text("platform", row) for row in range(3)] == ["youtube", "tiktok", "instagram"]
    assert "the platform of 1 offer is taken from its name" in roster.notes


@pytest.mark.parametrize(
    ("yes", "no"), [("ja", "nein"), ("Oui", "Non"), ("да", "нет"), ("是", "否"), ("はい", "いいえ"), ("✓", "0")]
)
def test_yes_and_no_may_be_said_in_other_languages(tmp_path, yes, no):
    roster = read(tmp_path, "features_minor", [yes, no, ""])
    assert selected(roster, "features_minor:yes") == [True, False, False]
    assert brand_safe_offers(roster, Campaign(budget=1)).tolist() == [False, True, True]


def test_prices_by_format_outrank_a_format_beside_the_platform(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(
        "creator,platform,followers,Reel price,Story price\n@a,Instagram Reels,5000,9,5\n", encoding="utf-8"
    )
    roster = read_roster(str(path))
    assert [roster.text("offer", row) for row in range(2)] == ["reel", "story"]

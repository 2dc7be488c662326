"""Every spelling of a platform is the same platform."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.benchmarks.table import PLATFORMS
from microopt.quantities.platforms import (
    PLATFORM_SPELLINGS,
    find_in_words,
    find_named_platform,
    parse_platform,
    parse_platforms,
    platform_key,
    platform_name,
)

SPELLED = [
    (spelling.strip(), name)
    for name, spellings in PLATFORM_SPELLINGS.items()
    for spelling in (name, *spellings.split(","))
]


@pytest.mark.parametrize(("spelling", "name"), SPELLED)
def test_every_listed_spelling_is_its_platform(spelling, name):
    assert platform_name(spelling) == name
    assert platform_name(f" {spelling.upper()} ") == name


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("Tik Tok", "tiktok"),
        ("TT", "tiktok"),
        ("tik-tok", "tiktok"),
        ("IG", "instagram"),
        ("Insta", "instagram"),
        ("Twitter", "x"),
        ("X (Twitter)", "x"),
        ("FB", "facebook"),
        ("Snap", "snapchat"),
        ("LinkedIn", "linkedin"),
        ("RED", "xiaohongshu"),
        ("小红书", "xiaohongshu"),
        ("Douyin", "douyin"),
        ("YouTube channel", "youtube"),
        ("YouTube Long-form", "youtube"),
        ("Podcast", None),
        ("Meta", None),
        ("", None),
    ],
)
def test_a_cell_names_a_platform_in_any_spelling(cell, name):
    assert platform_name(cell) == name


def test_a_platform_with_benchmarks_is_one_of_the_list():
    assert PLATFORM_SPELLINGS.keys() >= set(PLATFORMS)


def test_no_spelling_is_that_of_two_platforms():
    assert len({platform_key(spelling) for spelling, _ in SPELLED}) == len(PLATFORM_SPELLINGS)


@pytest.mark.parametrize(
    ("cell", "platform", "rest"),
    [
        ("Instagram Reels", "instagram", ("reels",)),
        ("YT Shorts", "youtube", ("shorts",)),
        ("Story IG", "instagram", ("story",)),
    ],
)
def test_a_format_beside_the_platform_is_kept(cell, platform, rest):
    parsed = parse_platform(cell)
    assert (parsed.platform, parsed.rest) == (platform, rest)


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Instagram, TikTok", ["instagram", "tiktok"]),
        ("IG/TT", ["instagram", "tiktok"]),
        ("YT and Twitch", ["youtube", "twitch"]),
        ("Twitter/X", ["x"]),
        ("Reels", ["instagram"]),
        ("Reels + Shorts", ["instagram", "youtube"]),
        ("Instagram, blog", []),
    ],
)
def test_a_cell_may_name_several_platforms(cell, names):
    assert [found.platform for found in parse_platforms(cell)] == names


@pytest.mark.parametrize(
    ("header", "platform", "rest"),
    [
        ("Instagram Followers", "instagram", ("followers",)),
        ("igFollowers", "instagram", ("followers",)),
        ("IGFollowers", "instagram", ("followers",)),
        ("tik_tok_followers", "tiktok", ("followers",)),
        ("YouTube Subscribers", "youtube", ("subscribers",)),
        ("Seguidores Instagram", "instagram", ("seguidores",)),
        ("LinkedIn", "linkedin", ()),
    ],
)
def test_a_header_names_a_platform_among_other_words(header, platform, rest):
    found = find_in_words(header)
    assert (found.platform, found.rest) == (platform, rest)


@pytest.mark.parametrize("header", ["num_followers", "followers", "Instagram and TikTok followers", ""])
def test_a_header_without_a_platform_or_with_two_names_none(header):
    assert find_in_words(header) is None


@given(st.text(max_size=12))
def test_the_key_of_a_key_is_the_key(text):
    assert platform_key(platform_key(text)) == platform_key(text)


@pytest.mark.parametrize(
    ("offer", "name"),
    [
        ("TikTok video", "tiktok"),
        ("IG Reel", "instagram"),
        ("2x Instagram Story", "instagram"),
        ("YT integration", "youtube"),
        ("Twitter post", "x"),
        ("小红书图文", "xiaohongshu"),
        ("2 x reel", None),
        ("Reel x 3", None),
        ("red carpet post", None),
        ("threads of yarn", None),
        ("Reel + Story", None),
        ("", None),
    ],
)
def test_the_name_of_an_offer_may_hold_a_platform(offer, name):
    assert find_named_platform(offer) == name

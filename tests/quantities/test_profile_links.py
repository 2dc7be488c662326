"""A link to a profile is its owner's handle and a platform; a link to a post is neither."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.quantities.keys import match_key, match_keys
from microopt.quantities.platforms import PLATFORM_SPELLINGS
from microopt.quantities.profile_links import _SITES, find_link_platform, parse_profile_link


@pytest.mark.parametrize(
    ("link", "handle", "platform"),
    [
        ("tiktok.com/@x", "x", "tiktok"),
        ("https://www.tiktok.com/@x?lang=en&_t=8k", "x", "tiktok"),
        ("https://www.instagram.com/x/?hl=de", "x", "instagram"),
        ("http://instagram.com/x#top", "x", "instagram"),
        ("HTTPS://WWW.INSTAGRAM.COM/Anna.Lind/", "Anna.Lind", "instagram"),
        ("instagram.com/x/reels/", "x", "instagram"),
        ("m.youtube.com/@x", "x", "youtube"),
        ("youtube.com/c/x", "x", "youtube"),
        ("youtube.com/user/x/videos", "x", "youtube"),
        ("youtube.com/x", "x", "youtube"),
        ("x.com/x", "x", "x"),
        ("https://mobile.twitter.com/x?s=20", "x", "x"),
        ("facebook.com/x", "x", "facebook"),
        ("https://de-de.facebook.com/x/", "x", "facebook"),
        ("https://www.facebook.com/pages/Bakery/123456", "Bakery", "facebook"),
        ("twitch.tv/x", "x", "twitch"),
        ("https://www.pinterest.co.uk/x/", "x", "pinterest"),
        ("pinterest.de/x", "x", "pinterest"),
        ("snapchat.com/add/x", "x", "snapchat"),
        ("ca.linkedin.com/in/x/", "x", "linkedin"),
        ("threads.net/@x", "x", "threads"),
        ("t.me/x", "x", "telegram"),
        ("vk.com/x", "x", "vk"),
    ],
)
def test_a_link_to_a_profile_gives_its_handle_and_platform(link, handle, platform):
    profile = parse_profile_link(link)
    assert (profile.handle, profile.platform, profile.is_id) == (handle, platform, False)
    assert find_link_platform(link) == platform
    assert match_key(link) == match_key(f"@{handle}")


@pytest.mark.parametrize(
    ("link", "handle", "platform"),
    [
        ("https://www.youtube.com/channel/UCx9", "UCx9", "youtube"),
        ("facebook.com/profile.php?id=1000", "1000", "facebook"),
        ("https://www.xiaohongshu.com/user/profile/5ff0?xsec=1", "5ff0", "xiaohongshu"),
        ("weibo.com/u/123", "123", "weibo"),
        ("douyin.com/user/MS4wLj", "MS4wLj", "douyin"),
        ("space.bilibili.com/44", "44", "bilibili"),
        ("vk.com/id12", "id12", "vk"),
    ],
)
def test_a_link_may_give_an_id_only(link, handle, platform):
    profile = parse_profile_link(link)
    assert (profile.handle, profile.platform, profile.is_id) == (handle, platform, True)


@pytest.mark.parametrize(
    "link",
    [
        "https://www.instagram.com/p/abc/",
        "https://www.instagram.com/reel/abc/",
        "https://www.instagram.com/x/reel/abc/",
        "https://www.tiktok.com/@x/video/12",
        "https://www.youtube.com/watch?v=abc",
        "youtube.com/shorts/abc",
        "x.com/x/status/1",
        "https://www.instagram.com/",
        "instagram.com",
        "instagram.com.evil.example/x",
        "notinstagram.com/x",
        "fox.com/x",
        "instagram.com/a%2Fb",
        "Actors/actresses",
        "n/a",
        "",
        "https://[/x",
    ],
)
def test_any_other_text_is_no_profile(link):
    assert parse_profile_link(link) is None
    assert match_key(link) == link.strip().casefold()


def test_every_site_is_of_a_platform_in_the_list():
    assert {site.platform for site in _SITES} <= PLATFORM_SPELLINGS.keys()


NAMES = st.one_of(
    st.text(max_size=8),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["instagram.com/", "https://tiktok.com/@", "YOUTUBE.com/channel/", "x.com/"]),
        st.text("aB@/. ", max_size=5),
        st.sampled_from(["", "/", "?a=1"]),
    ),
)


@given(st.lists(NAMES, max_size=6))
def test_many_names_have_the_keys_of_each(names):
    assert match_keys(names) == [match_key(name) for name in names]


@given(st.text("abcdefghijklmnopqrstuvwxyz_.0123456789", min_size=1, max_size=12))
def test_a_handle_and_all_its_links_have_one_key(handle):
    links = [
        f"https://www.tiktok.com/@{handle}",
        f"threads.net/@{handle}?igshid=1",
        f"m.youtube.com/@{handle}/",
        f"@{handle}",
    ]
    assert {match_key(link) for link in links} == {handle}

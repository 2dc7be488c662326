"""Links to profiles: the handle and the platform that `https://www.instagram.com/anna/?hl=de` stands for."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import parse_qs, unquote

from msgspec import Struct


class Profile(Struct, frozen=True):
    """The owner of a profile link.

    Attributes
    ----------
    handle
        As the link has it, without `@`.
    platform
        Its name in `microopt.quantities.platforms`.
    is_id
        Whether the handle is a number or a code, and not a name that people use.
    """

    handle: str
    platform: str
    is_id: bool = False


class _Site(Struct, frozen=True, kw_only=True):
    """How the links of a platform are built.

    Attributes
    ----------
    hosts
        Registered names, without their endings where they have many.
    lead
        What may stand before a handle, such as `/in/`.
    ids
        What stands before an id, such as `/channel/`.
    needs_lead
        Whether every link to a profile has `lead` or one of `ids`; `@` before the handle counts as a lead.
    reserved
        First parts of other pages.
    """

    platform: str
    hosts: tuple[str, ...]
    lead: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    needs_lead: bool = False
    reserved: str = ""


_SITES = (
    _Site(
        platform="instagram", hosts=("instagram.com", "instagr.am"), lead=("_u",), reserved="p reel reels tv stories"
    ),
    _Site(platform="tiktok", hosts=("tiktok.com",), needs_lead=True),
    _Site(
        platform="youtube",
        hosts=("youtube.com",),
        lead=("c", "user"),
        ids=("channel",),
        reserved="watch shorts playlist results embed live hashtag feed clip v attribution_link",
    ),
    _Site(platform="x", hosts=("x.com", "twitter.com"), reserved="i intent hashtag search home share"),
    _Site(
        platform="facebook",
        hosts=("facebook.com", "fb.com"),
        lead=("pg", "pages", "people"),
        reserved="groups watch events marketplace photo photos share reel story permalink hashtag sharer login",
    ),
    _Site(platform="twitch", hosts=("twitch.tv",), reserved="videos directory clip"),
    _Site(platform="pinterest", hosts=("pinterest",), reserved="pin ideas search topics"),
    _Site(platform="snapchat", hosts=("snapchat.com",), lead=("add", "u"), needs_lead=True),
    _Site(platform="linkedin", hosts=("linkedin.com",), lead=("in", "company", "pub", "school"), needs_lead=True),
    _Site(platform="threads", hosts=("threads.net", "threads.com"), needs_lead=True),
    _Site(platform="telegram", hosts=("t.me", "telegram.me"), lead=("s",), reserved="joinchat addstickers share c"),
    _Site(platform="vk", hosts=("vk.com", "vk.ru"), reserved="wall video photo feed"),
    _Site(platform="xiaohongshu", hosts=("xiaohongshu.com",), ids=("user/profile",), needs_lead=True),
    _Site(platform="weibo", hosts=("weibo.com", "weibo.cn"), lead=("n",), ids=("u", "p"), reserved="tv detail status"),
    _Site(platform="douyin", hosts=("douyin.com",), ids=("user",), needs_lead=True),
    _Site(platform="bilibili", hosts=("space.bilibili.com",), reserved="video"),
    _Site(platform="kuaishou", hosts=("kuaishou.com",), ids=("profile",), needs_lead=True),
    _Site(platform="kick", hosts=("kick.com",), reserved="video categories"),
    _Site(platform="reddit", hosts=("reddit.com",), lead=("user", "u"), needs_lead=True),
    _Site(platform="bluesky", hosts=("bsky.app",), lead=("profile",), needs_lead=True),
)
_SITE_BY_HOST = {host: site for site in _SITES for host in site.hosts}
_COMMON = frozenset({"explore", "about", "accounts", "tag", "tags", "discover", "search", "hashtag", "login", "signup"})
# Parts of a profile; anything else that follows a handle is a post.
_TABS = frozenset(
    {"about", "channel", "clips", "community", "featured", "followers", "following", "home", "likes", "media", "photos"}
    | {"playlists", "posts", "reels", "schedule", "shorts", "streams", "tagged", "videos", "with_replies", "_created"}
    | {"_saved", "detail", "recent-activity", "mycompany", "live", "reviews", "mentions", "highlights", "guides"}
)
# Of the platforms on which a handle is enough: the address in front of it.
_ADDRESSES = {
    "instagram": "www.instagram.com/",
    "tiktok": "www.tiktok.com/@",
    "youtube": "www.youtube.com/@",
    "x": "x.com/",
    "threads": "www.threads.net/@",
    "twitch": "www.twitch.tv/",
    "snapchat": "www.snapchat.com/add/",
    "pinterest": "www.pinterest.com/",
}
_SAFE_HANDLE = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HANDLE = re.compile(r"[^\s/@?#&=]+")
_NUMBER = re.compile(r"(?:id)?\d+")


@cache
def _link() -> re.Pattern[str]:
    """Return the pattern of a link up to the end of its host."""
    hosts = "|".join(sorted(map(re.escape, _SITE_BY_HOST)))
    host = rf"(?:[a-z0-9-]+\.)*?(?P<host>{hosts})(?P<ending>(?:\.[a-z]{{2,3}}){{0,2}})"
    return re.compile(rf"[<(\[]?\s*(?:https?:)?(?://)?{host}/", re.IGNORECASE)


def build_profile_link(platform: str, creator: str) -> str:
    """Return the address of the profile of a handle such as `@anna`, or an empty text where none is known for sure."""
    handle, address = creator.strip(), _ADDRESSES.get(platform, "")
    if not address or not handle.startswith("@") or not _SAFE_HANDLE.fullmatch(handle[1:]):
        return ""
    return f"https://{address}{handle[1:]}"


def find_link_platform(text: str) -> str | None:
    """Return the platform whose site a link is on, whichever of its pages it leads to, or None."""
    found = _find_host(text)
    return found[0].platform if found else None


def parse_profile_link(text: str) -> Profile | None:
    """Return the profile that a text links to; None for any other text, and for links to posts or other pages."""
    found = _find_host(text)
    if found is None:
        return None
    site, rest = found
    path, _, query = rest.partition("#")[0].partition("?")
    parts = [part.strip() for part in unquote(path).split("/") if part.strip()]
    if site.platform == "facebook" and parts == ["profile.php"]:
        return _profile(site, parse_qs(query).get("id", []), is_id=True)
    return _find_owner(site, parts)


def _find_host(text: str) -> tuple[_Site, str] | None:
    """Return the site of a link, and what follows its host."""
    match = _link().match(text.strip())
    if match is None:
        return None
    site = _SITE_BY_HOST[match["host"].casefold()]
    has_any_ending = "." not in match["host"]
    if has_any_ending is not bool(match["ending"]):
        return None
    return site, text.strip()[match.end() :].rstrip(">)], \t")


def _find_owner(site: _Site, parts: list[str]) -> Profile | None:
    first = "/".join(parts[:1]).casefold()
    if first.startswith("@"):
        return _profile(site, parts)
    for lead in site.ids:
        if "/".join(parts[: lead.count("/") + 1]).casefold() == lead:
            return _profile(site, parts[lead.count("/") + 1 :], is_id=True)
    if first in site.lead:
        numbered = site.platform == "facebook" and parts[2:] and _NUMBER.fullmatch(parts[2])
        return _profile(site, parts[1:2] if numbered else parts[1:])
    if site.needs_lead or first in site.reserved.split() or first in _COMMON:
        return None
    return _profile(site, parts)


def _profile(site: _Site, parts: list[str], *, is_id: bool = False) -> Profile | None:
    if not parts or not all(part.casefold() in _TABS for part in parts[1:]):
        return None
    handle = parts[0].lstrip("@")
    if not _HANDLE.fullmatch(handle) or handle.casefold() in ("profile.php", "index.php"):
        return None
    return Profile(handle, site.platform, is_id or _NUMBER.fullmatch(handle) is not None)

"""The platforms and every way to write them: the one list for readers, forecast, rules, filters and headers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

from msgspec import Struct

from microopt.quantities.format_words import all_format_words
from microopt.quantities.keys import header_key, match_key

# The name of each platform in microopt, and its other spellings; case, spaces and punctuation are ignored.
PLATFORM_SPELLINGS = {
    "instagram": "ig, insta, instagram.com, инстаграм, инста, インスタグラム, インスタ, 인스타그램, 인스타, انستغرام",
    "tiktok": "tt, tik tok, tiktok.com, тикток, тик ток, ティックトック, 틱톡, تيك توك",
    "youtube": "yt, you tube, youtube.com, ютуб, ютьюб, ユーチューブ, 유튜브, يوتيوب",
    "x": "twitter, x.com, twitter.com, x (twitter), twitter/x, x (formerly twitter), twitter (x), x (ex twitter)",
    "facebook": "fb, facebook.com, facebook page, фейсбук, フェイスブック, 페이스북, فيسبوك",
    "snapchat": "snap, snapchat.com",
    "pinterest": "pinterest.com",
    "twitch": "twitch.tv, twitch tv",
    "linkedin": "linked in, linkedin.com",
    "threads": "threads.net, threads.com",
    "telegram": "tg, t.me, телеграм, телеграмм",
    "vk": "vkontakte, vk.com, вк, вконтакте",
    "xiaohongshu": "red, xhs, redbook, red book, little red book, rednote, xiaohongshu.com, 小红书, 小紅書",
    "douyin": "抖音, douyin.com",
    "weibo": "sina weibo, weibo.com, 微博, 新浪微博",
    "wechat": "weixin, 微信, 公众号, 视频号",
    "kuaishou": "kwai, 快手",
    "bilibili": "b站, bili, bilibili.com, 哔哩哔哩",
    "reddit": "reddit.com",
    "bluesky": "bsky, bsky.app",
    "kick": "kick.com",
}


# What may stand next to a platform's name in a cell besides a format, which is kept as the offer: it changes nothing.
_IDLE = "channel channels page account profile creator influencer the on app platform long form longform main business"
_IDLE_WORDS = frozenset(_IDLE.split())
_WORD = re.compile(r"[^\W\d_]+")
_CAMEL_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BETWEEN = re.compile(r"[,;/|&+\n、，；]|\s(?:and|und|et|y|e|or|oder|ou|o)\s")
_COMMON_WORDS = frozenset({"x", "red", "kick", "threads", "snap"})  # which name a platform only where one is expected
_SHORT = 3  # letters of a spelling that other words may hold by chance
_MOST_WORDS = 3  # in a spelling, such as little red book


class PlatformText(Struct, frozen=True):
    """A text that names a platform: its name, and the other words of the text."""

    platform: str
    rest: tuple[str, ...]


# Formats by which people call a platform in a column of platforms.
_FORMATS_OF_ONE = {
    key: PlatformText(platform, (key,))
    for platform, keys in {"instagram": ("reel", "reels"), "youtube": ("short", "shorts")}.items()
    for key in keys
}


def _key(text: str) -> str:
    return header_key(unicodedata.normalize("NFKC", text))


@cache
def _names() -> dict[str, str]:
    """Return the platform of each spelling's key."""
    spelled = {_key(name): name for name in PLATFORM_SPELLINGS}
    return spelled | {
        _key(spelling): name for name, spellings in PLATFORM_SPELLINGS.items() for spelling in spellings.split(",")
    }


def long_platform_spellings() -> tuple[str, ...]:
    """Return the spellings that are long enough to be told from other words when they are misspelled."""
    spellings = (text.strip() for spelled in PLATFORM_SPELLINGS.values() for text in spelled.split(","))
    return tuple(text for text in (*PLATFORM_SPELLINGS, *spellings) if len(text) > _SHORT and text.isalpha())


@lru_cache(maxsize=4096)
def find_in_words(text: str) -> PlatformText | None:
    """Return the one platform that a header or a phrase names, with its other words; None if it names none or two.

    `Instagram Followers`, `igFollowers` and `TIK TOK_followers` name one. Words are told apart by case too.
    """
    words = [word.casefold() for word in _WORD.findall(_CAMEL_CASE.sub(" ", text))]
    found: list[str] = []
    rest: list[str] = []
    at = 0
    while at < len(words):
        size, name = _longest_name(words[at : at + _MOST_WORDS])
        if name is None:
            rest.append(words[at])
        elif name not in found:
            found.append(name)
        at += size
    return PlatformText(found[0], tuple(rest)) if len(found) == 1 else None


def _longest_name(words: Sequence[str]) -> tuple[int, str | None]:
    for size in range(len(words), 0, -1):
        name = _names().get(_key("".join(words[:size])))
        if name is not None:
            return size, name
    return 1, None


@lru_cache(maxsize=4096)
def parse_platform(text: str) -> PlatformText | None:
    """Return the platform that a cell stands for, and the format that it names too: `YouTube Shorts`, `IG Reel`."""
    name = _names().get(_key(text))
    if name is not None:
        return PlatformText(name, ())
    found = find_in_words(text)
    if found is None or not set(found.rest) <= all_format_words() | _IDLE_WORDS:
        return None
    return PlatformText(found.platform, tuple(word for word in found.rest if word in all_format_words()))


def parse_platforms(text: str) -> tuple[PlatformText, ...]:
    """Return the platforms of a cell that names one or several, `IG + TikTok`; empty if any part is not a platform."""
    single = parse_platform(text) or _FORMATS_OF_ONE.get(_key(text))
    if single is not None:
        return (single,)
    parts = [part for part in _BETWEEN.split(text) if part.strip()]
    parsed = [parse_platform(part.strip()) or _FORMATS_OF_ONE.get(_key(part)) for part in parts]
    known = [part for part in parsed if part is not None]
    return tuple(known) if len(known) == len(parsed) else ()


def find_named_platform(text: str) -> str | None:
    """Return the platform that the name of an offer holds, `TikTok video`, or None; `2 x reel` names none."""
    words = [word.casefold() for word in _WORD.findall(_CAMEL_CASE.sub(" ", text))]
    found = {_longest_name(words[at : at + _MOST_WORDS]) for at in range(len(words))}
    names = {name for _, name in found if name is not None}
    names -= {_names()[word] for word in _COMMON_WORDS & set(words) if not _has_other_spelling(text, _names()[word])}
    if not text.isascii():  # words of some scripts are not divided
        text_key = _key(text)
        names |= {name for key, name in _names().items() if not key.isascii() and key in text_key}
    return names.pop() if len(names) == 1 else None


def _has_other_spelling(text: str, platform: str) -> bool:
    """Whether a text names a platform by more than a common word."""
    keys = [key for key, name in _names().items() if name == platform and key not in _COMMON_WORDS]
    return any(len(key) > _SHORT and key in _key(text) for key in keys)


def platform_name(text: str) -> str | None:
    """Return the name of the platform that a text stands for, or None."""
    found = parse_platform(text)
    return found.platform if found is not None else None


def platform_key(text: str) -> str:
    """Return the key that all spellings of one platform share; of another text its `match_key`."""
    return platform_name(text) or match_key(text)

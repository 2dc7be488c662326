"""The formats of posts and every way to write them: the one list for forecast, rules, headers, fees and platforms."""

from __future__ import annotations

import unicodedata
from functools import cache

# The name of each format, and its other spellings; case and punctuation are ignored, and a plural in s is understood.
# Which format of a platform a name stands for, and its figures, are in benchmarks/defaults.toml.
FORMAT_SPELLINGS = {
    "post": (
        "feed post, feed, beitrag, beiträge, publicación, publicaciones, publicação, publicações, publication, publi, "
        "пост, посты, постов, 投稿, 게시물, 피드"
    ),
    "photo": "image, static, picture, foto, 图文",
    "reel": "réel, рилс, рилз, リール, 릴스",
    "video": "vídeo, vidéo, видео, 视频, 動画, 영상",
    "carousel": "album, carrusel, carrossel, carrousel, karussell, карусель, カルーセル, 轮播",
    "story": "stories, storie, historia, história, hikaye, сторис, сториз, ストーリー, ストーリーズ, 快拍, 스토리",
    "integration": "интеграция",
    "dedicated": "dedicated video",
    "short": "шортс, ショート, 쇼츠",
    "live": "stream",
    "igtv": "",
    "ugc": "",
    "tweet": "",
    "thread": "",
    "pin": "",
    "shoutout": "",
    "mention": "",
    "takeover": "",
    "giveaway": "",
    "bundle": "",
    "package": "",
    "spotlight": "",
    "clip": "",
    "article": "",
    "newsletter": "",
}


@cache
def format_spellings(name: str) -> tuple[str, ...]:
    """Return all spellings of a format, its name first, also without accents; an unknown name has no other."""
    spellings = [name, *(text.strip() for text in FORMAT_SPELLINGS.get(name, "").split(",") if text.strip())]
    return tuple(dict.fromkeys(form for spelling in spellings for form in (spelling, _without_accents(spelling))))


@cache
def words_of_format(name: str) -> frozenset[str]:
    """Return the single words in the spellings of a format, for one or several of it."""
    words = {word for spelling in format_spellings(name) for word in spelling.split()}
    return frozenset(words | {f"{word}s" for word in words if word[-1].isascii()})


@cache
def all_format_words() -> frozenset[str]:
    """Return the single words that name any format, one or several of it."""
    return frozenset().union(*map(words_of_format, FORMAT_SPELLINGS))


def _without_accents(text: str) -> str:
    bases = [(letter, unicodedata.normalize("NFKD", letter)[0]) for letter in text]
    return "".join(base if base.isascii() and base.isalpha() else letter for letter, base in bases)

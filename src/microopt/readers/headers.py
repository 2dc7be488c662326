"""Which header means which of our columns, for the exports met in the wild."""

from __future__ import annotations

import re
from enum import Enum

from microopt.roster import header_key


class Kind(Enum):
    """What a column's cells are read as."""

    TEXT = "text"
    COUNT = "a number"
    RATE = "a rate"  # a proportion that may be written as percent
    SHARE = "a share from 0 to 1"
    MONEY = "money"


KINDS = {
    Kind.TEXT: (
        "creator offer platform niche region city tier language style audience_country audience_age audience_gender "
        "url email status pay conflicts features_minor"
    ),
    Kind.COUNT: (
        "followers deliverables views reach posts engagements likes comments shares clicks conversions brands "
        "authentic_engagements sponsored_ratio sentiment"
    ),
    Kind.RATE: (
        "engagement_rate engagement_rate_views engagement_rate_reach ctr cvr action_rate sponsored_share commission "
        "discount usage whitelisting exclusivity"
    ),
    Kind.SHARE: "authentic credibility fit acceptance market_share",
    Kind.MONEY: "fee product shipping order_value",
}
KIND_OF = {name: kind for kind, names in KINDS.items() for name in names.split()}

# Header spellings beside the column's own name, the better ones first: where a file has several, the first wins.
_ALIASES = {
    "creator": "handle, username, account, channel info, instagram handle, instagram name, profile name, creator name, "
    "influencer, influencer name, full name, fullname, name, instagram, tiktok, youtube, influencer id, "
    "user id, id, uid",
    "offer": "deliverable, format, package, content type, placement",
    "platform": "network, channel, social network, social media",
    "niche": "primary niche, category, categories, category 1, vertical, topic",
    "region": "country, market, location",
    "followers": "follower count, followers count, subscribers, subscribers count, subscriber count, fans",
    "fee": "price, cost, cost per post, rate usd, fee usd, quote, quoted fee, price per post, fee per post",
    "engagement_rate": "er, eng rate, engagement %, engagement rate %, avg engagement rate, 60 day eng rate, "
    "60d eng rate",
    "engagement_rate_views": "engagement rate by views, er views, erv",
    "engagement_rate_reach": "engagement rate by reach, er reach, err",
    "engagements": "engagement avg, avg engagement, avg engagements, average engagement, average engagements",
    "authentic_engagements": "authentic engagement",
    "likes": "avg likes, likes avg, average likes",
    "comments": "avg comments, comments avg, average comments",
    "shares": "avg shares, shares avg, average shares",
    "views": "avg views, views avg, average views, avg reels plays, impressions",
    "posts": "posts count, post count",
    "deliverables": "number of posts, posts in package",
    "credibility": "audience credibility, audience.credibility",
    "sponsored_ratio": "paid post performance",
    "style": "content style",
    "audience_country": "audience country mostly",
    "audience_age": "age bracket, age group",
    "audience_gender": "gender",
    "url": "link, media url, profile url, profile link",
}


def _key(header: str) -> str:
    return header_key(header.replace("%", " pct"))


_RANK = {
    _key(alias): (name, rank)
    for name in KIND_OF
    for rank, alias in enumerate([name, *_ALIASES.get(name, "").split(",")])
    if _key(alias)
}
_PRICE = re.compile(r"price|fee|rate|cost", re.IGNORECASE)


def column_of(header: str) -> tuple[str, int] | None:
    """Return the column a header stands for and the rank of that spelling (0 is best), or None."""
    return _RANK.get(_key(header))


def holds_numbers(header: str) -> bool:
    """Whether the header's column should hold numbers, so that a reader may read it as such."""
    found = column_of(header)
    return found is not None and KIND_OF[found[0]] is not Kind.TEXT


def assign(headers: list[str]) -> dict[str, int]:
    """Return, for each of our columns that the file has, the position of the header that gives it."""
    best: dict[str, tuple[int, int]] = {}
    for position, header in enumerate(headers):
        found = column_of(header)
        if found and (found[0] not in best or found[1] < best[found[0]][0]):
            best[found[0]] = (found[1], position)
    columns = {name: position for name, (_, position) in best.items()}
    if "fee" not in columns:
        priced = [i for i, header in enumerate(headers) if _PRICE.search(header) and i not in columns.values()]
        if len(priced) == 1:
            columns["fee"] = priced[0]
    return columns

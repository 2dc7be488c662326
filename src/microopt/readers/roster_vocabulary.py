"""Which header means which of our columns, for the exports met in the wild."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from microopt.readers.price_headers import price_columns
from microopt.readers.vocabulary import TOLD, Kind, Vocabulary, alias_key, vocabulary

KINDS = {
    Kind.TEXT: (
        "creator offer platform niche region city tier language style audience_country audience_age audience_gender "
        "url email status pay brands conflicts features_minor volume_discount"
    ),
    Kind.COUNT: (
        "followers deliverables views reach posts engagements likes comments shares clicks conversions max_units "
        "authentic_engagements sponsored_ratio sentiment"
    ),
    Kind.RATE: (
        "engagement_rate engagement_rate_views engagement_rate_reach ctr cvr action_rate sponsored_share commission "
        "discount usage whitelisting exclusivity"
    ),
    Kind.SHARE: "authentic credibility fit acceptance market_share",
    Kind.MONEY: "fee product shipping order_value",
}

# Header spellings beside the column's own name, the better ones first: where a file has several, the first wins.
ALIASES = {
    "creator": "handle, username, account, channel info, instagram handle, tiktok handle, youtube handle, "
    "instagram name, profile name, creator name, influencer, influencer name, full name, name, instagram, tiktok, "
    "youtube, pinterest, influencer id, user id, id, uid",
    "offer": "deliverable, format, package, content type, placement",
    "platform": "network, channel, social network, social media",
    "niche": "primary niche, category, categories, category 1, niches, vertical, topic",
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
    "credibility": "audience credibility, credibility score, audience credibility score",
    "sponsored_ratio": "paid post performance",
    "style": "content style",
    "audience_country": "audience country mostly",
    "audience_age": "age bracket, age group",
    "audience_gender": "gender",
    "url": "link, media url, profile url, profile link",
    "city": "town",
    "brands": "brand partners, current brands, concurrent brands, works for",
    "conflicts": "conflict, competitors, conflicts with",
    "max_units": "units available, max posts",
    "volume_discount": "volume discounts, bulk discount",
    "email": "mail, contact email",
    "product": "product cost, product value, product price",
    "shipping": "shipping cost, shipping fee, postage",
}
_MORE_NICHES = re.compile(r"(?:category|niche)[ _]*[2-9]", re.IGNORECASE)


ROSTER = vocabulary(
    KINDS,
    ALIASES,
    example="creator, followers, fee",
    priced=True,
    whole=("followers",),
    needed=("creator", "followers"),
)
KIND_OF = ROSTER.kinds
kind_of, column_of = ROSTER.kind_of, ROSTER.column_of


class Assignment(Struct, frozen=True, kw_only=True):
    """Which header gives which column.

    Attributes
    ----------
    columns
        Position of the header by column; `fee:0`, `fee:1`, ... are the prices of formats (see `price_columns`).
    rivals
        Columns that two headers claim with the same right: (column, position, position).
    more_niches
        Positions of further niche columns.
    unknown
        Entries of `[columns]` whose header the file does not have, or whose column is none of ours.
    """

    columns: Mapping[str, int]
    rivals: tuple[tuple[str, int, int], ...] = ()
    more_niches: tuple[int, ...] = ()
    unknown: tuple[str, ...] = ()


def assign(
    headers: Sequence[str], columns: Mapping[str, str], numeric: Sequence[bool], words: Vocabulary = ROSTER
) -> Assignment:
    """Say which header gives which column.

    A better spelling wins; of two equal ones a column of clean numbers wins over text.

    Parameters
    ----------
    columns
        The user's `[columns]`.
    numeric
        Whether the format reader found clean numbers under each header.
    words
        The columns that the file may have.
    """
    words = words.taught(columns)
    best: dict[str, tuple[int, bool, int]] = {}
    rivals = []
    for position, header in enumerate(headers):
        found = words.column_of(header)
        if not found:
            continue
        column, claim = found[0], (found[1], not numeric[position], position)
        if column in best and claim[:2] == best[column][:2]:
            rivals.append((column, best[column][2], position))
        best[column] = min(claim, best.get(column, claim))
    assigned = {column: claim[2] for column, claim in best.items()}
    rivals = [rival for rival in rivals if rival[1] == assigned[rival[0]] or rival[2] == assigned[rival[0]]]
    keys = {alias_key(header) for header in headers}
    unknown = tuple(
        header for header in columns if alias_key(header) not in keys or (words.column_of(header) or ("", 0))[1] != TOLD
    )
    if not words.priced:
        return Assignment(columns=assigned, rivals=tuple(rivals), unknown=unknown)
    niches = tuple(
        i for i, header in enumerate(headers) if i not in assigned.values() and _MORE_NICHES.fullmatch(header.strip())
    )
    found_columns = _with_prices(headers, assigned, best.get("fee"))
    return Assignment(columns=found_columns, rivals=tuple(rivals), more_niches=niches, unknown=unknown)


def _with_prices(
    headers: Sequence[str], assigned: Mapping[str, int], fee: tuple[int, bool, int] | None
) -> dict[str, int]:
    """Return the columns with those of prices in place of the fee, where prices are of several formats."""
    others = {column: position for column, position in assigned.items() if column != "fee"}
    claimed = None if fee is None else (fee[0], fee[2])
    return others | price_columns(headers, set(others.values()), claimed, offers="offer" in assigned)

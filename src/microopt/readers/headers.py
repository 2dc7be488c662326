"""Which header means which of our columns, for the exports met in the wild."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import Enum

from msgspec import Struct

from microopt.readers.prices import is_price, price_columns
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
KIND_OF = {name: kind for kind, names in KINDS.items() for name in names.split()}

# Header spellings beside the column's own name, the better ones first: where a file has several, the first wins.
_ALIASES = {
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


def alias_key(header: str) -> str:
    """Return what two spellings of one header share; a percent sign is a word."""
    return header_key(header.replace("%", " pct"))


_RANK = {
    alias_key(alias): (name, rank)
    for name in KIND_OF
    for rank, alias in enumerate([name, *_ALIASES.get(name, "").split(",")])
    if alias_key(alias)
}


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


def kind_of(column: str) -> Kind:
    """Return what a column's cells are read as."""
    return KIND_OF[column.partition(":")[0]]


def column_of(header: str, given: Mapping[str, str] | None = None) -> tuple[str, int] | None:
    """Return the column a header stands for and the rank of that spelling (below 0: as told), or None.

    Parameters
    ----------
    given
        The user's own headers, by `header_key`, and their columns.
    """
    key = alias_key(header)
    if given and key in given:
        return given[key], -1
    return _RANK.get(key)


def told(columns: Mapping[str, str]) -> dict[str, str]:
    """Return `[columns]` by the key that headers are matched with; a column that is none of ours is left out."""
    ours = {header_key(name): name for name in KIND_OF}
    named = {alias_key(header): ours.get(header_key(column), "") for header, column in columns.items()}
    return {header: column for header, column in named.items() if column}


def holds_numbers(header: str, given: Mapping[str, str] | None = None) -> bool:
    """Whether the header's column should hold numbers, so that a format reader may read it as such."""
    found = column_of(header, given)
    if found is None:
        return is_price(header)
    return kind_of(found[0]) is not Kind.TEXT


def recognised(headers: Sequence[str], given: Mapping[str, str] | None = None) -> int:
    """Return how many of our columns these cells would name, were they headers."""
    return len({found[0] for header in headers if (found := column_of(header, given))})


def header_row(rows: Sequence[Sequence[str]], given: Mapping[str, str]) -> tuple[int, int] | None:
    """Return which of the first rows is the header and how many columns it names; None if all are blank.

    It is the first row that is not blank, unless a later one, below a title block, names clearly more of our columns.
    """
    best: tuple[int, int] | None = None
    for number, cells in enumerate(rows):
        if not any(cell.strip() for cell in cells):
            continue
        named = recognised(cells, given)
        if best is None or (named > best[1] and named >= (3 if best[1] else 2)):
            best = number, named
    return best


def assign(headers: Sequence[str], columns: Mapping[str, str], numeric: Sequence[bool]) -> Assignment:
    """Say which header gives which column.

    A better spelling wins; of two equal ones a column of clean numbers wins over text.

    Parameters
    ----------
    columns
        The user's `[columns]`.
    numeric
        Whether the format reader found clean numbers under each header.
    """
    given = told(columns)
    best: dict[str, tuple[int, bool, int]] = {}
    rivals = []
    for position, header in enumerate(headers):
        found = column_of(header, given)
        if not found:
            continue
        column, claim = found[0], (found[1], not numeric[position], position)
        if column in best and claim[:2] == best[column][:2]:
            rivals.append((column, best[column][2], position))
        best[column] = min(claim, best.get(column, claim))
    assigned = {column: claim[2] for column, claim in best.items()}
    rivals = [rival for rival in rivals if rival[1] == assigned[rival[0]] or rival[2] == assigned[rival[0]]]
    others = {position for column, position in assigned.items() if column != "fee"}
    niches = tuple(
        i for i, header in enumerate(headers) if i not in assigned.values() and _MORE_NICHES.fullmatch(header.strip())
    )
    fee = best.pop("fee", None)
    claimed = None if fee is None else (fee[0], fee[2])
    prices = price_columns(headers, others, claimed, offers="offer" in assigned)
    assigned.pop("fee", None)
    keys = {alias_key(header) for header in headers}
    unknown = tuple(header for header in columns if alias_key(header) not in keys or alias_key(header) not in given)
    return Assignment(columns=assigned | prices, rivals=tuple(rivals), more_niches=niches, unknown=unknown)

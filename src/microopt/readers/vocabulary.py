"""The columns that each kind of file may have, and their headers in real exports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from microopt.quantities.keys import header_key
from microopt.readers.price_headers import is_price_header

USER_RANK = -1  # of a header that the user maps to a column


class ColumnKind(Enum):
    """What the cells of a column are parsed as."""

    TEXT = "text"
    COUNT = "a number"
    RATE = "a rate"  # a proportion that may be written as percent
    SHARE = "a share from 0 to 1"
    MONEY = "money"


def alias_key(header: str) -> str:
    """Return a key that is equal for all spellings of one header; a percent sign counts as a word."""
    return header_key(header.replace("%", " pct"))


class Vocabulary(Struct, frozen=True, kw_only=True):
    """The columns of one kind of file.

    Attributes
    ----------
    kinds
        What the cells of each column are parsed as.
    ranks
        Column and rank of each known header, by its `alias_key`; a lower rank is preferred.
    example
        The first headers that such a file may have.
    has_price_columns
        Whether headers that are prices of formats stand for columns too.
    whole_numbers
        Columns that count whole things, so that a point before three digits, `1.234`, is ambiguous.
    required
        Columns that a sheet of a workbook must have to be taken for such a file.
    """

    kinds: Mapping[str, ColumnKind]
    ranks: Mapping[str, tuple[str, int]]
    example: str
    has_price_columns: bool = False
    whole_numbers: tuple[str, ...] = ()
    required: tuple[str, ...] = ("creator",)

    def get_kind(self, column: str) -> ColumnKind:
        """Return what a column's cells are parsed as."""
        return self.kinds[column.partition(":")[0]]

    def find_column(self, header: str) -> tuple[str, int] | None:
        """Return the column that a header stands for and the rank of the header, or None."""
        return self.ranks.get(alias_key(header))

    def with_user_columns(self, columns: Mapping[str, str]) -> Vocabulary:
        """Return the vocabulary with the headers of `[columns]` added; entries with an unknown column are ignored."""
        names = {header_key(name): name for name in self.kinds}
        named = {alias_key(header): names.get(header_key(column)) for header, column in columns.items()}
        added = {key: (name, USER_RANK) for key, name in named.items() if name is not None}
        return replace(self, ranks={**self.ranks, **added})

    def holds_numbers(self, header: str) -> bool:
        """Whether the header's column should hold numbers, so that a format reader may parse it as such."""
        found = self.find_column(header)
        if found is None:
            return self.has_price_columns and is_price_header(header)
        return self.get_kind(found[0]) is not ColumnKind.TEXT

    def count_known(self, headers: Sequence[str]) -> int:
        """Return how many distinct columns these cells would name if they were headers."""
        return len({found[0] for header in headers if (found := self.find_column(header))})

    def find_header_row(self, rows: Sequence[Sequence[str]]) -> tuple[int, int] | None:
        """Return the position of the header among the first rows and its known columns; None if all rows are blank.

        The header is the first row that is not blank, unless a later row, below a title block, names clearly more
        columns.
        """
        best: tuple[int, int] | None = None
        for number, cells in enumerate(rows):
            if not any(cell.strip() for cell in cells):
                continue
            count = self.count_known(cells)
            if best is None or (count > best[1] and count >= (3 if best[1] else 2)):
                best = number, count
        return best


def make_vocabulary(
    kinds: Mapping[ColumnKind, str],
    aliases: Mapping[str, str],
    *,
    example: str,
    has_price_columns: bool = False,
    whole_numbers: tuple[str, ...] = (),
    required: tuple[str, ...] = ("creator",),
) -> Vocabulary:
    """Return the vocabulary of the columns of each kind, with their aliases in order of preference."""
    kind_by_column = {name: kind for kind, names in kinds.items() for name in names.split()}
    ranks = {
        alias_key(alias): (name, rank)
        for name in kind_by_column
        for rank, alias in enumerate([name, *aliases.get(name, "").split(",")])
        if alias_key(alias)
    }
    return Vocabulary(
        kinds=kind_by_column,
        ranks=ranks,
        example=example,
        has_price_columns=has_price_columns,
        whole_numbers=whole_numbers,
        required=required,
    )


KINDS = {
    ColumnKind.TEXT: (
        "creator offer platform niche region city tier language style audience_country audience_age audience_gender "
        "url email status pay brands conflicts features_minor volume_discount"
    ),
    ColumnKind.COUNT: (
        "followers deliverables views reach posts engagements likes comments shares clicks conversions max_units "
        "authentic_engagements sponsored_ratio sentiment"
    ),
    ColumnKind.RATE: (
        "engagement_rate engagement_rate_views engagement_rate_reach ctr cvr action_rate sponsored_share commission "
        "discount usage whitelisting exclusivity"
    ),
    ColumnKind.SHARE: "authentic credibility fit acceptance market_share",
    ColumnKind.MONEY: "fee product shipping order_value",
}

# Other headers of each column, in order of preference: where a file has several of them, the first one wins.
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

ROSTER = make_vocabulary(
    KINDS,
    ALIASES,
    example="creator, followers, fee",
    has_price_columns=True,
    whole_numbers=("followers",),
    required=("creator", "followers"),
)

# The files of a running campaign: the results of its posts, and the contract states of its creators.
OFFER_ALIASES = {name: ALIASES[name] for name in ("creator", "platform", "offer")}

COUNTS = ("posts", "impressions", "engagements", "likes", "comments", "shares", "clicks", "conversions")

RESULTS = make_vocabulary(
    {
        ColumnKind.TEXT: "creator platform offer date post",
        ColumnKind.COUNT: " ".join(COUNTS),
    },
    {
        **OFFER_ALIASES,
        "offer": f"{ALIASES['offer']}, post type, media type",
        "date": "day, posted, posted on, posted at, date posted, publish date, published, published on, published at, "
        "publish time, post date",
        "post": "url, post url, post link, permalink, post id, link, media url, media id, video url, video id",
        "posts": "number of posts, posts published, published posts, posts count, post count",
        "impressions": "views, plays, total impressions, total views, video views, total plays",
        "engagements": "total engagements, engagement, total engagement, interactions, total interactions",
        "likes": "total likes, like count",
        "comments": "total comments, comment count",
        "shares": "total shares, share count",
        "clicks": "link clicks, total clicks, url clicks, swipe ups",
        "conversions": "orders, sales, purchases, total conversions, total orders, total sales, total purchases",
    },
    example="creator, date, impressions",
    whole_numbers=COUNTS,
)

STATES = make_vocabulary(
    {ColumnKind.TEXT: "creator state platform offer", ColumnKind.COUNT: "units", ColumnKind.MONEY: "fee paid"},
    {
        **OFFER_ALIASES,
        "state": "contract state, contract status, status, stage, contract",
        "units": "quantity, number of units",
        "fee": "agreed fee, contract fee",
        "paid": "amount paid, paid so far, deposit",
    },
    example="creator, state, fee",
    required=("creator", "state"),
)

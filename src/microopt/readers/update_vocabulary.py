"""The columns of the files that come while a campaign runs: its results, and the states of its creators."""

from __future__ import annotations

from microopt.readers.roster_vocabulary import ALIASES
from microopt.readers.vocabulary import Kind, vocabulary

OF_OFFERS = {name: ALIASES[name] for name in ("creator", "platform", "offer")}

COUNTS = ("posts", "impressions", "engagements", "likes", "comments", "shares", "clicks", "conversions")

RESULTS = vocabulary(
    {
        Kind.TEXT: "creator platform offer date post",
        Kind.COUNT: " ".join(COUNTS),
    },
    {
        **OF_OFFERS,
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
    whole=COUNTS,
)

STATES = vocabulary(
    {Kind.TEXT: "creator state platform offer", Kind.COUNT: "units", Kind.MONEY: "fee paid"},
    {
        **OF_OFFERS,
        "state": "contract state, contract status, status, stage, contract",
        "units": "quantity, number of units",
        "fee": "agreed fee, contract fee",
        "paid": "amount paid, paid so far, deposit",
    },
    example="creator, state, fee",
    needed=("creator", "state"),
)

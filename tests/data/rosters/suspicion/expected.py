"""Rosters whose figures or fees are hard to believe, and honest ones that look alike.

`suspicions` are the rows of each kind; see `tests/data/rosters/expected.py` for the rest.
"""


def facts(file, options=None, **expected):
    return file, options or {}, expected


CASES = [
    # Totals of an account under the header of an average
    facts("likes-are-totals.csv", suspicions={"likes-above-followers": [2, 4]}, row=[2, 3, 4]),
    facts("views-beyond.csv", suspicions={"views-above-followers": [2, 3]}),
    facts(
        "curtidas-totais-pt.csv",
        fee=[180000, 240000],
        currency="BRL",
        numbers={"likes": [2_300_000, 3_900]},
        suspicions={"likes-above-followers": [2], "few-comments": [2]},
    ),
    # More of a post than it has views
    facts("rate-by-views.csv", suspicions={"engagements-above-views": [2]}),
    facts(
        "more-than-views.csv",
        suspicions={
            "likes-above-views": [2],
            "comments-above-views": [3],
            "shares-above-views": [4],
            "clicks-above-views": [5],
        },
    ),
    # What no account has
    facts("beyond-any-account.csv", suspicions={"suspicious-followers": [2, 3]}),
    facts("engagement-at-both-ends.csv", suspicions={"suspicious-engagement": [2, 3, 7]}),
    facts("taux-fr.csv", currency="EUR", fee=[48000, 48000, 320000], suspicions={"suspicious-engagement": [2, 4]}),
    facts("comments-bought-likes.csv", suspicions={"few-comments": [2, 5]}),
    facts("click-rates.csv", suspicions={"suspicious-ctr": [2], "suspicious-cvr": [3]}),
    facts("twelve-twins.csv", suspicions={"identical-figures": list(range(2, 14))}),
    facts("nine-twins.csv", suspicions={}),
    # Engagement told twice, and differently
    facts("rates-and-likes-disagree.csv", suspicions={"contradictory-engagement": [2, 6, 8]}),
    facts(
        "interacciones-es.csv",
        currency="EUR",
        fee=[140000, 70000, 35000],
        suspicions={"contradictory-engagement": [2], "suspicious-engagement": [2]},
    ),
    # Fees out of all proportion
    facts("fee-in-thousands.csv", suspicions={"suspicious-fee": [2, 3]}),
    facts("cpm-and-cpe.csv", suspicions={"suspicious-fee": [2, 3]}),
    facts("cennik-pl.csv", currency="PLN", fee=[160000, 2400000, 18000], suspicions={"suspicious-fee": [4]}),
    facts("tarif-tr.csv", currency="TRY", fee=[1400000, 19000], suspicions={"suspicious-fee": [3]}),
    facts("ichiran-ja.csv", currency="JPY", fee=[6000000, 45000000, 90000], suspicions={"suspicious-fee": [4]}),
    # Nothing to doubt
    facts("dedicated-videos.csv", suspicions={}),
    facts("ehrlich-de.csv", currency="EUR", fee=[40000, 150000, 1400000, 690000], suspicions={}),
    facts("honesto-es.csv", currency="EUR", fee=[35000, 210000, 1250000], suspicions={}),
    facts("tiers-of-ones-own.csv", suspicions={}),
]

"""What headers stand for: in many languages, decided by the cells, with ids, slips and set-aside columns."""

NO_FEE = {"fees_required": False}
TWO = {"followers": [20000, 35000]}
RATES = {**TWO, "engagement_rate": [0.041, 0.03]}
FEES = [30000, 45000]


def facts(file, options=None, **expected):
    return file, options or {}, expected


def faults(file, *expected, options=None):
    return file, options or {}, {"faults": list(expected)}


CASES = [
    # A bare header beside an average heads totals of the account
    facts(
        "lifetime-views.csv",
        columns={"Views": None, "Avg Views": "views", "Likes": None, "Avg Likes": "likes"},
        numbers={"views": [8000, 30000], "likes": [300, 900], "Views (total)": [9e7, 1.2e6]},
        readings={"Views": "not used: totals of the account; Avg Views is used"},
        notes=["Views and Likes are not used: totals of the account"],
    ),
    facts(
        "lifetime-views-alone.csv",
        columns={"Channel": "creator", "Views": None, "Avg Likes": "likes"},
        lacks={"views"},
        notes=["Views is not used: totals of the account"],
    ),
    # Niches
    facts(
        "niche-numbered.csv", niches=[("beauty", "travel"), ("food",)], columns={"niche1": "niche", "niche2": "niche"}
    ),
    facts("categories-from-two.csv", niches=[("beauty", "travel"), ("food",)]),
    # Who
    facts(
        "namesakes.csv",
        creators=3,
        texts={"creator": ["Eli Brook (101)", "Eli Brook (102)", "Mia Lund"]},
        notes=["1 name is shared by several people: influencer_id tells them apart, as in Eli Brook (101)"],
    ),
    facts(
        "namesakes-handles.csv",
        creators=4,
        texts={"creator": ["Eli Brook (@eli.b)", "Eli Brook (@elibrook2)", "Mia Lund", "Jo Park"]},
    ),
    facts(
        "brand-account.csv",
        columns={"Account": None, "Talent Name": "creator", "Quote": "fee"},
        creators=6,
    ),
    facts(
        "links-and-names.csv",
        columns={"Name": "creator", "Account": "url", "Follower": "followers", "Amount": "fee"},
        texts={"creator": ["Ann Lee", "Ben Ray"]},
    ),
    facts("channel-names.csv", columns={"Channel": "creator", "Avg Video Views": "views"}, fee=[40000, 42000]),
    facts(
        "channel-platforms.csv",
        columns={"Name": "creator", "Channel": "platform", "Budget": "fee"},
        texts={"platform": ["instagram", "tiktok"]},
    ),
    # The cells decide
    facts(
        "text-in-figures.csv",
        texts={"Comments": ["great to work with", "slow payer"], "offer": ["2 reels + 3 stories", "1 reel"]},
        columns={"Comments": None, "Product": None, "Usage": None, "Deliverables": "offer"},
        notes=["Comments, Product, Usage, Sentiment, Fit, Discount, Credibility, Authentic and Acceptance hold text"],
    ),
    facts(
        "comments-set-aside.csv",
        {"columns": {"Comments": "ignore"}},
        columns={"Comments": "ignored"},
        lacks={"comments", "Comments"},
    ),
    facts("comments-set-aside.csv", {"columns": {"Comments": ""}}, columns={"Comments": "ignored"}, lacks={"comments"}),
    facts("comments-set-aside.csv", numbers={"comments": [12, 15]}),
    facts(
        "engagement-rate.csv", columns={"Engagement": "engagement_rate"}, numbers={"engagement_rate": [0.045, 0.032]}
    ),
    facts("engagement-count.csv", columns={"Engagement": "engagements"}, numbers={"engagements": [4500, 3200]}),
    facts("views-of-countries.csv", columns={"Views avg.": None}, lacks={"views"}, notes=["Views avg. holds text"]),
    facts("own-headers.csv", columns={"Gender": None, "Category": "niche", "Country": "region", "Price": "fee"}),
    # Slips
    facts(
        "slips.csv",
        columns={"engagment_rate": None, "platfrom": None},
        notes=[
            "engagment_rate is not used: did you mean engagement_rate?",
            "max_unit is not used: did you mean max_units?",
            "conflict_with is not used: did you mean conflicts?",
            "platfrom is not used: did you mean platform?",
        ],
    ),
    facts("slip-of-other-cells.csv", readings={"engagment_rate": "", "platfrom": ""}),
    # Duplicates
    faults("nameless.csv", ("creator-missing", 2, "name"), ("creator-missing", 3, "name")),
    facts("rank-twins.csv", row=[2, 3], notes=["1 row repeats an earlier row and was dropped"]),
    facts("time-stamps.csv", row=[2, 3], notes=["1 row repeats an earlier row and was dropped"]),
    facts(
        "second-niche.csv",
        row=[2, 3],
        niches=[("beauty", "travel"), ("food",)],
        notes=["1 row lists an earlier offer under another niche: the niches were joined"],
    ),
    # The platform of a list of one platform
    facts("no-platform.csv", {"platform_default": "tiktok"}, texts={"platform": ["tiktok", "tiktok"]}),
    facts(
        "some-platforms.csv",
        {"platform_default": "tiktok"},
        texts={"platform": ["tiktok", "instagram"]},
        notes=["1 offer has no platform: tiktok is used (--platform-default)"],
    ),
    faults("missing-fee.csv", ("column-missing", None, "fee")),
    facts("missing-fee.csv", {"columns": {"What they want": "fee"}}, fee=[30000, 20000]),
    # Languages
    facts(
        "spanish.csv",
        texts={
            "creator": ["@ana.lopez", "@luisgil"],
            "platform": ["instagram", "tiktok"],
            "region": ["España", "México"],
        },
        numbers={"followers": [20000, 35000], "engagement_rate": [0.041, 0.03]},
        fee=FEES,
    ),
    facts(
        "portuguese.csv",
        texts={"creator": ["@biasouza", "@caiodias"]},
        numbers={**RATES, "likes": [800, 1000]},
        fee=FEES,
        currency="BRL",
    ),
    facts(
        "german.csv", texts={"city": ["Köln", "Wien"], "region": ["DE", "AT"]}, numbers=RATES, fee=FEES, currency="EUR"
    ),
    facts("french.csv", texts={"creator": ["@anais.b", "@benoit"]}, numbers={**RATES, "views": [5000, 9000]}, fee=FEES),
    facts("turkish.csv", texts={"creator": ["@ayse", "@burak"], "niche": ["moda", "spor"]}, numbers=RATES, fee=FEES),
    facts("indonesian.csv", texts={"creator": ["@ayu", "@budi"]}, numbers=RATES, fee=FEES),
    facts("polish.csv", texts={"creator": ["Ania Kowal", "Łukasz Nowak"]}, numbers=RATES, fee=FEES),
    facts("russian.csv", texts={"creator": ["Аня", "Борис"], "niche": ["мода", "спорт"]}, numbers=RATES, fee=FEES),
    facts(
        "chinese.csv",
        texts={"creator": ["xiaoan", "aben"], "platform": ["douyin", "xiaohongshu"]},
        numbers=RATES,
        fee=FEES,
    ),
    facts("japanese.csv", texts={"niche": ["美容", "グルメ"]}, numbers=RATES, fee=FEES),
    facts("korean.csv", texts={"creator": ["지민", "서준"], "niche": ["뷰티", "여행"]}, numbers=RATES, fee=FEES),
    facts("arabic.csv", texts={"creator": ["ليلى", "سامي"]}, numbers=RATES, fee=FEES),
    facts("dutch.csv", texts={"creator": ["Anke", "Bram"]}, numbers=RATES, fee=FEES),
    (
        "rates-by-basis.csv",
        {},
        {
            "numbers": {
                "engagement_rate": [0.012, 0.008],
                "engagement_rate_views": [0.041, 0.022],
                "engagement_rate_reach": [0.031, 0.019],
            },
        },
    ),
    (
        "rates-by-basis-polish.csv",
        {},
        {"numbers": {"engagement_rate_views": [0.041, 0.022], "engagement_rate_reach": [0.031, 0.019]}},
    ),
    facts(
        "creator-profile-links.csv",
        texts={"creator": ["Anna B", "Ben C"], "platform": ["instagram", "tiktok"]},
        columns={"Influencer profile": "url"},
    ),
    facts("page-handles.csv", texts={"creator": ["@anna", "@ben"]}),
    facts("page-numbers.csv", texts={"creator": ["Anna", "Ben"]}, columns={"Page": None}),
]

"""Fees as people write them: ranges, gifted posts, open prices, packages, formats, platforms, currencies."""

from fractions import Fraction

NAN = float("nan")
NO_FEE = {"fees_required": False}
FIVE = {"followers": [12400, 8300, 9100, 7000, 6500]}
EURO_RATES = {"currency": "EUR", "exchange": {"USD": Fraction("0.9"), "GBP": Fraction("1.2")}}
GIFTED = {"pay": ["", "", "", "gifted", ""]}


def facts(file, options=None, **expected):
    return file, options or {}, expected


def faults(file, *expected, options=None):
    return file, options or {}, {"faults": list(expected)}


def missing(*rows, column="Fee"):
    return [("fee-missing", row, column) for row in rows]


TWO_PLATFORMS = {
    "fee": [30000, 90000, 150000, 5000],
    "texts": {"offer": ["post"] * 4, "platform": ["instagram", "tiktok"] * 2},
    "row": [2, 2, 3, 3],
}

RANGES = {"fee": [50000, 40000], "numbers": {"fee_low": [300, 250]}, "notes": ["2 ranges (the upper end is used"]}

CASES = [
    # Headers of prices
    facts("camel-case.csv", readings={"TikTok Rate": "tiktok post"}, **TWO_PLATFORMS),
    facts("capitals.csv", **TWO_PLATFORMS),
    facts("platforms.csv", fee=[90000, 20000, 40000, 5000], texts={"platform": ["youtube", "linkedin", "tiktok", "x"]}),
    facts("price-range.csv", fee=[50000, 70000], currency="USD", numbers={"fee_low": [300, NAN]}),
    # Headers that name a format alone
    facts(
        "rate-card.csv",
        fee=[30000, 10000, 50000, 20000, 25000],
        texts={"offer": ["post", "story", "reel", "post", "reel"]},
        notes=["Post, Story, Reel are read as prices"],
    ),
    facts(
        "rate-card-euros.csv",
        fee=[30000, 10000, 0, 20000],
        texts={"offer": ["story", "reel"] * 2, "platform": ["instagram", "", "instagram", ""]},
        numbers={"Videos": [5, 5, 7, 7]},
        currency="EUR",
    ),
    facts("rate-card-platforms.csv", fee=[30000, 10000, 20000], texts={"platform": ["tiktok", "instagram", "tiktok"]}),
    facts("german-rate-card.csv", fee=[120000, 30000, 90000, 0], texts={"offer": ["reel", "story"] * 2}),
    facts("posts-are-counts.csv", fee=[30000, 20000], columns={"Posts": "posts", "Reels": None, "Story": None}),
    facts("amount-of-words.csv", fee=[50000, 0, 20000], columns={"Amount": "fee"}, currency="EUR"),
    # Words instead of amounts
    facts(
        "gifted.csv",
        fee=[0, 0, 0, 0, 0, 0, 25000],
        texts={"pay": ["gifted"] * 4 + ["affiliate", "gifted", ""]},
        notes=["5 that say 'gifted', 'Free Product', 'barter' and 2 more (read as 0)"],
        currency="USD",
    ),
    facts(
        "open.csv",
        NO_FEE,
        fee=[-1] * 5 + [15000],
        notes=["4 that say 'TBD', 'on request', '?' and 1 more (estimated)"],
    ),
    faults("open.csv", *missing(2, 3, 4, 5, 6)),
    facts("open.csv", {"skip_bad_rows": True}, fee=[15000], row=[7]),
    faults(
        "words-unknown.csv", ("number-unreadable", 2, "Fee"), ("number-unreadable", 4, "Fee"), ("fee-missing", 3, "Fee")
    ),
    # Ranges, and other words around amounts
    facts(
        "ranges.csv",
        fee=[150000, 150000, 150000, 30000, 90000, 50000, 120000, 50000, 45000],
        numbers={"fee_low": [1200, 1200, 1200, 300, NAN, 300, 800, 500, NAN]},
        currency="USD",
        notes=["5 ranges (the upper end is used, see --quotes), 2 with 'from', 1 with 'up to', 1 approximate"],
    ),
    facts(
        "ranges.csv",
        {"quotes": "low"},
        fee=[120000, 120000, 120000, 30000, 90000, 30000, 80000, 50000, 45000],
        notes=["the lower end is used"],
    ),
    facts(
        "ranges.csv",
        {"quotes": "middle"},
        fee=[135000, 135000, 135000, 30000, 90000, 40000, 100000, 50000, 45000],
        numbers={"fee_low": [1200, 1200, 1200, 300, NAN, 300, 800, 500, NAN]},
    ),
    faults("ranges-reversed.csv", *[("number-unreadable", row, "Fee") for row in range(3, 10)]),
    facts(
        "work.csv",
        fee=[50000, 50000, 90000, 90000, 50000, 12000],
        numbers={"deliverables": [NAN, NAN, 2, 2, NAN, NAN]},
        texts={"offer": ["", "reel", "reels", "reels", "reel", "story"]},
    ),
    facts(
        "tax-first.csv",
        fee=[190000] * 5,
        notes=["some fees are not plain amounts: 5 with a tax mentioned (none is added)"],
        currency="EUR",
    ),
    facts(
        "slashed-range.csv",
        fee=[50000, 80000, 70000],
        numbers={"fee_low": [300, NAN, NAN]},
        notes=["1 range (the upper end is used, see --quotes)"],
    ),
    facts("tax.csv", fee=[50000, 50000, 60000, 70000], notes=["3 with a tax mentioned (none is added), 1 negotiable"]),
    facts(
        "several-offers.csv",
        fee=[50000, 20000, 30000, 50000, 12000, 90000, 30000, 25000, 0],
        row=[2, 2, 3, 4, 4, 5, 5, 5, 6],
        texts={
            "offer": ["reel", "story", "", "reel", "story", "reels", "stories", "post", ""],
            "pay": [""] * 8 + ["gifted"],
        },
        numbers={
            "deliverables": [NAN, NAN, NAN, NAN, NAN, 2, 3, NAN, NAN],
            "fee_low": [NAN, NAN, NAN, NAN, 100, NAN, NAN, NAN, NAN],
        },
        notes=["1 range (the upper end is used, see --quotes)", "3 with several offers, each with its price"],
        currency="EUR",
    ),
    faults("several-no-prices.csv", *[("number-unreadable", row, "Fee") for row in (2, 5, 6)]),
    # Pairs of columns
    facts("from-to.csv", fee=[50000, 25000, 40000, 15000], numbers={"fee_low": [300, 250, NAN, 150]}, row=[2, 3, 4, 5]),
    facts(
        "from-to-gifted.csv",
        fee=[90000, 0, 0, 0],
        texts={"pay": ["", "gifted", "gifted", "gifted"]},
        notes=["1 range (the upper end is used, see --quotes), 3 that say 'gifted' (read as 0)"],
    ),
    facts("from-to.csv", {"quotes": "low"}, fee=[30000, 25000, 40000, 15000]),
    faults("from-to-reversed.csv", ("fee-range", 3, "Min price")),
    facts(
        "from-to-formats.csv",
        fee=[50000, 10000, 70000],
        numbers={"fee_low": [300, 80, 600]},
        texts={"offer": ["reel", "story", "reel"]},
    ),
    facts("from-to-merged.csv", **RANGES),
    facts("from-to-merged-above.csv", **RANGES),
    facts(
        "from-to-merged-reel.csv",
        fee=[50000, 10000, 40000],
        numbers={"fee_low": [300, 80, 250]},
        texts={"offer": ["reel", "story", "reel"]},
    ),
    facts("from-to-format-alone.csv", **RANGES),
    facts("from-to-format-alone.csv", notes=["Reel from, Reel to are read as prices"]),
    facts("from-to-high-first.csv", **RANGES),
    faults("from-to-format-reversed.csv", ("fee-range", 3, "Reel from")),
    facts("from-to-german-merged.csv", {"quotes": "low"}, fee=[30000, 25000]),
    facts("from-to-german-merged.csv", **RANGES),
    facts("from-to-french.csv", {"quotes": "middle"}, fee=[40000, 32500]),
    facts("from-to-french.csv", **RANGES),
    facts("from-to-italian.csv", **RANGES),
    facts("from-to-polish.csv", **RANGES),
    facts("from-to-russian.csv", **RANGES),
    facts("from-to-chinese.csv", **RANGES),
    faults("from-to-bare.csv", ("column-missing", None, "fee")),
    facts("from-to-bare.csv", {"columns": {"from": "fee"}}, **RANGES),
    facts("from-to-bare.csv", {"columns": {"from": "fee", "to": "ignore"}}, fee=[30000, 25000], lacks=["fee_low"]),
    facts("from-to-bare-euros.csv", currency="EUR", **RANGES),
    facts("from-to-bare-euros.csv", notes=["von, bis are read as prices"]),
    facts("from-and-to.csv", **RANGES),
    facts("from-and-to.csv", notes=["to is read as a price"]),
    facts("fee-and-fee-low.csv", {"quotes": "low"}, fee=[40000, 25000], numbers={"fee_low": [300, NAN]}),
    # In other languages
    facts(
        "german.csv",
        NO_FEE,
        fee=[50000, 60000, 25000, 120000, 18000, 45000, -1, 90000, 0, 0],
        texts={"offer": ["story", "reel"] * 5, "pay": [""] * 8 + ["gifted"] * 2},
        numbers={"followers": [12400, 12400, 8300, 8300, 9100, 9100, 15000, 15000, 7700, 7700]},
        currency="EUR",
    ),
    facts("german.csv", fee=[50000, 60000, 25000, 120000, 18000, 45000, 90000, 0, 0], row=[2, 2, 3, 3, 4, 4, 5, 6, 6]),
    facts(
        "spanish.csv",
        NO_FEE,
        fee=[50000, 25000, 120000, 0, -1],
        numbers={**FIVE, "fee_low": [300, 250, NAN, NAN, NAN]},
        texts=GIFTED,
        currency="EUR",
    ),
    facts(
        "french.csv",
        NO_FEE,
        fee=[50000, 25000, 120000, 0, -1],
        numbers={**FIVE, "fee_low": [300, 250, NAN, NAN, NAN]},
        texts=GIFTED,
        currency="EUR",
    ),
    facts("italian.csv", NO_FEE, fee=[50000, 25000, 120000, 0, -1], numbers=FIVE, texts=GIFTED, currency="EUR"),
    facts(
        "portuguese.csv",
        NO_FEE,
        fee=[200000, 80000, 123450, 0, -1],
        numbers={**FIVE, "fee_low": [1500, 800, NAN, NAN, NAN]},
        texts=GIFTED,
        currency="BRL",
    ),
    facts(
        "polish.csv",
        NO_FEE,
        fee=[150000, 80000, 120000, 0, -1],
        numbers={**FIVE, "fee_low": [NAN, 800, 1000, NAN, NAN]},
        texts=GIFTED,
        currency="PLN",
    ),
    facts(
        "russian.csv",
        NO_FEE,
        fee=[800000, 1000000, 1250000, 0, -1],
        numbers={**FIVE, "fee_low": [5000, NAN, NAN, NAN, NAN]},
        texts=GIFTED,
        currency="RUB",
    ),
    facts("turkish.csv", NO_FEE, fee=[800000, 750000, 600000, 0, -1], numbers=FIVE, texts=GIFTED, currency="TRY"),
    facts(
        "indonesian.csv",
        NO_FEE,
        fee=[150000000, 150000000, 80000000, 0, -1],
        numbers=FIVE,
        texts=GIFTED,
        currency="IDR",
    ),
    facts(
        "chinese.csv",
        NO_FEE,
        fee=[800000, 1200000, 600000, 0, -1],
        numbers={"followers": [12000, 8300, 9100, 7000, 6500]},
        texts=GIFTED,
        currency="CNY",
    ),
    facts("japanese.csv", NO_FEE, fee=[8000000, 3000000, 4500000, 0, -1], numbers=FIVE, texts=GIFTED, currency="JPY"),
    facts("korean.csv", NO_FEE, fee=[50000000, 40000000, 45000000, 0, -1], numbers=FIVE, texts=GIFTED, currency="KRW"),
    facts(
        "indian.csv",
        fee=[2500000, 4000000, 20000000, 3500000],
        numbers={"followers": [120000, 30000, 120000, 90000]},
        currency="INR",
        notes=["Rs is read as INR (for PKR, LKR or NPR write the code)"],
    ),
    # Currencies
    facts("kroner.csv", {"currency": "NOK"}, fee=[450000, 600000], currency="NOK"),
    facts("kroner.csv", currency="SEK", notes=["kr is read as SEK (for NOK, DKK or ISK write the code)"]),
    faults("kroner.csv", ("currency-other", None, "Fee"), options={"currency": "EUR"}),
    facts(
        "kroner.csv",
        {"currency": "EUR", "exchange": {"DKK": Fraction("0.134")}},
        fee=[60300, 80400],
        currency="EUR",
    ),
    facts("yuan.csv", fee=[450000, 600000], currency="CNY", notes=["¥ is read as CNY"]),
    facts("three-currencies.csv", EURO_RATES, fee=[40000, 45000, 36000, 25000], currency="EUR"),
    faults("three-currencies.csv", ("currency-mixed", None, "Fee")),
    faults("three-currencies.csv", ("currency-other", None, "Fee"), options={"currency": "EUR"}),
    faults(
        "three-currencies.csv",
        ("currency-unknown", None, "Fee"),
        options={"currency": "EUR", "exchange": {"USD": Fraction("0.9")}},
    ),
    facts("words-for-currencies.csv", fee=[40000, 45000, 30000], currency="EUR"),
    # A currency of each row
    facts(
        "currency-column.csv",
        {"currency": "EUR", "exchange": {"CHF": Fraction("1.05")}},
        fee=[35000, 44100, 50000, 28000],
        currency="EUR",
        columns={"Währung": "currency"},
    ),
    faults("currency-column.csv", ("currency-mixed", None, "Preis")),
    facts("currency-column-japanese.csv", fee=[3500000, 2800000], currency="JPY"),
    facts(
        "currency-column-contradicted.csv",
        fee=[35000, 42000],
        currency="USD",
        notes=["Currency contradicts the currency written with the amount in 1 row: the one with the amount is used"],
    ),
    # Several prices of one offer
    facts(
        "net-and-gross.csv",
        fee=[100000, 42000],
        currency="EUR",
        notes=["from Honorar netto, not from Honorar brutto, as VAT is usually recovered"],
    ),
    facts("prix-ht-ttc.csv", fee=[50000, 25000], columns={"Prix HT": "fee"}, notes=["--map 'Prix TTC=fee'"]),
    facts("prix-ht-ttc.csv", {"columns": {"Prix TTC": "fee"}}, fee=[60000, 30000]),
    facts(
        "asked-and-agreed.csv",
        fee=[42000, 30000, 35000],
        notes=["from Negotiated rate, and from Asking rate where that has no amount"],
    ),
    facts(
        "unit-and-total.csv",
        fee=[60000, 30000],
        numbers={"deliverables": [2, 3]},
        texts={"offer": ["Reel", "Story"]},
        notes=["the fee is read from Total price, not from Unit price"],
    ),
    facts("rates-of-two-years.csv", fee=[45000, 26000], notes=["from Rate 2025, not from Rate 2024"]),
    facts(
        "total-of-formats.csv",
        fee=[30000, 10000, 20000, 8000],
        texts={"offer": ["reel", "story"] * 2},
        columns={"Total": None},
    ),
    facts(
        "price-of-a-platform.csv",
        fee=[30000, 20000, 15000, 9000],
        texts={"platform": ["instagram", "tiktok", "instagram", "tiktok"]},
    ),
    facts(
        "more-cells.csv",
        fee=[60000, 50000, 0, 20000, 50000, 0],
        numbers={"deliverables": [2, NAN, NAN, NAN, 2, NAN], "product": [NAN, NAN, 150, NAN, NAN, NAN]},
        texts={"pay": ["", "", "gifted", "", "", "gifted"]},
        notes=["1 per month, week or year", "1 with a product as well (not counted)"],
    ),
]

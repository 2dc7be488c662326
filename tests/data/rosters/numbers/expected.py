"""Numbers by the habits of countries and of people: separators, units, rounded numbers, ranges, units in headers."""

NAN = float("nan")


def facts(file, options=None, **expected):
    return file, options or {}, expected


def faults(file, *expected, options=None):
    return file, options or {}, {"faults": list(expected)}


def cents(*fees):
    return [round(100 * fee) for fee in fees]


CASES = [
    # The habits of countries
    facts(
        "german.csv",
        numbers={
            "followers": [18300, 240000, 1240000],
            "views": [3200, 96400, 310000],
            "engagement_rate": [0.041, 0.0175, 0.009],
        },
        fee=cents(1500, 14000, 26000.5),
        currency="EUR",
        notes=["1.500 € is read as 1,500 (Preis, Abonnenten, Aufrufe): points group thousands, as in 1.240.000"],
    ),
    facts(
        "french.csv",
        numbers={"followers": [18300, 240000], "views": [3200, 96400], "engagement_rate": [0.041, 0.0175]},
        fee=cents(1500, 14000.5),
        currency="EUR",
        readings={"Tarif": "decimal comma"},
    ),
    facts(
        "swiss.csv",
        numbers={"followers": [18300, 240000], "views": [3200, 96400], "engagement_rate": [0.041, 0.0175]},
        fee=cents(1500.5, 14000),
        currency="CHF",
    ),
    facts(
        "lakhs.csv",
        numbers={"followers": [183000, 240000, 12000000], "views": [32000, 120000, 1234567]},
        fee=cents(150000, 14000, 2600000),
        currency="INR",
    ),
    facts("chinese.csv", numbers={"followers": [125000, 320000000, 18300]}, fee=cents(3000, 12000, 500)),
    facts("japanese.csv", numbers={"followers": [125000, 320000000]}, fee=cents(30000, 120000), currency="JPY"),
    facts("korean.csv", numbers={"followers": [150000, 120000000]}, fee=cents(500000, 1200000), currency="KRW"),
    facts(
        "russian.csv",
        numbers={"followers": [300000, 1200000, 18300], "engagement_rate": [0.041, 0.0175, 0.025]},
        fee=cents(25000, 140000, 9500),
    ),
    facts(
        "indonesian.csv",
        numbers={"followers": [300000, 1200000, 18300]},
        fee=cents(1500000, 14000000, 750000),
        currency="IDR",
    ),
    facts(
        "portuguese.csv",
        numbers={"followers": [12500, 1200000, 18300], "engagement_rate": [0.041, 0.0175, 0.02]},
        fee=cents(1500, 14000, 900),
        currency="BRL",
        notes=["decimal comma, as in 12,5 mil (column Seguidores, row 2)"],
    ),
    facts("polish.csv", numbers={"followers": [18300, 240000]}, fee=cents(1500, 14000.5), currency="PLN"),
    facts(
        "turkish.csv",
        numbers={"followers": [18300, 1200000], "engagement_rate": [0.041, 0.0175]},
        fee=cents(1500, 14000),
        currency="TRY",
    ),
    facts("vietnamese.csv", numbers={"followers": [18300, 1200000]}, fee=cents(1500000, 14000000), currency="VND"),
    # Rounded numbers, ranges, two numbers in a cell
    facts(
        "one-habit.csv",
        numbers={"followers": [120000, 30000, 1200000]},
        readings={"followers": "rounded, such as 120K+"},
    ),
    facts(
        "about.csv",
        numbers={"followers": [120000, 30000, 1200000], "views": [9000, 400, 15000]},
        notes=["views: a range is read as its middle (300-500 as 400)"],
    ),
    facts("count-and-rate.csv", numbers={"likes": [56.33, 1234]}, readings={"likes": "56.33(0.04)"}),
    # Units in headers
    facts(
        "units-in-headers.csv",
        numbers={"followers": [12500, 240000], "views": [3200, 96400], "engagement_rate": [0.041, 0.008]},
        fee=cents(300, 1500),
        currency="EUR",
        readings={"Followers (K)": "times 1,000, as the header says", "ER %": "percent"},
    ),
    facts("unit-that-does-not-hold.csv", numbers={"followers": [50000, 1200000]}),
    facts("tsd-header.csv", numbers={"followers": [12500, 1240000]}, fee=cents(300, 1500), currency="EUR"),
    # What decides on three digits
    facts(
        "points-and-percent.csv",
        numbers={"followers": [12400, 9050], "engagement_rate": [0.041, 0.03]},
        fee=cents(14000, 1200),
        notes=[
            "14.000 is read as 14,000 (fee, followers), and so are 3 more cells. If they have decimals, "
            "add --decimal point"
        ],
    ),
    faults(
        "points-and-percent.csv",
        ("followers-range", 2, "followers"),
        ("followers-range", 3, "followers"),
        options={"decimal": "."},
    ),
    faults(
        "points-and-percent.csv",
        ("decimal-mixed", 2, "ER"),
        ("decimal-mixed", 3, "ER"),
        options={"decimal": ","},
    ),
    facts("commas-in-english.csv", numbers={"followers": [12400, 9050]}, fee=cents(14000, 1200)),
    facts("comma-k-among-points.csv", numbers={"followers": [34500, 12500, 8200]}),
    faults("two-and-three-decimals.csv", ("decimal-mixed", None, "fee")),
    facts("two-and-three-decimals.csv", {"decimal": "."}, fee=cents(14, 99.5)),
    facts("three-decimals-throughout.csv", fee=cents(450, 1250.5)),
    faults("grouped-two-ways.csv", ("decimal-mixed", None, "likes")),
    faults("unknown-notation.csv", ("number-unreadable", None, "followers")),
    facts("score-by-the-file.csv", numbers={"score": [1234, 2500]}),
    facts("averages-with-points.csv", numbers={"likes": [12.4, 56.7, 1034.25]}),
    # Units with two meanings, and units and signs as single countries write them
    facts("mil-spanish.csv", numbers={"followers": [105000, 23500, 12000]}, fee=cents(1200.5, 12000, 300)),
    facts("mil-reais.csv", numbers={"followers": [105000, 23000]}, fee=cents(12000, 1200), currency="BRL"),
    facts(
        "mil-whole-numbers.csv",
        numbers={"followers": [105000, 12000]},
        fee=cents(12000, 3000),
        notes=["12 mil is read as 12,000 (fee, followers)"],
    ),
    facts(
        "mil-english.csv",
        numbers={"followers": [1200000, 450000]},
        notes=["1.2 mil is read as 1,200,000 (followers)"],
    ),
    facts(
        "turkish-b.csv",
        numbers={"followers": [45000, 110000], "engagement_rate": [0.042, 0.031]},
        fee=cents(40000, 3000),
        currency="TRY",
        notes=["45 B is read as 45,000 (Takipçi)"],
    ),
    facts(
        "b-beside-bin.csv",
        numbers={"followers": [45000, 110000], "engagement_rate": [0.042, 0.03]},
        notes=["45 B is read as 45,000 (followers)"],
    ),
    facts("people-counted.csv", numbers={"followers": [82000, 11000, 120, 300]}),
    facts("rupees-with-dash.csv", fee=cents(45000, 45000, 500), currency="INR"),
    facts("up-to-and-dash.csv", numbers={"followers": [10000, 1300, 2000]}, fee=cents(500, 450, 1500)),
    facts(
        "roubles-in-short.csv",
        numbers={"followers": [20000, 1200, 33000, 12000]},
        fee=cents(15000, 20000, 15000, 15000),
        currency="RUB",
    ),
    facts("unit-after-comma.csv", numbers={"followers": [12400, 200000]}, fee=cents(20000, 15000), currency="RUB"),
    # Two units in a column, figures that are not public, and headers of averages and rates
    facts(
        "hidden-figures.csv",
        numbers={"likes": [NAN, 200, 180, 150], "views": [NAN, 100, NAN, 33]},
        notes=["'hidden' and 'versteckt' are read as empty cells (likes, views)"],
    ),
    facts(
        "units-mixed-under-header.csv",
        numbers={"followers": [45200, 12400000, 120000, 1200000]},
        notes=["Followers (k): 12,400 (row 3, and 1 more) is read as 12,400,000; if 12,400 is meant, write 12.4k"],
    ),
    facts(
        "percents-and-fractions.csv",
        notes=["ER: 0.039 (row 3, and 1 more) is read as 0.039%; if 3.9% is meant, write 3.9%"],
    ),
    facts("percent-among-fractions.csv", notes=["ER: 4.2 (row 5) is read as 420%; if 4.2% is meant, write 4.2%"]),
    facts(
        "average-signs.csv",
        numbers={
            "views": [300, 200],
            "likes": [20, 10],
            "comments": [3, 2],
            "reach": [100, 130],
            "commission": [0.1, 0.12],
        },
    ),
    facts("interaction-rates.csv", numbers={"engagement_rate": [0.034, 0.031]}),
    facts("interaction-counts.csv", numbers={"engagements": [400, 320]}),
    facts("prowizja.csv", numbers={"commission": [0.1, 0.12]}),
    facts(
        "engagement-points-german.csv",
        numbers={"followers": [120000, 80000, 65000], "engagements": [48000, 2350, 1200]},
        fee=[150000, 90000, 70000],
    ),
]

"""What creators cost besides the fee: surcharges as shares and as amounts, other costs, money that is not counted."""

NAN = float("nan")

CASES = [
    (
        "surcharges-mixed.csv",
        {},
        {
            "columns": {"Usage rights": "usage", "Whitelisting": "whitelisting"},
            "numbers": {
                "usage": [0.2, NAN, NAN, NAN],
                "usage_amount": [NAN, 150, 500, NAN],
                "whitelisting": [0, 0.1, NAN, NAN],
                "whitelisting_amount": [NAN, NAN, NAN, 60],
            },
            "notes": ["included is read as nothing to pay; yes as a price that is not stated, so not counted"],
            "currency": "USD",
        },
    ),
    *(
        (
            "surcharges-in-thousands.csv",
            options,
            {
                "columns": {"Usage rights": "usage", "Agency fee": "agency_amount"},
                "numbers": {
                    "usage": [NAN, 0.125, NAN],
                    "usage_amount": [1500, NAN, 2250.5],
                    "agency_amount": [1200, 1000, 1100],
                },
                "currency": "USD",
            },
        )
        for options in ({}, {"decimal": "."})
    ),
    *(
        (
            "zuschlaege-in-tausendern-de.csv",
            options,
            {
                "numbers": {"usage": [NAN, 0.125], "usage_amount": [1500, NAN], "agency_amount": [1200, 1000]},
                "currency": "EUR",
            },
        )
        for options in ({}, {"decimal": ","})
    ),
    (
        "usage-as-text.csv",
        {},
        {"columns": {"Usage rights": None, "Exclusivity": None}, "lacks": ["usage", "usage_amount", "exclusivity"]},
    ),
    (
        "agency-percent.csv",
        {},
        {
            "numbers": {"agency": [0.15, 0.2, 0.15]},
            "notes": ["Agency fee is read as percents of the fee, up to 20%"],
        },
    ),
    (
        "agency-amounts.csv",
        {},
        {"numbers": {"agency_amount": [150, 285, 1410]}, "columns": {"Agency fee": "agency_amount"}},
    ),
    (
        "agency-amounts-below-100.csv",
        {},
        {
            "numbers": {"agency_amount": [105, 45, 97.5]},
            "columns": {"Agency fee": "agency_amount"},
            "lacks": ["agency"],
        },
    ),
    (
        "usage-fraction-among-percents.csv",
        {},
        {"numbers": {"usage": [0.2, 0.3, 0.25, 0.15]}, "notes": ["and 0.3 (row 3) as 30%"]},
    ),
    (
        "agency-percent.csv",
        {"columns": {"Agency fee": "agency_amount"}},
        {"numbers": {"agency_amount": [15, 20, 15]}, "lacks": ["agency"]},
    ),
    (
        "agency-percent.csv",
        {"units": {"agency": "percent"}},
        {"numbers": {"agency": [0.15, 0.2, 0.15]}},
    ),
    (
        "usage-fee-amounts.csv",
        {},
        {"numbers": {"usage_amount": [80, 95, 60], "exclusivity_amount": [40, NAN, 90]}, "currency": "USD"},
    ),
    ("usage-fee-fractions.csv", {}, {"numbers": {"usage": [0.2, 0.15, 0]}}),
    (
        "every-cost.csv",
        {},
        {
            "fee": [40000, 190000, 940000],
            "numbers": {
                "seeding": [40, 40, 40],
                "product": [30, 30, NAN],
                "shipping": [5, 5, NAN],
                "production": [100, NAN, NAN],
                "travel": [NAN, 250, NAN],
                "boosting_amount": [50, NAN, 1000],
                "extra_cost": [10, NAN, 25],
            },
        },
    ),
    (
        "not-counted-vat.csv",
        {},
        {"notes": ["VAT ($2,340 in all) is not counted as a cost (--map 'VAT=extra_cost' counts it)"]},
    ),
    ("not-counted-vat.csv", {"columns": {"VAT": "extra_cost"}}, {"numbers": {"extra_cost": [80, 380, 1880]}}),
    (
        "not-counted-several.csv",
        {},
        {
            "notes": [
                "VAT (such as 20%), Photographer ($180 in all), Props ($36 in all) and 1 more are not counted as costs "
                "(--map 'Photographer=extra_cost' counts it)"
            ]
        },
    ),
    (
        "not-counted-among-words.csv",
        {},
        {
            "notes": [
                "Photographer ($1,200 in all) and Kickback (such as 15%) are not counted as costs "
                "(--map 'Photographer=extra_cost' counts it)"
            ]
        },
    ),
    ("results-are-no-costs.csv", {}, {"columns": {"EMV": None, "Exclusivity (days)": None}}),
    ("total-repeats-fee.csv", {}, {"fee": [40000, 190000]}),
    (
        "kosten-de.csv",
        {},
        {
            "fee": [40000, 190000, 940000],
            "numbers": {
                "followers": [18300, 152000, 1200000],
                "usage": [0.2, NAN, 0],
                "usage_amount": [NAN, 150, NAN],
                "exclusivity": [0.15, NAN, 0.1],
                "agency": [0.15, 0.15, 0.2],
                "shipping": [4.9, 4.9, NAN],
            },
            "notes": ["MwSt (€2,223 in all) is not counted as a cost"],
            "currency": "EUR",
        },
    ),
    (
        "gastos-es.csv",
        {},
        {
            "numbers": {"usage": [0.2, 0.25], "exclusivity": [0.1, NAN], "shipping": [6.5, 6.5]},
            "notes": ["IVA (€483 in all) is not counted as a cost"],
        },
    ),
    (
        "frais-fr.csv",
        {},
        {
            "numbers": {"usage": [0.2, 0], "exclusivity": [0.1, NAN], "travel": [120, NAN]},
            "notes": ["inclus is read as nothing to pay", "TVA (€460 in all) is not counted as a cost"],
        },
    ),
    (
        "costi-it.csv",
        {},
        {
            "numbers": {"usage": [0.2, NAN], "usage_amount": [NAN, 250], "exclusivity": [0.1, NAN], "shipping": [5, 5]},
            "notes": ["IVA (€506 in all) is not counted as a cost"],
        },
    ),
    (
        "custos-pt.csv",
        {},
        {
            "numbers": {"usage": [0.2, NAN], "usage_amount": [NAN, 300], "shipping": [25, 25]},
            "currency": "BRL",
        },
    ),
    (
        "usage-with-terms.csv",
        {},
        {
            "numbers": {"usage": [NAN, 0.5, NAN, NAN], "usage_amount": [NAN, NAN, NAN, 300]},
            "notes": ["so not counted; '6 months +50%' is read as 50%"],
            "currency": "EUR",
        },
    ),
    (
        "agency-percent-and-amount.csv",
        {},
        {
            "numbers": {"agency": [0.15, NAN, NAN], "agency_amount": [NAN, 150, NAN]},
            "notes": ["numbers above 100 without a sign are read as amounts", "Total cost looks like a total that"],
        },
    ),
    # The names of these costs in other languages, and their words for what is included
    (
        "koszty-pl.csv",
        {},
        {
            "fee": [40000, 190000],
            "numbers": {
                "usage": [0.2, 0],
                "agency": [0.15, 0.15],
                "exclusivity": [NAN, 0.1],
                "shipping": [0, 20],
                "product": [120, 120],
            },
            "notes": ["Prawa do wizerunku: wliczone is read as nothing to pay"],
            "currency": "PLN",
        },
    ),
    (
        "hiyou-ja.csv",
        {},
        {
            "fee": [4000000, 15000000],
            "numbers": {
                "agency": [0.2, 0.2],
                "usage": [NAN, 0],
                "usage_amount": [15000, NAN],
                "exclusivity": [0.1, NAN],
                "shipping": [0, 800],
            },
        },
    ),
    (
        "feiyong-zh.csv",
        {},
        {
            "numbers": {
                "agency": [0.1, 0.1],
                "usage": [0.2, NAN],
                "usage_amount": [NAN, 1000],
                "exclusivity": [0, 0.15],
                "shipping": [30, 30],
            },
        },
    ),
    (
        "biyong-ko.csv",
        {},
        {
            "numbers": {
                "agency": [0.15, 0.15],
                "usage": [0.3, NAN],
                "usage_amount": [NAN, 200000],
                "exclusivity": [0, 0.1],
                "shipping": [3000, 3000],
            },
        },
    ),
    (
        "rashody-ru.csv",
        {},
        {
            "fee": [4000000, 19000000],
            "numbers": {
                "agency": [0.15, 0.2],
                "usage": [0, 0.25],
                "exclusivity": [0.1, NAN],
                "shipping": [500, 500],
            },
        },
    ),
    (
        "masraflar-tr.csv",
        {},
        {"fee": [400000, 1900000], "numbers": {"agency": [0.15, 0.2], "usage": [0, 0.25], "shipping": [90, 90]}},
    ),
    (
        "biaya-id.csv",
        {},
        {"numbers": {"agency": [0.15, 0.15], "usage": [0, 0.2], "shipping": [30000, 30000]}, "currency": "IDR"},
    ),
    (
        "gastos-agencia-es.csv",
        {},
        {"fee": [40000, 190000], "numbers": {"agency": [0.15, 0.15], "usage": [0, 0.2], "shipping": [6.5, 6.5]}},
    ),
]

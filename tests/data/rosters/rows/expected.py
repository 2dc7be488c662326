"""Rows that are no creators, headers of several rows, merged cells, and sheets that are not read."""

from fractions import Fraction

ANN_BEN = {"texts": {"creator": ["ann", "ben"]}, "numbers": {"followers": [20000, 35000]}, "fee": [30000, 45000]}
FIRST_TWO = {"row": [2, 3], "numbers": {"followers": [20000, 35000]}}
SMALL = {"texts": {"creator": ["ann", "ben"]}, "numbers": {"followers": [20000, 30000]}, "fee": [30000, 20000]}


def facts(file, options=None, **expected):
    return file, options or {}, expected


def faults(file, *expected, options=None):
    return file, options or {}, {"faults": list(expected)}


def left_out(*rows):
    """Return the note on rows that were left out, each as `4 (TOTAL)`."""
    subject = "1 row is not a creator and was" if len(rows) == 1 else f"{len(rows)} rows are not creators and were"
    return f"{subject} left out: {', '.join(rows)}"


CASES = [
    # Totals and averages, in any language
    facts("total.csv", row=[2, 3], fee=[30000, 20000], notes=[left_out("4 (Total)")]),
    facts(
        "total-of-texts.csv",
        numbers={"followers": [20000, 30500]},
        fee=[130000, 20000],
        notes=[left_out("4 (Grand Total:)")],
    ),
    facts("total-stale.csv", row=[2, 3], notes=[left_out("4 (TOTAL (3 creators))")]),
    facts("total-first.csv", row=[3, 4], fee=[30000, 45000], notes=[left_out("2 (Gesamt)")]),
    facts("total-russian.csv", **FIRST_TWO, notes=[left_out("4 (Итого)", "5 (Среднее)")]),
    facts("total-japanese.csv", **FIRST_TWO, notes=[left_out("4 (合計)", "5 (平均)")]),
    facts("total-chinese.csv", **FIRST_TWO, notes=[left_out("4 (小计)", "5 (合计)")]),
    facts("total-korean.csv", **FIRST_TWO, notes=[left_out("4 (합계)")]),
    facts("total-turkish.csv", **FIRST_TWO, notes=[left_out("4 (Toplam)", "5 (Ortalama)")]),
    facts("total-polish.csv", **FIRST_TWO, notes=[left_out("4 (Razem)", "5 (Średnia)")]),
    facts("total-spanish.csv", **FIRST_TWO, notes=[left_out("4 (Suma total)", "5 (Promedio)")]),
    facts("total-french.csv", **FIRST_TWO, notes=[left_out("4 (Somme)", "5 (Moyenne)")]),
    # Totals by group at the foot of the list, also of rows that are not directly above, and amounts below
    facts(
        "totals-by-group.csv",
        row=[2, 3, 4, 5],
        fee=[30000, 40000, 70000, 90000],
        notes=["12 rows are not creators and were left out: 6 (TOTAL), 7 (Total beauty)"],
    ),
    facts("totals-by-group-stale.csv", row=[2, 3, 4, 5], fee=[30000, 40000, 70000, 90000]),
    facts("creators-called-total-of.csv", row=[2, 3, 4, 5, 6]),
    facts(
        "averages-by-group.csv",
        row=[2, 3, 5, 6],
        notes=[left_out("4 (Total Beauty)", "7 (Total)", "8 (Avg per creator)", "9 (Ø Beauty)")],
    ),
    facts(
        "amounts-below.csv",
        row=[2, 3, 4],
        notes=[left_out("5 (Total Beauty)", "6 (Total Food)", "7 (Budget)", "8 (Remaining)")],
    ),
    # A row whose figures are the sums of those above, whatever its name
    facts("sums-unnamed.csv", row=[2, 3, 4], notes=[left_out("5 (total)")]),
    facts("sums-other-name.csv", row=[2, 3, 4], notes=[left_out("5 (Everyone)")]),
    facts("sums-by-chance.csv", row=[2, 3, 4, 5]),
    facts(
        "creator-called-total.csv",
        row=[2, 3, 4, 5, 6],
        notes=["row 4 is named 'Total', but its figures are not the sum of other rows"],
    ),
    # Titles, notes and repeated headers
    facts(
        "sections.csv",
        row=[3, 4, 7],
        fee=[30000, 20000, 900000],
        notes=[left_out("2 (MICRO INFLUENCERS)", "5 (Subtotal)", "6 (MACRO INFLUENCERS)", "8 (Subtotal)", "9 (Total)")],
    ),
    facts(
        "sections-beside-handles.csv",
        row=[3, 4, 6, 8],
        notes=[left_out("2 (MEGA)", "5 (MICRO INFLUENCERS)", "7 (REELS)")],
    ),
    facts("sections-niches.csv", row=[3, 5], notes=[left_out("2 (Beauty)", "4 (Food)")]),
    facts("notes.csv", row=[2, 3], **SMALL, notes=[left_out("5 (note)", "6 (note)", "7 (note)", "8 (note)")]),
    faults(
        "name-alone.csv",
        *((f"{column}-missing", row, column) for row in (3, 4) for column in ("followers", "fee")),
    ),
    facts(
        "header-repeated.csv",
        row=[2, 3, 5, 8],
        numbers={"followers": [20000, 30000, 40000, 50000]},
        fee=[30000, 20000, 35000, 40000],
        notes=[left_out("4 (header)", "6 (Page 2)", "7 (header)")],
    ),
    # Headers of several rows
    facts(
        "groups.csv",
        row=[3, 4],
        fee=[30000, 45000],
        texts={"email": ["a@example.com", "b@example.com"]},
        notes=["the header is in rows 1 and 2"],
    ),
    facts("groups-offers.csv", texts={"offer": ["story", "reel", "story", "reel"]}, fee=[10000, 30000, 15000, 45000]),
    facts("units-row.csv", **ANN_BEN, row=[3, 4], currency="EUR", readings={"ER (%)": "percent"}),
    facts("header-two-languages.csv", **ANN_BEN, row=[3, 4]),
    facts("header-blank.csv", **ANN_BEN, columns={"column 4": None}),
    # All at once
    facts(
        "messy.csv",
        {"fees_required": False, "exchange": {"GBP": Fraction(127, 100)}, "currency": "USD"},
        creators=4,
        row=[6, 7, 7, 10, 10, 11],
        notes=["the header is in rows 3 and 4", "7 rows are not creators and were left out: 5 (NANO), 8 (Sub-total)"],
    ),
    # Merged cells
    facts(
        "merged-names.csv",
        texts={"creator": ["Ann", "Ann", "Ann", "Ben"], "offer": ["Reel", "Story", "Video", "Reel"]},
        numbers={"followers": [20000, 20000, 12000, 5000], "engagement_rate": [0.03, 0.03, 0.04, 0.05]},
        creators=2,
        notes=["2 rows without a name belong to the creator above: 3, 4"],
    ),
    faults("nameless.csv", ("creator-missing", 2, "name"), ("creator-missing", 3, "name")),
    faults(
        "nameless-others.csv",
        ("creator-missing", 3, "name"),
        ("creator-missing", 5, "name"),
        ("followers-missing", 5, "followers"),
    ),
    facts("merged-cells.xlsx", row=[3, 4], fee=[30000, 45000], texts={"niche": ["beauty", "food"]}),
    facts("merged-creators.xlsx", creators=2, row=[2, 3, 4], numbers={"followers": [20000, 20000, 35000]}),
    facts(
        "hidden-sheets.xlsx",
        texts={"creator": ["ann"]},
        notes=["only sheet 'Creators' was read; 'TikTok' and 'Old' (hidden) hold creators too"],
    ),
    facts("hidden-sheets.xlsx", {"sheet": "Old"}, texts={"creator": ["zoe"]}, notes=["read sheet 'Old'; not read"]),
    facts(
        "groups-notes-last.csv",
        texts={"creator": ["anna", "anna", "ben", "ben", "cleo", "cleo"]},
        columns={"Creator profile": "creator", "Notes": None, "TikTok Followers": "followers"},
    ),
]

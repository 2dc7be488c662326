"""Money that no cost counts is told in one line; results, times and the fee once more are not money ignored."""

from pathlib import Path

import pytest

from microopt.readers.options import ReadOptions
from microopt.readers.roster import read_roster
from tests.readers.builders import read

COSTS = Path(__file__).parents[2] / "data" / "rosters" / "costs"


def uncounted(path, **options):
    return [note for note in read_roster(str(path), ReadOptions(**options)).notes if "not counted" in note]


@pytest.fixture
def told(tmp_path):
    def told(header, *cells):
        lines = [f"creator,followers,fee,{header}"]
        lines += [f'c{number},20000,{400 + number},"{cell}"' for number, cell in enumerate(cells)]
        path = tmp_path / "roster.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return uncounted(path)

    return told


@pytest.mark.parametrize("name", ["results-are-no-costs.csv", "total-repeats-fee.csv", "every-cost.csv"])
def test_what_is_counted_or_no_cost_is_not_told(name):
    assert not uncounted(COSTS / name)


@pytest.mark.parametrize(
    ("headers", "cells", "said"),
    [
        (
            "IG Reel,IG Story,TikTok price",
            ["300,90,200", "60,20,50"],
            "IG Reel and IG Story hold numbers that are not used",
        ),
        ("Reel,fee", ["300,200", "60,50"], "Reel holds numbers that are not used"),
    ],
)
def test_numbers_that_may_be_prices_of_a_format_are_told(headers, cells, said):
    roster = read(f"creator,followers,{headers}\nann,20000,{cells[0]}\nben,3000,{cells[1]}\n")
    first = headers.partition(",")[0]
    (note,) = [note for note in roster.notes if note.startswith(said)]
    assert note.endswith(f"name the currency in the header: {first} (USD)")
    renamed = headers.replace("IG Reel", "IG Reel (USD)").replace("Reel,fee", "Reel (USD),fee")
    priced = read(f"creator,followers,{renamed}\nann,20000,{cells[0]}\nben,3000,{cells[1]}\n")
    assert len(priced) > len(roster)


@pytest.mark.parametrize("column", ["Reels,45,60", "Reel,3,4", "Reel,yes,no", "TikTok,45,60"])
def test_numbers_of_posts_are_not_told_as_prices(column):
    header, first, second = column.split(",")
    roster = read(f"creator,followers,fee,{header}\nann,20000,300,{first}\nben,3000,60,{second}\n")
    assert not [note for note in roster.notes if "not used" in note]


def test_all_columns_are_told_in_one_line():
    assert len(uncounted(COSTS / "not-counted-several.csv")) == 1


@pytest.mark.parametrize("header", ["Photographer", "Bonus", "Props and styling", "Freigabe"])
def test_a_column_of_money_under_any_name_is_told(told, header):
    (note,) = told(header, "$90", "", "$1,200")
    assert note == f"{header} ($1,290 in all) is not counted as a cost (--map '{header}=extra_cost' counts it)"


@pytest.mark.parametrize(
    ("header", "cells", "said"),
    [
        ("Photographer", ["TBD", "$900", "tbc", "TBD"], "Photographer ($900 in all)"),
        ("Photographer", ["gratis", "gifted", "on request", "$1,200", "free product"], "Photographer ($1,200 in all)"),
        ("Props (EUR)", ["TBD", "90", "inklusive", "nach Absprache"], "Props (EUR) (€90 in all)"),
        ("Kickback", ["TBD", "waived", "none", "15%"], "Kickback (such as 15%)"),
        ("Styling", ["see mail", "asked twice", "$75", "ok"], "Styling ($75 in all)"),
    ],
)
def test_words_in_most_cells_do_not_hide_money(told, header, cells, said):
    (note,) = told(header, *cells)
    assert note.startswith(f"{said} is not counted as a cost")


@pytest.mark.parametrize("cells", [["TBD", "gifted", ""], ["call Ann on 5 May", "sent $5 voucher", "TBD"]])
def test_words_without_an_amount_of_their_own_are_no_money(told, cells):
    assert not told("Styling", *cells)


@pytest.mark.parametrize(
    ("header", "cells", "is_total"),
    [
        ("Photographer", ["$900", "", ""], False),
        ("Total cost", ["$900", "", ""], True),
        ("Invoice", ["$900", "$800", ""], True),
    ],
)
def test_a_few_large_amounts_are_a_total_only_where_the_header_says_so(told, header, cells, is_total):
    (note,) = told(header, *cells)
    assert ("looks like a total" in note) == is_total


def test_amounts_of_several_currencies_are_not_added_up(told):
    (note,) = told("Bonus", "$90", "100 €", "")
    assert "Bonus (in EUR and USD) is not counted" in note


@pytest.mark.parametrize("header", ["VAT", "Processing fee", "Sales tax", "Tax"])
def test_a_column_whose_name_says_cost_is_told_without_a_sign(told, header):
    (note,) = told(header, "90", "10", "")
    assert f"{header} ($100 in all)" in note


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("EMV", ["$900", "$100"]),
        ("Revenue", ["$900", "$100"]),
        ("Avg order value", ["$45", "$50"]),
        ("Exclusivity (months)", ["3", "6"]),
        ("Score", ["3", "6"]),
        ("VAT", ["", ""]),
        ("VAT", ["0", "$0"]),
        ("VAT", ["reverse charge", "reverse charge"]),
        ("Tax note", ["$5 see mail", "ask"]),
    ],
)
def test_no_cost_is_not_told(told, header, cells):
    assert not told(header, *cells)


def test_a_column_that_is_set_aside_is_not_told(tmp_path):
    assert not uncounted(COSTS / "not-counted-vat.csv", columns={"VAT": "ignore"})


def test_the_second_column_of_one_surcharge_is_told(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("creator,followers,fee,Usage rights,Paid usage\na,20000,400,$40,$55\n", encoding="utf-8")
    (note,) = uncounted(path)
    assert "($55 in all)" in note or "($40 in all)" in note


@pytest.mark.parametrize(
    "header",
    [
        "Artist commission",
        "Kickback",
        "Surcharge (rush)",
        "Aufschlag",
        "Narzut",
        "Recargo",
        "事務手数料",
        "플랫폼 수수료",
    ],
)
def test_a_share_of_the_fee_under_a_word_for_a_cost_is_told(told, header):
    (note,) = told(header, "15%", "", "10%")
    how = f"--map '{header}=agency' counts it as a share of the fee"
    assert note == f"{header} (such as 15%) is not counted as a cost ({how})"


def test_a_fraction_under_a_word_for_a_cost_is_a_share(told):
    (note,) = told("Processing fee", "0.15", "0.1")
    assert note.startswith("Processing fee (such as 0.15) is not counted")


def test_a_share_of_the_fee_counts_once_it_is_mapped(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("creator,followers,fee,Kickback\na,20000,400,15%\nb,30000,500,10%\n", encoding="utf-8")
    roster = read_roster(str(path), ReadOptions(columns={"Kickback": "agency"}))
    assert roster.numbers["agency"].tolist() == [0.15, 0.1]


@pytest.mark.parametrize(
    "header",
    [
        *("Female %", "Age 18-24", "Audience US", "Growth rate", "Story completion", "Fake followers", "Top country"),
        *("Promo discount", "Agent ID", "Manager phone", "Product rating", "Rights until", "Save rate", "Open rate"),
    ],
)
def test_shares_of_an_audience_and_other_figures_are_not_costs(told, header):
    assert not told(header, "15%", "12%")
    assert not told(header, "12", "2027")


def test_the_second_right_with_a_term_in_its_header_is_told(tmp_path):
    path = tmp_path / "roster.csv"
    header = "creator,followers,fee,Usage rights (6 months),Usage rights (12 months)"
    path.write_text(f"{header}\na,20000,400,15%,25%\nb,30000,500,15%,25%\n", encoding="utf-8")
    (note,) = uncounted(path)
    assert "Usage rights (12 months) (such as 25%) is not counted" in note


def test_a_share_beside_that_of_the_agency_is_to_be_added_to_it(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(
        "creator,followers,fee,Agency %,Kickback\na,20000,400,15%,5%\nb,30000,500,15%,5%\n", encoding="utf-8"
    )
    assert uncounted(path) == ["Kickback (such as 5%) is not counted as a cost (add it to Agency % to count it)"]

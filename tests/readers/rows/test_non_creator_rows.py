"""Rows that are not creators are left out with a note; creators never are."""

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from microopt.errors import RosterError
from microopt.readers.options import ReadOptions
from microopt.readers.roster import read_roster
from microopt.readers.rows import suspect_rows
from microopt.readers.words.price_headers import MONTHS
from microopt.readers.words.row_words import (
    AVERAGES,
    COUNTS,
    TOTALS,
    TotalName,
    begins_like_note,
    is_lone_title,
    is_section_title,
    plain_labels,
    total_name,
)
from tests.scale import examples

WORDS = [word.strip() for word in f"{TOTALS}, {AVERAGES}".split(",")]
CREATORS = [("ann", 20000, 300), ("ben", 35000, 455), ("cleo", 5100, 80)]
SUMS, MEANS = (60100, 835), (60100 / 3, 835 / 3)


@pytest.fixture
def read(tmp_path):
    def read_rows(*rows, header="creator,followers,fee"):
        path = tmp_path / "list.csv"
        lines = [",".join(map(str, row)) if isinstance(row, tuple) else row for row in rows]
        path.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
        return read_roster(str(path))

    return read_rows


def left_out(roster):
    return {int(row): remark.code for remark in roster.left_out for row in remark.rows}


@pytest.mark.parametrize("word", WORDS)
def test_every_word_for_a_total_is_known_however_it_is_written(word):
    for name in (word, word.upper(), word.title(), f"{word}:", f"** {word} **", f"{word} (12)"):
        assert total_name(name) is TotalName.PLAIN, name


@pytest.mark.parametrize(
    "name", ["@total", "total_fit", "Totally Spies", "Summer", "Meaney", "Sumo", "mediaqueen", "anna.total", "Ann", ""]
)
def test_names_that_only_look_like_a_total_are_none(name):
    assert total_name(name) is TotalName.NONE


@pytest.mark.parametrize(
    "text", ["* excl. VAT", "Source: Modash", "Updated 3 May", "Stand: 3. Mai", "(all prices net)"]
)
def test_notes_are_known_by_how_they_begin(text):
    assert begins_like_note(text)


@pytest.mark.parametrize("text", ["@updated", "Anna Smith", "Noted", "sourcefood", "pricey"])
def test_names_are_no_notes(text):
    assert not begins_like_note(text)


@pytest.mark.parametrize("text", ["MICRO INFLUENCERS", "Macro tier", "Batch 2", "Instagram", "Backups:", "March"])
def test_titles_of_sections_are_known(text):
    assert is_section_title(text)


@pytest.mark.parametrize("text", ["Jan Novak", "Marco", "Julio Mendes"])
def test_names_that_are_months_elsewhere_are_not_titles(text):
    assert text.split()[0].casefold() in MONTHS
    assert not is_section_title(text)


@pytest.mark.parametrize("text", ["@micro", "Anna Smith", "micro_anna", "instagram", "ANNA"])
def test_names_are_no_titles(text):
    assert not is_section_title(text)


@pytest.mark.parametrize("word", WORDS[::7])
@pytest.mark.parametrize("figures", [SUMS, MEANS, ("", 835), ("", "")], ids=["sums", "means", "fee", "none"])
def test_a_total_is_left_out_below_and_above_its_creators(word, figures, read):
    total = (word, *figures)
    for rows, number in (([*CREATORS, total], 5), ([total, *CREATORS], 2)):
        roster = read(*rows)
        assert len(roster) == 3
        assert left_out(roster) == {number: "total-row"}
        assert f"1 row is not a creator and was left out: {number} (" in " ".join(roster.notes)


def test_a_total_that_was_not_updated_is_left_out_too(read):
    assert len(read(*CREATORS, ("TOTAL", 61000, 900))) == 3


def test_a_creator_who_is_called_like_a_total_is_kept_and_doubted(read):
    roster = read(*CREATORS, ("Total", 12345, 99))
    assert len(roster) == 4
    assert [(remark.code, remark.rows.tolist()) for remark in roster.remarks] == [("total-doubted", [5])]
    assert any("row 5 is named 'Total'" in note for note in roster.notes)


def test_a_handle_is_never_a_total(read):
    assert len(read(*CREATORS, ("@total", *SUMS))) == 4


def test_subtotals_end_their_sections(read):
    rows = [("Ann", 20000, 300), ("Ben", 30000, 200), ("Subtotal", 50000, 500), ("Cleo", 700000, 9000)]
    roster = read(*rows, ("Dora", 600000, 8000), ("Subtotal", 1300000, 17000), ("Grand total", 1350000, 17500))
    assert roster.row.tolist() == [2, 3, 5, 6]


def test_sums_of_all_columns_are_a_total_whatever_their_name(read):
    assert len(read(*CREATORS, ("Everyone", *SUMS))) == 3
    assert len(read(*CREATORS, ("", *SUMS))) == 3


def test_multiples_are_no_totals(read):
    assert len(read(("a", 1000, 10), ("b", 2000, 20), ("c", 3000, 30), ("d", 6000, 60))) == 4


def test_a_repeated_header_leaves_the_figures_numbers(read):
    roster = read(*CREATORS, "creator,followers,fee", ("dora", 7000, 70))
    assert roster.numbers["followers"].tolist() == [20000, 35000, 5100, 7000]
    assert left_out(roster) == {5: "header-row"}


def test_a_note_with_commas_is_one_row_that_is_left_out(read):
    roster = read(*CREATORS, "", "* prices exclude VAT, shipping, usage rights, and boosting")
    assert left_out(roster) == {6: "note-row"}


def test_a_creator_without_figures_is_a_fault_and_not_a_note(read):
    with pytest.raises(RosterError) as caught:
        read(*CREATORS, ("Anna Smith", "", ""))
    assert {(fault.row, fault.column) for fault in caught.value.faults} == {(5, "followers"), (5, "fee")}


def test_many_rows_are_told_in_one_note(read):
    rows = [row for i in range(9) for row in (f"BATCH {i},,", (f"creator{i}", 1000 + 37 * i, 10 + i * i))]
    roster = read(*rows)
    (note,) = [note for note in roster.notes if "not creators" in note]
    assert note.startswith("9 rows are not creators and were left out: 2 (BATCH 0), 4 (BATCH 1)")
    assert note.endswith("and 3 more")


def test_a_large_file_gives_the_same(tmp_path, monkeypatch):
    rows = [("ann", 20000, 300), ("ben", 35000, 455), ("Total", 55000, 755), ("cleo", 5100, 80), ("Sum", 60100, 835)]
    text = "\n".join(["creator,followers,fee", *(",".join(map(str, row)) for row in rows), "Updated 3 May,,", ""])
    path = tmp_path / "list.csv"
    path.write_text(text)
    small = read_roster(str(path))
    monkeypatch.setattr(suspect_rows, "ALL_ROWS", 0)
    monkeypatch.setattr(suspect_rows, "LAST_ROWS", 3)
    large = read_roster(str(path))
    assert small.row.tolist() == large.row.tolist() == [2, 3, 5]
    assert small.notes == large.notes


names = st.text(string.ascii_lowercase, min_size=3, max_size=8).map(lambda name: f"@{name}")
creators = st.lists(
    st.tuples(names, st.integers(1000, 10**6), st.integers(10, 5000)),
    min_size=2,
    max_size=8,
    unique_by=lambda row: row[0],
)


@settings(max_examples=examples(100), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(creators, st.sampled_from(WORDS), st.booleans(), st.sampled_from(["", "Updated 3 May,,", "* excl. VAT,,"]))
def test_totals_and_notes_change_nothing(tmp_path, rows, word, is_first, note):
    total = (word, sum(row[1] for row in rows), sum(row[2] for row in rows))
    lines = [",".join(map(str, row)) for row in ([total, *rows] if is_first else [*rows, total])]
    path = tmp_path / "list.csv"
    path.write_text("\n".join(["creator,followers,fee", *lines, note, ""]), encoding="utf-8")
    roster = read_roster(str(path), ReadOptions())
    assert [roster.text("creator", row) for row in range(len(roster))] == [row[0] for row in rows]
    assert roster.numbers["followers"].tolist() == [row[1] for row in rows]
    assert roster.fee.tolist() == [100 * row[2] for row in rows]


def test_the_least_and_greatest_figures_below_averages_are_no_creators(read):
    block = [("Average", 60100 / 3, 835 / 3), ("Min", 5100, 80), ("Max", 35000, 455)]
    assert left_out(read(*CREATORS, *block)) == {5: "total-row", 6: "total-row", 7: "total-row"}


@pytest.mark.parametrize("word", [*COUNTS.split(", "), "Count of creators", "Anzahl Influencer", "COUNT:"])
def test_the_number_of_rows_below_a_list_is_not_a_creator(word, read):
    roster = read(*CREATORS, ("Total", *SUMS), (word, 3, 3))
    assert left_out(roster) == {5: "total-row", 6: "total-row"}
    assert left_out(read(*CREATORS, (word, 3, 3))) == {5: "total-row"}


@pytest.mark.parametrize("name", ["Count Dracula", "Numbers", "@count", "Count"])
def test_a_creator_called_like_a_count_is_kept(name, read):
    roster = read(*CREATORS, (name, 9000, 120))
    assert len(roster) == 4
    assert any("it is kept as a creator" in note for note in roster.notes) == (name == "Count")


def test_a_creator_called_max_is_kept(read):
    assert len(read(*CREATORS, ("Max", 90000, 900))) == 4
    assert len(read(*CREATORS, ("Max", 90000, 900), ("TOTAL", 150100, 1735))) == 4


@pytest.mark.parametrize("figures", [("=SUM(B2:B4)", "=SUM(C2:C4)"), ("#REF!", "#REF!"), ("3 creators", 835)])
def test_a_total_whose_figures_cannot_be_read_is_no_fault(figures, read):
    assert left_out(read(*CREATORS, ("Total", *figures))) == {5: "total-row"}


def test_creators_called_like_totals_are_named_in_one_note(read):
    rows = [(f"@c{i}", 1000 * i, 100 * i) for i in range(3, 9)]
    roster = read(("Total", 64000, 9), *rows[:3], ("Sum", 77000, 7), *rows[3:], header="creator,followers,fee")
    (note,) = [note for note in roster.notes if "named" in note]
    assert note == (
        "rows 2, 6 are named 'Total', 'Sum', but their figures are not the sum of other rows: they are kept as creators"
    )


def test_amounts_below_the_list_are_left_out_but_no_creator_without_followers(read):
    roster = read(*CREATORS, ("incl. 19% VAT", "", 994), ("Budget", "", 5000))
    assert left_out(roster) == {5: "row-below-list", 6: "row-below-list"}
    for rows in ([("dora", "", 500)], [("Tax Girl", "", 500)], [("Total", *SUMS), ("@budget", "", 500)]):
        with pytest.raises(RosterError) as caught:
            read(*CREATORS, *rows)
        assert [fault.code for fault in caught.value.faults] == ["followers-missing"]


@pytest.mark.parametrize("name", ["Total beauty", "Summe Beauty", "Sous-total Beauté", "Ø Beauty", "TOTAL BEAUTY (2)"])
def test_a_total_of_a_group_is_left_out_wherever_its_rows_are(read, name):
    header = "creator,niche,followers,fee"
    rows = [("ann", "beauty", 20000, 300), ("ben", "food", 35000, 455), ("cleo", "beauty", 5100, 80)]
    figures = (12550, 190) if name.startswith("Ø") else (25100, 380)
    assert left_out(read(*rows, (name, "", *figures), header=header)) == {5: "total-row"}


def test_a_creator_called_like_a_total_may_have_the_figures_of_another(read):
    rows = [("ann", "food", 20000, 300), ("ben", "beauty", 35000, 455), ("Total Wellness", "health", 20000, 300)]
    assert left_out(read(*rows, header="creator,niche,followers,fee")) == {}


def test_a_total_that_is_named_in_another_column_is_left_out(read):
    rows = [
        ("ann", "instagram", 20000, 300),
        ("ben", "tiktok", 35000, 455),
        ("", "IG total", "", 300),
        ("", "Total", "", 755),
    ]
    roster = read(*rows, header="creator,platform,followers,fee")
    assert left_out(roster) == {4: "total-row", 5: "total-row"}


def test_a_name_that_begins_like_a_total_is_doubted_where_nothing_tells(read):
    roster = read(*CREATORS, ("Total Fitness", 12000, 150))
    assert left_out(roster) == {}
    assert "row 5 is named 'Total Fitness'" in " ".join(roster.notes)


TITLES = [
    *(
        "MEGA",
        "MICRO INFLUENCERS",
        "Mikro-Influencer",
        "МИКРО",
        "Макро",
        "マイクロ",
        "IG",
        "YouTube",
        "REELS",
        "Stories",
    ),
    *("UGC", "FASHION", "Beauty & Fashion", "PARENTING", "100k-1M", "10K – 50K followers", "> 1 Mio", "50K+", "A-LIST"),
]


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize(
    ("header", "ann", "ben", "cells"),
    [
        ("creator,followers,fee", "ann,20000,300", "ben,35000,455", ",,"),
        ("No,creator,followers,fee", "1,ann,20000,300", "2,ben,35000,455", ",,,"),
        ("Name,Handle,Followers,Fee", "Ann B,@ann,20000,300", "Ben C,@ben,35000,455", ",,,"),
        ("Profile,Followers,Fee", "instagram.com/ann/,20000,300", "instagram.com/ben/,35000,455", ",,"),
        ("creator,niche,followers,fee", "ann,food,20000,300", "ben,food,35000,455", ",,,"),
    ],
    ids=["creators", "numbered", "handles", "links", "niches"],
)
def test_a_title_alone_in_its_row_is_left_out_with_its_number(title, header, ann, ben, cells, read):
    for rows, number in (([ann, f"{title}{cells}", ben], 3), ([f"{title}{cells}", ann, ben], 2)):
        roster = read(*rows, header=header)
        assert len(roster) == 2
        assert left_out(roster) == {number: "section-row"}
        assert f"left out: {number} ({title})" in " ".join(roster.notes)


def test_a_title_in_a_merged_row_is_left_out(read):
    assert left_out(read(CREATORS[0], "MEGA,MEGA,MEGA", CREATORS[1])) == {3: "section-row"}


def test_a_niche_of_the_list_is_a_title_in_lower_case_too(read):
    header = "creator,niche,followers,fee"
    roster = read("ann,gardening,20000,300", "gardening,,,", "ben,gardening,35000,455", header=header)
    assert left_out(roster) == {3: "section-row"}


@pytest.mark.parametrize("row", ["@MEGA,,", "beauty,,", "micro_anna,,", "Anna Food,,", "Annalena,,"])
def test_a_creator_without_figures_stays_a_fault(row, read):
    with pytest.raises(RosterError) as caught:
        read(CREATORS[0], row, CREATORS[1])
    assert {(fault.row, fault.code) for fault in caught.value.faults} == {(3, "followers-missing"), (3, "fee-missing")}


def test_a_name_in_capitals_is_not_a_title_where_others_are_in_capitals(read):
    with pytest.raises(RosterError):
        read(("ANN", 20000, 300), "BELLA,,", ("BEN", 35000, 455))


@pytest.mark.parametrize("text", ["2024", "10k", "Ann 10k", "beauty", "@micro", "fit_food", "", "&"])
def test_other_texts_are_not_titles(text):
    assert not is_lone_title(text, plain_labels(["Travel"]), may_be_name=True)


@pytest.mark.parametrize("part", [" ", "1", "1 ", "1.", ", "])
def test_a_text_as_long_as_a_page_is_judged_in_an_instant(part):
    """A pattern with two runs of spaces next to each other divides one run in each of its places."""
    assert not is_lone_title(f"1{part * 50_000}!", plain_labels(["Travel"]), may_be_name=True)

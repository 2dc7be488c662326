"""A comma in a cell divides where the column shows that it holds lists, and nowhere else."""

import tomllib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.campaign.rule_grammar import parse_selector
from microopt.errors import RosterError
from microopt.readers.cells.list_cells import divide_at, divide_by_evidence
from microopt.readers.options import ReadOptions
from microopt.readers.roster import read_roster
from microopt.roster.roster import TextColumn
from microopt.roster.selection import matching_offers

WORDS = st.lists(
    st.sampled_from(["beauty", "food", "travel", "tech", "Home Decor"]), min_size=1, max_size=3, unique=True
)


def column(*labels):
    return TextColumn(codes=np.arange(len(labels), dtype=np.int32), labels=labels)


def divided(*labels, is_list=False):
    return list(divide_by_evidence(column(*labels), is_list=is_list).column.values)


@pytest.mark.parametrize(
    ("labels", "values"),
    [
        (("beauty, travel", "travel"), [("beauty", "travel"), ("travel",)]),
        (("beauty, travel", "food, travel"), [("beauty", "travel"), ("food", "travel")]),
        (("Beauty,Travel", "TRAVEL"), [("Beauty", "Travel"), ("TRAVEL",)]),
        (("美妆、美食", "美食"), [("美妆", "美食"), ("美食",)]),
        (("Actors, actresses", "Music"), [("Actors, actresses",), ("Music",)]),
        (("Actors, actresses", ""), [("Actors, actresses",), ("",)]),
        (("beauty|travel", "food, drink"), [("beauty", "travel"), ("food, drink",)]),
        (("beauty; travel", "food, travel"), [("beauty", "travel"), ("food", "travel")]),
        (("beauty\ntravel", "food"), [("beauty", "travel"), ("food",)]),
        (("food & travel", "food", "travel"), [("food", "travel"), ("food",), ("travel",)]),
        (("food and travel", "food", "travel"), [("food", "travel"), ("food",), ("travel",)]),
        (("Food & Drink", "Food"), [("Food & Drink",), ("Food",)]),
        (
            ("Beauty, Fashion & Life", "Fashion", "Life", "Sports, Fitness"),
            [("Beauty", "Fashion", "Life"), ("Fashion",), ("Life",), ("Sports", "Fitness")],
        ),
        (("beauty/skincare", "food"), [("beauty", "skincare"), ("food",)]),
        (("Actors/actresses, Music", "Music"), [("Actors/actresses", "Music"), ("Music",)]),
        (("#beauty #travel", "#food"), [("beauty", "travel"), ("#food",)]),
        (("['beauty', 'travel']", "food"), [("beauty", "travel"), ("food",)]),
        (("beauty, beauty", "beauty"), [("beauty",), ("beauty",)]),
        (("beauty, ", "beauty"), [("beauty",), ("beauty",)]),
    ],
)
def test_a_cell_is_divided_by_the_evidence_of_its_column(labels, values):
    assert divided(*labels) == values


def test_a_header_that_says_list_is_evidence():
    assert divided("Actors, actresses", is_list=True) == [("Actors", "actresses")]


def test_the_legal_form_of_a_company_is_no_value_of_its_own():
    assert divided("Acme, Inc., Bolt", is_list=True) == [("Acme, Inc.", "Bolt")]


def test_only_cells_that_were_divided_by_evidence_are_told():
    reading = divide_by_evidence(column("a|b", "c, d", "d"), is_list=False)
    assert (reading.rows, reading.example) == (1, "c, d")


@given(st.lists(WORDS, min_size=1, max_size=12))
def test_lists_joined_by_commas_are_the_lists_joined_by_bars(lists):
    commas, bars = ([mark.join(words) for words in lists] for mark in (", ", "|"))
    assert divided(*commas, is_list=True) == divided(*bars)


@given(st.lists(st.text(alphabet="ab,&/ ;|", max_size=8), max_size=6))
def test_dividing_loses_no_letter_and_does_not_depend_on_the_order(labels):
    def letters(text):
        return sorted(set(text) & {"a", "b"})

    forward = divided(*labels)
    assert [letters("".join(values)) for values in forward] == [letters(label) for label in labels]
    assert divided(*labels[::-1]) == forward[::-1]


@pytest.mark.parametrize(
    ("separators", "values"),
    [
        (",", [("Actors", "actresses & more")]),
        ("&", [("Actors, actresses", "more")]),
        (", &", [("Actors", "actresses", "more")]),
    ],
)
def test_the_user_says_what_divides(separators, values):
    assert list(divide_at(column("Actors, actresses & more"), separators).values) == values


def test_an_empty_setting_keeps_cells_whole():
    assert divide_at(column("a|b", "b"), "").values is None


def read(tmp_path, text, **options):
    path = tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    return read_roster(str(path), ReadOptions(**options))


def test_a_quota_counts_each_value_of_a_list(tmp_path):
    cells = ["beauty, travel", "travel", "food, travel", "food"]
    lines = [f'@c{number},{2000 + number},9,"{cell}"' for number, cell in enumerate(cells)]
    roster = read(tmp_path, "\n".join(["handle,followers,fee,niche", *lines, ""]))
    assert matching_offers(roster, parse_selector("niche:travel")).tolist() == [True, True, True, False]
    assert matching_offers(roster, parse_selector("niche:food")).tolist() == [False, False, True, True]


def test_a_rule_on_a_language_counts_everybody_who_speaks_it(tmp_path):
    path = tmp_path / "roster.csv"
    text = 'handle,followers,fee,language\n@ann,2000,30,"en, de"\n@ben,3000,40,en\n@cleo,900,10,de|fr\n'
    path.write_text(text, encoding="utf-8")
    roster = read_roster(str(path))
    assert matching_offers(roster, parse_selector("language:en")).tolist() == [True, True, False]
    assert matching_offers(roster, parse_selector("language:de")).tolist() == [True, False, True]
    assert [note for note in roster.notes if "language: 1 cell is a list, such as 'en, de'" in note]


def test_a_comma_that_divides_nothing_is_told_in_check(tmp_path):
    roster = read(tmp_path, 'handle,followers,fee,niche\n@a,2000,9,"Actors, actresses"\n@b,2000,9,Music\n')
    assert [use.reading for use in roster.columns if use.header == "niche"] == ["cells kept whole at commas"]
    assert not roster.notes


TEXT = 'handle,followers,fee,Niche,speaks\n@a,2000,9,"beauty, travel","en, de"\n@b,2000,9,travel,en\n'


def test_one_note_tells_what_was_divided_and_how_to_keep_it_whole(tmp_path):
    roster = read(tmp_path, TEXT)
    assert roster.texts["niche"].label_values(0) == ("beauty", "travel")
    assert roster.notes[0] == (
        "Niche: 1 cell is a list, such as 'beauty, travel' "
        '(to keep such cells whole, put lists.Niche = "" at the top of campaign.toml and add -c campaign.toml)'
    )


@pytest.mark.parametrize("header", ["Niche", "Content category"])
def test_the_setting_that_the_note_names_keeps_cells_whole(tmp_path, header):
    text = TEXT.replace("Niche", header)
    (note,) = [note for note in read(tmp_path, text).notes if "is a list" in note]
    line = note.partition("put ")[2].partition(" at the top")[0]
    kept = read(tmp_path, text, lists=tomllib.loads(line)["lists"])
    assert kept.texts["niche"].label_values(0) == ("beauty, travel",)


def test_a_campaign_with_settings_of_lists_gets_one_more_below_them(tmp_path):
    (note,) = [note for note in read(tmp_path, TEXT, lists={"speaks": ","}).notes if "is a list" in note]
    assert 'put Niche = "" under [lists] in the campaign file' in note


@pytest.mark.parametrize("name", ["niche", "Niche"])
def test_the_setting_wins_over_the_evidence(tmp_path, name):
    roster = read(tmp_path, TEXT, lists={name: "", "speaks": ","})
    assert roster.texts["niche"].label_values(0) == ("beauty, travel",)
    assert roster.texts["speaks"].label_values(0) == ("en", "de")
    assert not any("[lists]" in note for note in roster.notes)


def test_a_setting_for_a_column_that_is_not_there_is_a_fault(tmp_path):
    with pytest.raises(RosterError) as caught:
        read(tmp_path, TEXT, lists={"nische": ","})
    (fault,) = caught.value.faults
    assert (fault.code, fault.fix) == ("columns-unknown", "did you mean niche?")


def test_a_column_of_a_long_name_that_the_roster_lacks_is_not_printed_whole(tmp_path):
    with pytest.raises(RosterError) as caught:
        read(tmp_path, TEXT, lists={"x" * 1_000_000: ""})
    (fault,) = caught.value.faults
    assert len(fault.message) < 300
    assert fault.message.endswith("xxx…'")

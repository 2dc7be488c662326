"""The audience of each creator, as far as a roster states it."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.campaign.target_audience import parse_target_audience
from microopt.errors import RosterError
from tests.planning.builders import CALM
from tests.readers.builders import fault_keys, read, roster_error
from tests.support.hostile_text import PAYLOADS

HEAD = "creator,followers,fee"
EVERYONE = {"country": ["DE", "AT"], "age": "18-29", "gender": "female"}


def audience(lines, *headers, country=(), age=None, gender=None):
    """Return what is stated of each row's audience; a line is the cells of these headers."""
    roster = read_roster(lines, *headers, country=country, age=age, gender=gender)
    return {
        name: [None if np.isnan(each) else round(float(each), 6) for each in shares]
        for name, shares in roster.audience.columns().items()
    }


def table(lines, *headers):
    rows = [f"@c{number};5000;100;{line}" for number, line in enumerate(lines)]
    return "\n".join([";".join([*HEAD.split(","), *headers]), *rows]) + "\n"


def read_roster(lines, *headers, country=(), age=None, gender=None, **options):
    target = parse_target_audience(country, age, gender)
    return read(table(lines, *headers), target_audience=target, **options)


def test_without_a_target_no_audience_is_read():
    roster = read(table(["130%;lots"], "Audience DE", "% Female"))
    assert roster.audience is None


def test_columns_of_one_share_each_are_added_up_over_the_countries_of_the_target():
    found = audience(["62;11;5", "5;50;", ";;"], "Audience DE", "Audience AT", "Audience CH", country=["DE", "AT"])
    assert found["country"] == [0.73, 0.55, None]


def test_fractions_are_shares_as_they_are_and_percent_signs_say_what_they_are():
    assert audience(["0.62;0.11"], "Audience DE", "Audience AT", country=["DE", "AT"])["country"] == [0.73]
    assert audience(["62%;0,5%"], "Audience DE", "Audience AT", country=["DE", "AT"])["country"] == [0.625]


def test_an_empty_cell_is_no_share_where_the_row_states_others():
    assert audience(["62;", ";11"], "Audience DE", "Audience AT", country=["AT"])["country"] == [0.0, 0.11]


def test_ages_of_bands_that_overlap_partly_count_by_their_years():
    found = audience(["10;40;30;20", ";;;"], "13-17", "18-24", "25-34", "35+", age="18-29")
    assert found["age"] == [0.55, None]


def test_the_share_of_the_other_gender_says_what_the_rest_is():
    assert audience(["70"], "% Female", gender="male")["gender"] == [0.3]
    assert audience(["70;20"], "% Female", "% Male", gender="male")["gender"] == [0.2]


def test_ages_of_each_gender_give_both_at_once():
    found = audience(["30;20;25;25"], "F 18-24", "F 25-34", "M 18-24", "M 25-34", age="18-24", gender="female")
    assert (found["age"], found["gender"], found["age_and_gender"]) == ([0.55], [0.5], [0.3])


@pytest.mark.parametrize(
    "cell",
    ["DE 62%, AT 11%", "Germany: 62% | Austria: 11%", '{"DE":0.62,"AT":0.11}', "🇩🇪 62% 🇦🇹 11%", "62% DE, 11% AT"],
)
def test_cells_that_hold_several_shares_are_read(cell):
    quoted = '"' + cell.replace('"', '""') + '"'
    assert audience([quoted], "Audience countries", country=["DE", "AT"])["country"] == [0.73]


def test_cells_without_percent_signs_are_percents_where_one_of_them_exceeds_1():
    cells = ["DE 62; AT 11".replace(";", ","), "DE 0.5, AT 0.5"]
    assert audience(cells, "Audience countries", country=["DE", "AT"])["country"] == [0.73, 0.01]


def test_places_without_shares_say_where_an_audience_mostly_is():
    found = audience(["Germany", "Austria", "France", "", "DACH"], "Audience country", country=["DE", "AT"])
    assert found["country"] == [None] * 5
    assert found["mostly"][:4] == [1.0, 1.0, 0.0, None]
    assert 0.9 < found["mostly"][4] < 1


def test_columns_of_one_share_each_come_before_cells_of_several():
    found = audience(["50;DE 62%", ";DE 62%"], "Audience DE", "Audience countries", country=["DE"])
    assert found["country"] == [0.5, 0.62]


def test_offers_of_a_creator_on_one_platform_share_an_audience():
    lines = [
        "@a,instagram,reel,9000,100,62",
        "@a,instagram,story,9000,50,",
        "@a,tiktok,video,9000,80,",
        "@b,tiktok,video,9000,80,5",
    ]
    text = "\n".join(["creator,platform,offer,followers,fee,Audience DE", *lines]) + "\n"
    country = read(text, target_audience=parse_target_audience(["DE"], None, None)).audience.country
    np.testing.assert_allclose(country, [0.62, 0.62, np.nan, 0.05])


def test_a_column_of_numbers_of_people_is_not_one_of_shares():
    roster = read_roster(["12000", "800"], "Followers DE", country=["DE"])
    assert np.isnan(roster.audience.country).all()
    assert any("numbers of people, not shares" in note for note in roster.notes)
    assert not any("are read from" in note for note in roster.notes)


def test_a_column_of_genders_is_not_one_of_shares():
    roster = read_roster(["yes", "no"], "Female", gender="female")
    assert np.isnan(roster.audience.gender).all()


def test_countries_of_the_target_without_a_column_are_told():
    notes = read_roster(["62"], "Audience DE", country=["DE", "AT"]).notes
    assert "no column gives the audience in AT: it counts as none" in notes
    notes = read_roster(["62"], "Audience FR", country=["AT"]).notes
    assert "no column gives the audience in AT: the creators' countries are taken instead" in notes


def test_which_columns_give_the_shares_is_told():
    notes = read_roster(["62;70"], "Audience DE", "% Female", country=["DE"], gender="female").notes
    assert "shares of the audience are read from Audience DE and % Female" in notes


def test_names_of_no_country_are_told_with_the_one_that_may_be_meant():
    notes = read_roster(["Germny 62%"], "Audience countries", country=["DE"]).notes
    assert any("'Germny' (did you mean Germany" in note for note in notes)


def test_the_code_of_georgia_is_told_where_germany_may_be_meant():
    notes = read_roster(["GE 62%"], "Audience countries", country=["DE"]).notes
    assert "Audience countries: GE is read as Georgia; for Germany write DE" in notes
    assert (
        "Audience GE: GE is read as Georgia; for Germany write DE"
        in read_roster(["6"], "Audience GE", country=["DE"]).notes
    )
    assert not any("Georgia;" in note for note in read_roster(["6"], "Audience Georgia", country=["DE"]).notes)


@pytest.mark.parametrize(
    ("lines", "headers", "fault"),
    [
        (["50;10", "100;30"], ("Audience DE", "Audience AT"), ("audience-total", 3, "Audience DE")),
        (["DE 62%", "DE 100% | AT 30%"], ("Audience countries",), ("audience-total", 3, "Audience countries")),
        (["-5"], ("Audience DE",), ("audience-share", 2, "Audience DE")),
        (["DE -5%"], ("Audience countries",), ("audience-share", 2, "Audience countries")),
        (["50", "lots"], ("Audience DE",), ("audience-share", 3, "Audience DE")),
        (["70/30"], ("Audience countries",), ("audience-share", 2, "Audience countries")),
    ],
)
def test_shares_that_cannot_be_are_faults_with_their_place(lines, headers, fault):
    target = parse_target_audience(["DE", "AT"], None, None)
    assert fault_keys(table(lines, *headers), target_audience=target) == [fault]


def test_the_fault_of_shares_beyond_the_whole_says_what_they_add_up_to():
    target = parse_target_audience(["DE"], None, None)
    (fault,) = roster_error(table(["100;30"], "Audience DE", "Audience AT"), target_audience=target).faults
    assert fault.message == "the shares of countries add up to 130%"
    assert "at most 100%" in fault.fix


def test_rounded_shares_may_exceed_the_whole_by_a_little():
    assert audience(["62.4;39.4"], "Audience DE", "Audience AT", country=["DE", "AT"])["country"] == [1.0]


def test_a_row_with_a_wrong_share_is_left_out_on_request():
    lines = ["50;10", "100;30"]
    roster = read_roster(lines, "Audience DE", "Audience AT", country=["DE"], skip_bad_rows=True)
    assert roster.audience.country.tolist() == [0.5]


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_hostile_cells_are_refused_or_read_as_no_share(payload):
    cell = '"' + payload.replace('"', '""') + '"'
    target = parse_target_audience(["DE"], "18-34", "female")
    data = table([cell, "DE 62%"], "Audience countries").encode("utf-8", "surrogatepass")
    with suppress(RosterError):
        assert read(data, target_audience=target).audience.country[-1] == 0.62


@given(st.lists(st.tuples(*[st.integers(0, 25)] * 4), min_size=1, max_size=5))
@CALM
def test_columns_and_cells_give_the_same_shares(rows):
    codes = ("DE", "AT", "CH", "FR")
    wide = audience(
        [";".join(map(str, row)) for row in rows], *(f"Audience {code}" for code in codes), country=["DE", "CH"]
    )
    cells = [", ".join(f"{code} {share}%" for code, share in zip(codes, row, strict=True)) for row in rows]
    packed = audience(cells, "Audience countries", country=["DE", "CH"])
    expected = [round((row[0] + row[2]) / 100, 6) for row in rows]
    assert packed["country"] == expected
    if any(share > 1 for row in rows for share in row):
        assert wide["country"] == expected


def test_check_shows_what_each_column_of_an_audience_is_read_as():
    roster = read_roster(["62;70;DE 5%"], "Audience DE", "% Female", "Audience countries", country=["DE"])
    readings = {use.header: use.reading for use in roster.columns}
    assert readings["Audience DE"] == "audience: DE"
    assert readings["% Female"] == "audience: female"
    assert readings["Audience countries"] == "audience: shares in each cell"

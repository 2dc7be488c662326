"""In which wave of a calendar a row of states or results is: as it says, or by its day."""

from datetime import date

import pytest

from microopt.campaign.calendar import Calendar, Wave
from microopt.errors import RosterError
from microopt.readers.contract_states import read_states
from microopt.readers.results import read_results

WAVES = tuple(
    Wave(name=f"2027-0{month}", starts=date(2027, month, 1), ends=date(2027, month, 28)) for month in (3, 4, 5)
)


@pytest.fixture
def states(tmp_path):
    def read(text, waves=WAVES):
        (tmp_path / "states.csv").write_text(text, encoding="utf-8")
        return read_states(str(tmp_path / "states.csv"), calendar=Calendar(waves=waves) if waves else None)

    return read


@pytest.fixture
def results(tmp_path):
    def read(text, waves=WAVES):
        (tmp_path / "results.csv").write_text(text, encoding="utf-8")
        found = read_results(str(tmp_path / "results.csv"), half_life=lambda platform: 3.0, waves=waves)
        return {each.wave: each.engagements for each in found.totals}, found

    return read


def test_a_state_is_of_the_wave_it_names_or_of_that_of_its_post_date(states):
    read = states(
        "creator,state,wave,post date\n@a,signed,2027-04,\n@a,live,,2027-03-10\n@b,signed,,\n@c,signed,,2027-03-30\n"
    )
    assert [(each.creator, each.wave) for each in read.contracts] == [
        *(("@a", "2027-04"), ("@a", "2027-03")),
        *(("@b", None), ("@c", None)),
    ]


def test_a_wave_that_is_not_there_is_a_fault_with_the_nearest(states):
    with pytest.raises(RosterError) as refused:
        states("creator,state,wave\n@a,signed,2027-33\n@b,signed,Midsummer\n")
    first, second = refused.value.faults
    assert (first.code, first.row, first.column) == ("states-wave", 2, "wave")
    assert "2027-03" in first.fix and "2027-03, 2027-04, 2027-05" in second.fix


def test_without_a_calendar_the_column_is_named_as_not_used(states):
    read = states("creator,state,wave\n@a,signed,2027-04\n", waves=())
    assert read.contracts[0].wave is None
    assert any("not used: wave" in note for note in read.notes)


def test_two_states_of_an_offer_in_one_wave_contradict_each_other(states):
    with pytest.raises(RosterError) as refused:
        states("creator,state,wave,post date\n@a,signed,2027-03,\n@a,declined,,2027-03-10\n")
    assert "both describe @a 2027-03" in refused.value.faults[0].message


def test_results_are_of_the_wave_in_which_their_post_went_out(results):
    found, read = results(
        "creator,date,posts,engagements\n@a,2027-03-27,1,100\n@a,2027-04-02,0,40\n@a,2027-04-20,1,200\n"
        "@a,2027-05-02,,7\n"
    )
    assert found == {"2027-03": 140.0, "2027-04": 207.0}
    assert [each.posts for each in read.totals] == [1.0, 1.0]


def test_results_of_an_address_are_of_the_wave_of_its_first_day(results):
    found, _ = results(
        "creator,date,url,engagements\n@a,2027-03-27,p/1,100\n@a,2027-04-20,p/2,200\n@a,2027-04-22,p/1,5\n"
    )
    assert found == {"2027-03": 105.0, "2027-04": 200.0}


def test_totals_are_of_the_wave_that_they_name(results):
    found, _ = results("creator,wave,posts,engagements\n@a,2027-03,1,100\n@a,2027-04,1,200\n@b,,1,3\n")
    assert found == {"2027-03": 100.0, "2027-04": 200.0, None: 3.0}


def test_a_day_between_two_waves_is_of_the_one_before(results):
    _, read = results("creator,date,posts,engagements\n@a,2027-03-30,1,100\n@b,2027-02-01,1,9\n")
    assert [(each.creator, each.wave) for each in read.totals] == [("@a", "2027-03"), ("@b", "2027-03")]


def test_without_a_calendar_results_have_no_wave(results):
    found, read = results("creator,date,posts,engagements\n@a,2027-03-27,1,100\n@a,2027-04-20,1,200\n", waves=())
    assert found == {None: 300.0} and len(read.totals) == 1

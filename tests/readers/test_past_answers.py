"""What creators answered before: several rows of one creator count, those without an answer do not."""

import pytest

from microopt.campaign.decline_settings import PastAnswers
from microopt.campaign.inputs import CampaignInput
from microopt.errors import RosterError
from microopt.readers.campaign_file import campaign_from_input, read_campaign_file
from microopt.readers.past_answers import read_past_answers


@pytest.fixture
def write(tmp_path):
    def write_rows(*rows, header="creator,state", name="states.csv"):
        path = tmp_path / name
        path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
        return str(path)

    return write_rows


def test_each_row_with_an_answer_counts(write):
    path = write("@ben,declined", "@anna,signed", "@Anna,live", "@anna,declined", "@cleo,offered", "@cleo,", "@ben,no")
    assert read_past_answers(path) == (
        PastAnswers(creator="@anna", asked=3, accepted=2),
        PastAnswers(creator="@ben", asked=2, accepted=0),
    )


def test_the_order_of_the_rows_does_not_matter(write):
    rows = ["@ben,declined", "@anna,signed", "@anna,declined", "@dora,done"]
    assert read_past_answers(write(*rows)) == read_past_answers(write(*rows[::-1], name="other.csv"))


def test_a_word_that_is_no_state_is_a_fault_with_its_row(write):
    with pytest.raises(RosterError) as caught:
        read_past_answers(write("@anna,signed", "@ben,perhaps"))
    assert [(fault.code, fault.row) for fault in caught.value.faults] == [("state-unknown", 3)]


@pytest.mark.parametrize("rows", [["@anna,offered"], ["@anna,"]])
def test_a_file_without_any_answer_is_refused(write, rows):
    with pytest.raises(RosterError) as caught:
        read_past_answers(write(*rows))
    assert caught.value.code == "answers-missing"


def test_a_file_without_a_state_or_a_creator_is_refused(write):
    for header in ("creator,fee", "name of it,state"):
        with pytest.raises(RosterError):
            read_past_answers(write("@anna,1", header=header))


def test_a_campaign_file_names_it_from_its_folder_and_the_campaign_keeps_what_it_says(write, tmp_path):
    write("@anna,signed", "@ben,declined")
    file = tmp_path / "campaign.toml"
    file.write_text('budget = 5000\nacceptance_from = "states.csv"\n[acceptance]\nmega = "60%"\n', encoding="utf-8")
    campaign = campaign_from_input(read_campaign_file(str(file))[0])
    assert [past.creator for past in campaign.declines.history] == ["@anna", "@ben"]
    flag = CampaignInput(budget=1, acceptance_from=str(tmp_path / "states.csv"))
    assert campaign_from_input(flag).declines.history == campaign.declines.history

"""A workbook that comes back: what an agency fills in is read as contract states, in every language."""

from datetime import date

import pytest
from msgspec.structs import replace

from microopt.campaign.progress import CampaignProgress, Contract, ContractState, Posting
from microopt.campaign.report_settings import LANGUAGES, ReportSettings
from microopt.readers.contract_states import read_states
from microopt.readers.words.vocabulary import STATES
from microopt.rendering.language.language import find_language
from microopt.rendering.workbook.workbook import plan_xlsx
from microopt.roster.contract_state_words import state_word
from microopt.roster.written_states import WRITTEN_HEADER
from tests.readers.builders import read_with
from tests.rendering.builders import HOSTILE, pick, picks, plan, replanned
from tests.rendering.cells import cells
from tests.support.filled_in import fill_in

SIGNED = Contract(
    creator="@creator.0",
    state=ContractState.SIGNED,
    offer="reel",
    platform="instagram",
    fee=40_000,
    posting=Posting(day=date(2026, 12, 1), note="call Kim"),
)


def read(packed):
    return read_with(read_states, packed, "plan.xlsx")


def in_language(code, *contracts, chosen=None):
    campaign = {"report": ReportSettings(language=code)}
    if contracts:
        campaign["running"] = CampaignProgress(contracts=contracts)
    return plan(picks(7) if chosen is None else chosen, campaign=campaign)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("contracts", [(), (SIGNED,)], ids=["proposed", "signed"])
def test_an_untouched_workbook_says_nothing_new_in_any_language(code, contracts):
    states = read(plan_xlsx(in_language(code, *contracts)))
    assert (states.contracts, states.untouched) == ((), True)
    assert states.notes == ("0 of 7 rows changed since the workbook was written",)


@pytest.mark.parametrize("code", ["en", "de"])
@pytest.mark.parametrize("state", ContractState)
def test_each_state_of_the_list_is_read_as_it_was_chosen(code, state):
    text, word = find_language(code).text, state_word(state, code)
    headers = {"sheet": text("Creators"), "header": text("Creator")}
    written = {text("Status"): word, text("Agreed fee"): 321.5, text("Notes"): "<b>call</b>"}
    packed = fill_in(plan_xlsx(in_language(code)), "@creator.2", **headers, **written)
    (contract,) = read(packed).contracts
    assert contract == Contract(
        creator="@creator.2",
        state=state,
        offer="reel",
        platform="instagram",
        fee=32_150,
        posting=Posting(note="<b>call</b>"),
    )


def test_what_is_known_of_a_contract_stands_in_its_row_and_can_be_emptied():
    packed = plan_xlsx(in_language("en", SIGNED))
    (contract,) = read(fill_in(packed, "@creator.0", Post_date=None, Notes=None)).contracts
    assert (contract.state, contract.fee, contract.posting) == (ContractState.SIGNED, 40_000, Posting())


def test_the_sheet_of_a_campaign_that_runs_is_not_taken_for_its_states():
    packed = plan_xlsx(replanned(contracts=(SIGNED,), before=in_language("en")))
    assert "So far" in cells(packed)
    assert read(packed).untouched


def test_a_creator_who_was_added_by_hand_is_a_contract():
    text = f"Creator,Status,Agreed fee,{WRITTEN_HEADER}\n@a,signed,,signed/40000//\n@new,signed,300,\n"
    states = read_with(read_states, text, "plan.csv")
    assert [contract.creator for contract in states.contracts] == ["@a", "@new"]


@pytest.mark.parametrize("agreed", ["Agreed fee", " agreed  Fee", "Vereinbartes Honorar"])
def test_without_the_hidden_column_the_agreed_fee_counts_and_not_the_planned_one(agreed):
    states = read_with(read_states, f"Creator,Status,Fee,{agreed}\n@a,signed,800,1000\n@b,signed,900,\n", "plan.csv")
    assert [contract.fee for contract in states.contracts] == [100_000, None]


def test_a_workbook_whose_column_of_agreed_fees_was_renamed_says_that_none_were_read():
    text = f"Creator,Status,Fee,Agreed,{WRITTEN_HEADER}\n@a,signed,800,1000,proposed///\n"
    states = read_with(read_states, text, "plan.csv")
    assert [contract.fee for contract in states.contracts] == [None]
    assert states.notes[-1] == "it has no column 'Agreed fee', so that no agreed fees were read"


@pytest.mark.parametrize("name", [name for name in HOSTILE.values() if name.strip()], ids=str)
def test_whatever_a_creator_is_called_the_untouched_row_says_nothing_new(name):
    packed = plan_xlsx(in_language("en", replace(SIGNED, creator=name), chosen=[pick(0, creator=name), pick(1)]))
    assert read(packed).untouched


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Vereinbartes Honorar", "fee"),
        ("Posting-Datum", "post_date"),
        ("Veröffentlichung", "post_date"),
        ("Notizen", "note"),
        ("Status", "state"),
        ("Plattform", "platform"),
        ("Leistung", "offer"),
    ],
)
def test_german_headers_of_a_workbook_name_their_columns(header, column):
    assert STATES.find_column(header)[0] == column

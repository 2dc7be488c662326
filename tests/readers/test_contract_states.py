"""Contract states, in the words that people use."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.campaign.progress import Asked, Contract, ContractState, Posting
from microopt.errors import RosterError
from microopt.readers.contract_states import read_states
from microopt.readers.options import ReadOptions
from microopt.roster.contract_status import STATUS_WORDS
from microopt.roster.written_states import WRITTEN_HEADER
from tests.readers.builders import read_with
from tests.scale import examples


def states(text, name="states.csv", **options):
    return read_with(read_states, text, name, ReadOptions(**options))


def states_error(text, **options):
    with pytest.raises(RosterError) as caught:
        states(text, **options)
    return caught.value.faults


def fault_keys(text, **options):
    return [(fault.code, fault.row, fault.column) for fault in states_error(text, **options)]


def test_a_row_is_a_contract():
    parsed = states(
        "Handle,Contract Status,Deliverable,Network,Units,Agreed fee,Deposit\n@Anna,Signed,reel,ig,2,$1.2k,600\n"
    )
    contract = Contract(
        creator="@Anna",
        state=ContractState.SIGNED,
        offer="reel",
        platform="instagram",
        units=2,
        fee=120_000,
        paid=60_000,
    )
    assert parsed.contracts == (contract,)
    assert (parsed.rows, parsed.header, parsed.currency) == ({"anna": 2}, "Handle", "USD")


def test_missing_values_have_their_defaults():
    assert states("creator,state\na,\n").contracts == (Contract(creator="a", state=ContractState.PROPOSED),)
    assert states("creator,state,fee,paid,units\na,live,0,,\n").contracts[0].fee == 0
    assert states("creator,state\n").contracts == ()


@pytest.mark.parametrize(
    ("state", "word"), [(state, word) for state in STATUS_WORDS for word in STATUS_WORDS[state].split(",")]
)
def test_words_are_recognized_in_any_case_and_spacing(state, word):
    shouted = word.strip().upper().replace(" ", "_")
    parsed = states(f"creator,status\na,{word}\nb,{shouted}\n").contracts
    assert [contract.state for contract in parsed] == [state, state]


def test_a_file_says_who_was_asked_when_and_until_when():
    text = "creator,status,contacted on,answer by\na,asked,2026-11-27,2026-11-30\nb,to ask today,2026-11-30,\n"
    a, b, c, d = states(text + "c,accepted,27.11.2026,\nd,asked,,\n").contracts
    assert a.asked == Asked(day=date(2026, 11, 27), answer_by=date(2026, 11, 30))
    assert (b.state, b.asked) == (ContractState.PROPOSED, None)  # whoever is still to be asked was not asked
    assert (c.asked, d.asked) == (Asked(day=date(2026, 11, 27)), None)


def test_a_day_that_cannot_be_read_is_a_fault():
    assert fault_keys("creator,status,asked_on\na,asked,last week\n") == [("date-unreadable", 2, "asked_on")]


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Creator;Status\na;unterschrieben\n", ContractState.SIGNED),
        ("Creador;Estado\na;rechazada\n", ContractState.DECLINED),
        ("Créateur;Statut\na;publié\n", ContractState.LIVE),
        ("Influencer;Durum\na;Tamamlandı\n", ContractState.DONE),
        ("达人,状态\na,已签约\n", ContractState.SIGNED),
    ],
)
def test_words_and_headers_of_other_languages_are_read(text, state):
    assert states(text).contracts == (Contract(creator="a", state=state),)


def test_an_unknown_word_suggests_the_nearest_and_lists_all():
    (fault,) = states_error("creator,status\na,singed\n")
    assert (fault.code, fault.row, fault.column, fault.value) == ("state-unknown", 2, "status", "singed")
    assert "did you mean signed" in fault.fix
    assert "proposed, offered, signed, live, done, declined" in fault.fix


def test_yes_and_no_are_answers_and_a_list_of_whom_to_ask_names_its_own_words():
    text = "creator,status,next_if_no\na,yes,\nb,Said yes,\nc,no,\nd,said no,\n"
    assert [each.state.value for each in states(text).contracts] == ["signed", "signed", "declined", "declined"]
    (fault,) = states_error("creator,status,next_if_no\na,perhaps,\n")
    known = "to ask today, to ask later, asked, overdue, fallback, accepted, live, done, declined"
    assert f"use one of: {known}, or yes or no" in fault.fix


def test_a_repeated_contract_is_dropped_or_a_fault():
    assert states("creator,state\na,live\n@A,Published\n").notes == ("1 row repeats an earlier row and was dropped",)
    (fault,) = states_error("creator,offer,state,fee\na,reel,live,5\nb,,live,\na,Reel,declined,5\n")
    assert (fault.code, fault.row) == ("state-twice", 4)
    assert fault.message == "rows 2 and 4 both describe a reel and differ: live and declined"
    assert "fee" in states_error("creator,state,fee\na,live,5\na,live,6\n")[0].message


def test_two_offers_of_a_creator_are_two_contracts():
    assert len(states("creator,offer,platform,state\na,reel,ig,live\na,reel,yt,done\na,,,no\n").contracts) == 3


def test_all_faults_are_reported_at_once():
    text = "creator,state,fee,paid,units\n,live,5,,1\na,maybe,-5,x,0\nb,live,1e15,-1,1.5\n"
    assert sorted(fault_keys(text)) == sorted(
        [
            ("creator-missing", 2, "creator"),
            ("state-unknown", 3, "state"),
            ("number-negative", 3, "fee"),
            ("number-unreadable", 3, "paid"),
            ("units-range", 3, "units"),
            ("fee-range", 4, "fee"),
            ("number-negative", 4, "paid"),
            ("units-range", 4, "units"),
        ]
    )


def test_missing_columns_are_faults():
    assert fault_keys("creator,fee\na,5\n") == [("column-missing", None, "state")]
    assert fault_keys("state,fee\nlive,5\n") == [("column-missing", None, "creator")]


def test_money_is_in_the_currency_of_the_campaign():
    assert fault_keys("creator,state,fee\na,live,€5\n", currency="USD") == [("currency-other", None, "fee")]
    parsed = states("creator,state,fee\na,live,€5\n", currency="USD", exchange={"EUR": 1.1})
    assert parsed.contracts[0].fee == 550


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(st.lists(st.text(max_size=8), min_size=4, max_size=4), max_size=4))
def test_hostile_cells_are_parsed_or_reported(cells):
    clean = [["".join(c for c in cell if c.isprintable() and c not in '",;|\t') for cell in row] for row in cells]
    text = "\n".join(["creator,state,fee,paid", *map(",".join, clean)]) + "\n"
    try:
        parsed = states(text)
    except RosterError:
        return
    assert all(
        (contract.paid or 0) >= 0 and (contract.fee is None or contract.fee >= 0) for contract in parsed.contracts
    )


@pytest.mark.parametrize(
    "header", ["Agreed Rate", "agreed price", "AGREED COST", "Final fee", "Contract Value", "Negotiated Rate (USD)"]
)
def test_what_was_agreed_is_the_fee_whatever_it_is_called(header):
    (contract,) = states(f'creator,state,{header}\na,signed,"$8,000"\n').contracts
    assert contract.fee == 800_000


@pytest.mark.parametrize(
    ("header", "cell"), [("Wired", "$500"), ("Rate", "500"), ("Quoted price", "500"), ("Balance USD", "500")]
)
def test_money_that_is_not_used_is_named_with_what_to_say_of_it(header, cell):
    text = f"creator,state,{header},Manager\na,signed,{cell},Kim\n"
    how = f'to read it as fee or paid, say so under [columns] in the campaign file, such as "{header}" = "fee"'
    assert states(text).notes == (f"{header} holds money that is not used; {how}", "not used: Manager")
    assert states(text, columns={header: "paid"}).contracts[0].paid == 50_000
    assert not [note for note in states(text, columns={header: "ignore"}).notes if "money" in note]


def test_money_is_not_missed_where_the_file_has_its_fee_and_what_was_paid():
    text = "creator,state,Fee,{},Rate\na,signed,$500,$200,$600\n"
    (note,) = states(text.format("Wired")).notes
    assert note.startswith("Wired, Rate hold money that is not used; to read one of them as paid, say so")
    assert states(text.format("Paid")).notes == ("not used: Rate",)


def test_an_empty_column_of_money_is_merely_not_used():
    assert states("creator,state,Rate\na,signed,\n").notes == ("not used: Rate",)


def test_the_post_date_and_the_note_of_the_team_stay_with_the_contract():
    (contract,) = states("creator,state,post date,notes\na,signed,2026-12-01,call Kim\n").contracts
    assert contract.posting == Posting(day=date(2026, 12, 1), note="call Kim")
    assert states("creator,state\na,signed\n").contracts[0].posting is None


def test_a_post_date_that_is_no_date_is_a_fault():
    assert fault_keys("creator,state,post date\na,signed,soon\n") == [("date-unreadable", 2, "post date")]


WRITTEN = f"creator,state,agreed fee,notes,{WRITTEN_HEADER}\n"


def test_of_a_plans_workbook_only_the_rows_that_were_changed_say_anything():
    untouched = "a,signed,450,,signed/45000//\nb,proposed,,,proposed///\n"
    assert states(WRITTEN + untouched).contracts == ()
    assert states(WRITTEN + untouched).notes == ("0 of 2 rows changed since the workbook was written",)
    changed = "c,declined,,,proposed///\nd,signed,400,,signed/45000//\ne,proposed,,call,proposed///\n"
    assert [contract.creator for contract in states(WRITTEN + untouched + changed).contracts] == ["c", "d", "e"]


def test_a_fee_that_is_agreed_before_the_state_is_signed_is_named():
    text = "creator,state,agreed fee\na,offered,450\nb,signed,450\nc,,300\n"
    (note,) = states(text).notes
    assert note == (
        "the agreed fees of a, c are not used yet: an agreed fee counts once the state is signed, live or done"
    )

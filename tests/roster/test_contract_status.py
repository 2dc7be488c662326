"""Contract states that a roster tells in its column `status`."""

import pytest

from microopt.campaign.progress import Contract, ContractState
from microopt.errors import RosterError
from microopt.roster.contract_status import contracts_from_roster
from tests.readers.builders import read

HEAD = "creator,platform,offer,followers,fee,status,Paid\n"


def test_a_row_that_is_past_proposed_is_a_contract():
    roster = read(
        HEAD + "@a,ig,reel,5000,9,Signed,4.5\nb,ig,reel,5000,9,,\nc,ig,,5000,9,proposed,\nd,,,5000,9,no reply,\n"
    )
    contracts, notes = contracts_from_roster(roster)
    assert contracts == (
        Contract(creator="@a", state=ContractState.SIGNED, offer="reel", platform="instagram", paid=450),
    )
    assert notes == ("status: no reply is not a contract state and is ignored",)


@pytest.mark.parametrize("words", [("active", "verified"), ("yes", "no"), ("", "")])
def test_a_column_of_other_words_says_nothing(words):
    text = HEAD + "".join(f"c{at},,,5000,9,{word},\n" for at, word in enumerate(words))
    assert contracts_from_roster(read(text)) == ((), ())


def test_a_roster_without_the_column_says_nothing():
    assert contracts_from_roster(read("creator,followers,fee\na,5000,9\n")) == ((), ())


def test_several_prices_in_a_row_are_one_contract():
    roster = read("creator,followers,story price,reel price,status,paid\na,5000,1,2,live,7\nb,5000,3,,done,\n")
    first, second = contracts_from_roster(roster)[0]
    assert (first.creator, first.offer, first.paid, second.offer) == ("a", None, 700, "story")


def test_what_cannot_have_been_paid_is_told():
    with pytest.raises(RosterError) as caught:
        contracts_from_roster(read(HEAD + "a,,,5000,9,live,-5\nb,,,5000,9,,-6\nc,,,5000,9,done,1e15\n"))
    assert [(fault.code, fault.row) for fault in caught.value.faults] == [("number-negative", 2), ("fee-range", 4)]

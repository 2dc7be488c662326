"""Contracts: a row for each, over the choices that hold the offer agreed."""

from msgspec.structs import replace

from microopt.campaign.contracts import Contract, State
from microopt.campaign.progress import CampaignProgress
from microopt.planning.formulation.rules import contract
from microopt.roster.underway import with_contract_columns
from tests.solver.builders import case, dense, roster


def rows(*contracts, names=("@a", "@a", "@b"), **texts):
    running = CampaignProgress(contracts=contracts)
    offers = with_contract_columns(roster(list(names), **texts), running)
    made = case(offers, cost=[1] * len(names))
    made = replace(made, campaign=replace(made.campaign, running=running))
    return [(limit.label, dense(limit, len(names))) for limit in contract.rows(made)]


def of(creator, state="signed", **facts):
    return Contract(creator=creator, state=State(state), **facts)


def test_any_offer_keeps_a_contract_that_names_none():
    assert rows(of("A")) == [("signed A", ([1, 1, 0], 1, None))]


def test_the_offer_that_was_agreed_keeps_it():
    texts = {"offer": ["reel", "Story", "reel"]}
    assert rows(of("@a", offer="story"), **texts) == [("signed @a", ([0, 1, 0], 1, None))]


def test_two_contracts_of_a_creator_are_told_apart():
    texts = {"offer": ["reel", "story", "reel"]}
    found = rows(of("@a", offer="story"), of("@a", "live", offer="reel"), **texts)
    assert found == [("signed @a story", ([0, 1, 0], 1, None)), ("live @a reel", ([1, 0, 0], 1, None))]


def test_nothing_is_kept_of_who_is_only_asked_or_declined():
    assert rows(of("@a", "offered"), of("@b", "declined"), of("@b", "proposed", offer="x")) == []


def test_without_contracts_there_is_no_row():
    assert rows() == []

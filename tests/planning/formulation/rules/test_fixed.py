"""Rows of the budget, of signed contracts, and of included creators."""

from msgspec.structs import replace

from microopt.campaign.progress import CampaignProgress, Contract, ContractState
from microopt.planning.formulation.rules import fixed
from microopt.roster.contract_status import with_contract_columns
from microopt.solver.constraint import reduce_by_gcd
from tests.solver.builders import case, dense, roster

OFFERS = roster(["@Anna", "anna", "@ben"])


def test_the_budget_is_a_row_of_costs():
    (limit,) = fixed.budget_rows(case(roster(["@a", "@b", "@c"]), cost=[700, 1_001, 13], budget=2_000))
    assert limit.label == "budget"
    assert dense(reduce_by_gcd(limit), 3) == ([700, 1_001, 13], None, 2_000)


def test_costs_that_share_a_divisor_are_divided_and_the_budget_rounded_down():
    (limit,) = fixed.budget_rows(case(roster(["@a", "@b"]), cost=[300, 500], budget=1_099))
    assert dense(reduce_by_gcd(limit), 2) == ([3, 5], None, 10)


def test_gifted_offers_cost_nothing():
    (limit,) = fixed.budget_rows(case(roster(["@a", "@b"]), cost=[0, 500], budget=0))
    assert dense(reduce_by_gcd(limit), 2) == ([0, 1], None, 0)


def contract_rows(*contracts, names=("@a", "@a", "@b"), **texts):
    running = CampaignProgress(contracts=contracts)
    offers = with_contract_columns(roster(list(names), **texts), running)
    problem = case(offers, cost=[1] * len(names))
    problem = replace(problem, campaign=replace(problem.campaign, running=running))
    return [(limit.label, dense(limit, len(names))) for limit in fixed.contract_rows(problem)]


def contract(creator, state="signed", **facts):
    return Contract(creator=creator, state=ContractState(state), **facts)


def test_any_offer_keeps_a_contract_that_names_none():
    assert contract_rows(contract("A")) == [("signed A", ([1, 1, 0], 1, None))]


def test_the_offer_that_was_agreed_keeps_it():
    texts = {"offer": ["reel", "Story", "reel"]}
    assert contract_rows(contract("@a", offer="story"), **texts) == [("signed @a", ([0, 1, 0], 1, None))]


def test_two_contracts_of_a_creator_are_told_apart():
    texts = {"offer": ["reel", "story", "reel"]}
    result = contract_rows(contract("@a", offer="story"), contract("@a", "live", offer="reel"), **texts)
    assert result == [("signed @a story", ([0, 1, 0], 1, None)), ("live @a reel", ([1, 0, 0], 1, None))]


def test_nothing_is_kept_of_who_is_only_asked_or_declined():
    assert (
        contract_rows(contract("@a", "offered"), contract("@b", "declined"), contract("@b", "proposed", offer="x"))
        == []
    )


def test_without_contracts_there_is_no_row():
    assert contract_rows() == []


def test_each_included_creator_has_a_row_over_all_offers():
    first, second = fixed.include_rows(case(OFFERS, cost=[1, 2, 3], include=("@anna", "Ben")))
    assert (first.label, dense(first, 3)) == ("include @anna", ([1, 1, 0], 1, None))
    assert (second.label, dense(second, 3)) == ("include Ben", ([0, 0, 1], 1, None))


def test_nobody_included_is_no_row():
    assert list(fixed.include_rows(case(OFFERS, cost=[1, 2, 3]))) == []

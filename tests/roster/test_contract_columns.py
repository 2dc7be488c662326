"""A roster while its campaign runs."""

import numpy as np

from microopt.campaign.progress import CampaignProgress, Contract, ContractState
from microopt.roster.contract_status import (
    contracts_by_row,
    declined_offers,
    kept_offers,
    with_agreed_fees,
    with_contract_columns,
)
from microopt.roster.volume_packages import expand_volume_packages
from tests.solver.builders import roster


def contract(creator, state, **facts):
    return Contract(creator=creator, state=ContractState(state), **facts)


def states(offers, running):
    column = with_contract_columns(offers, running).texts["contract"]
    return [column[row] for row in range(len(offers))]


def test_a_state_without_an_offer_is_of_all_of_a_creator_and_one_with_an_offer_of_that():
    offers = roster(["@a", "@a", "b"], offer=["reel", "story", "reel"])
    running = CampaignProgress(
        contracts=(contract("A", "declined"), contract("@a", "signed", offer="REEL"), contract("@b", "offered"))
    )
    assert states(offers, running) == ["signed", "declined", "offered"]
    with_contracts = with_contract_columns(offers, running)
    assert kept_offers(with_contracts, running).tolist() == [True, False, False]
    assert declined_offers(with_contracts, running).tolist() == [False, True, False]


def test_the_last_plan_is_a_column_to_make_rules_of():
    offers = with_contract_columns(roster(["@a", "@b"]), CampaignProgress(last_plan=("B",)))
    assert [offers.texts["last_plan"][row] for row in (0, 1)] == ["no", "yes"]


def test_before_it_has_begun_nothing_is_added():
    offers = roster(["@a"])
    assert with_contract_columns(offers, None) is offers
    assert with_agreed_fees(offers, None) is offers
    assert not kept_offers(offers, None).any()


def test_fees_agreed_are_of_the_units_agreed():
    offers = expand_volume_packages(roster(["@a", "@b"], fee=[100, 100], numbers={"max_units": [3.0, 1.0]}))
    running = CampaignProgress(contracts=(contract("@a", "signed", offer="", units=2, fee=150),))
    with_contracts = with_agreed_fees(with_contract_columns(offers, running), running)
    assert dict(zip(with_contracts.units.tolist(), with_contracts.fee.tolist(), strict=False))[2] == 150
    assert with_contracts.fee.tolist() == [100, 150, 300, 100]
    assert len(contracts_by_row(with_contracts, running)) == 1


def test_who_signed_has_accepted():
    offers = roster(["@a", "@b"], numbers={"acceptance": [0.4, 0.4]})
    running = CampaignProgress(contracts=(contract("@a", "signed"), contract("@b", "offered")))
    assert with_agreed_fees(with_contract_columns(offers, running), running).numbers["acceptance"].tolist() == [
        1.0,
        0.4,
    ]
    assert np.array_equal(offers.numbers["acceptance"], [0.4, 0.4])

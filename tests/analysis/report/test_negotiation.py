"""The fees to negotiate are those with money at stake, and what each is worth is the walk-away fee of `explain`."""

import pytest
from msgspec.structs import replace

from microopt.analysis.explain.explain import explain
from microopt.analysis.report import report as module
from microopt.analysis.report.negotiation import MOST_FEES, fees_to_negotiate
from microopt.analysis.report.report import report, report_with_ranges, with_analysis
from microopt.analysis.report.result import Edition, Negotiation
from microopt.analysis.session import PlanSession
from microopt.campaign.progress import CampaignProgress, Contract, ContractState
from microopt.errors import BackendError
from microopt.planning.optimize import optimize
from microopt.solver.result import SolveLimits
from tests.analysis.explain.test_explain import ROWS
from tests.planning.builders import build_campaign, build_roster, solver
from tests.rendering.builders import pick, plan

LIMITS = SolveLimits(seconds=60.0)


@pytest.fixture(scope="module")
def case():
    roster = build_roster(ROWS)
    return optimize(roster, build_campaign(budget=120_000), limits=LIMITS, solver=solver("cbc")), roster


def small(number, **facts):
    """Return a pick of a hundred, whose fee is far below a tenth of all."""
    return pick(number, **{"fee": 1_000, "cost": 1_000, **facts})


def named(of):
    return [of.picks[each.pick].creator for each in fees_to_negotiate(of)]


def test_large_fees_and_those_far_above_the_usual_one_are_negotiated_by_what_is_at_stake():
    rest = [small(number) for number in range(20)]
    high = pick(creator="@high", fee=4_000, cost=4_000, usual_fee=1_000, fee_high=True)
    higher = pick(creator="@higher", fee=9_000, cost=9_000, usual_fee=2_000, fee_high=True)
    large = pick(creator="@large", fee=50_000, cost=50_000)
    cheap = pick(creator="@cheap", fee=900, cost=900, usual_fee=300, fee_high=True)
    assert named(plan([*rest, high, higher, large, cheap])) == ["@higher", "@large", "@high"]


@pytest.mark.parametrize(("fee", "is_negotiated"), [(50_000, False), (75_000, False), (75_001, True), (120_000, True)])
def test_nobody_negotiates_a_large_fee_that_is_far_below_the_usual_one(fee, is_negotiated):
    large = pick(creator="@large", fee=fee, cost=fee, usual_fee=100_000, fee_high=False)
    assert named(plan([large, *map(small, range(20))])) == (["@large"] if is_negotiated else [])


def test_five_at_most():
    assert len(fees_to_negotiate(plan())) == MOST_FEES


@pytest.mark.parametrize("facts", [{"fee_estimated": True}, {"fee": 0}])
def test_what_nobody_asked_for_is_not_negotiated(facts):
    assert named(plan([pick(**{"fee_high": True, **facts})])) == []


def test_agreed_fees_are_not_negotiated():
    contracts = (
        Contract(creator="Creator.0", state=ContractState.SIGNED),
        Contract(creator="@creator.1", state=ContractState.OFFERED),
    )
    of = plan([pick(0), pick(1)], campaign={"running": CampaignProgress(contracts=contracts)})
    assert named(of) == ["@creator.1"]


def test_the_highest_fee_is_the_walk_away_fee(case):
    of, roster = case
    found = report(of, roster, steps=3, limits=LIMITS, solver=solver("cbc")).negotiations
    assert found
    for each in found:
        name = of.picks[each.pick].creator
        session = PlanSession.from_plan(of, roster)
        offer = explain(session, [name], limits=LIMITS, solver=solver("cbc")).creators[0].main
        assert (each.highest_fee, each.exact) == (offer.walk_away.fee, offer.walk_away.exact)
        assert each.highest_fee >= of.picks[each.pick].fee


def test_without_time_the_fees_stand_alone(case):
    of, roster = case
    found = report(of, roster, steps=3, limits=SolveLimits(seconds=0.0), solver=solver("cbc")).negotiations
    assert found == fees_to_negotiate(of)
    assert report_with_ranges(of, roster).negotiations == found
    assert found[0] == Negotiation(pick=found[0].pick)


@pytest.mark.parametrize("edition", [Edition(audience="client"), Edition(fees=False)])
def test_nothing_is_searched_for_readers_who_do_not_see_it(case, monkeypatch, edition):
    of, roster = case
    monkeypatch.setattr(module, "with_highest_fees", lambda *args, **given: pytest.fail("asked for"))
    base = replace(report_with_ranges(of, roster), edition=edition)
    session = PlanSession.from_plan(of, roster)
    assert with_analysis(base, session, steps=3, limits=LIMITS, solver=solver("cbc")).negotiations == ()


def test_a_solver_that_fails_at_fees_leaves_the_rest(case, monkeypatch):
    def fail(*args, **given):
        raise BackendError("it died")

    of, roster = case
    monkeypatch.setattr(module, "with_highest_fees", fail)
    result = report(of, roster, steps=3, limits=LIMITS, solver=solver("cbc"))
    assert result.frontier is not None
    assert result.negotiations == fees_to_negotiate(of)
    assert result.warnings == ("the highest fees worth paying are not shown: the solver failed at them: it died",)

"""A simulation of a small plan, recomputed from its scenarios with plain loops."""

from fractions import Fraction

import numpy as np
import pytest
from msgspec.structs import replace

from microopt.analysis.session import PlanSession
from microopt.analysis.simulation import simulate as module
from microopt.analysis.simulation.simulate import check_draws, parse_targets, simulate
from microopt.errors import CampaignError, UsageError
from microopt.forecast.scenarios import draw_scenarios
from microopt.plan.expectations import parse_expectation
from microopt.rendering.data.json import object_json
from microopt.solver.backends.base import load_backend
from microopt.solver.result import SolveLimits
from tests.planning.builders import POOLS, build_campaign
from tests.solver.builders import roster, text_column

NAMES = ["ann", "ben", "cleo", "dora", "eve"]
PEOPLE = roster(
    NAMES,
    platform=["instagram", "tiktok", "youtube", "tiktok", "instagram"],
    offer=["reel", "video", "video", "video", "reel"],
    niche=["beauty", "food", "beauty", "tech", "beauty"],
    followers=[18_000, 45_000, 250_000, 9_000, 5_000],
    fee=[40_000, 90_000, 250_000, 20_000, 12_000],
    numbers={
        "acceptance": [0.7, 0.9, 0.5, 1.0, 0.8],
        "commission": [0.1, 0.2, 0.3, 0.0, 0.0],
        "hours": [3, 5, 8, 1, 1],
        "score": [4, 1, 2.5, 3, 9],
    },
)
DRAWS = 300


def session_of(*rules, of=PEOPLE, **facts):
    facts = {"order_value": 60_000, "margin": Fraction(2, 5), "budget": 420_000, "audience": POOLS, **facts}
    limits = SolveLimits(seconds=60.0)
    made = PlanSession.from_roster(of, build_campaign(*rules, **facts), limits=limits, solver=load_backend())
    assert isinstance(made, PlanSession)
    return made


def draws_of(session, count=DRAWS, seed=2):
    """Return the plan's rows, and what each brings in each outcome, from the scenarios of the whole roster."""
    problem = session.solved.problem
    chosen = np.zeros(problem.choice_count, dtype=bool)
    chosen[session.solved.picks] = True
    rows = np.flatnonzero(problem.select_rows(chosen)).tolist()
    return rows, draw_scenarios(problem.roster, problem.campaign, problem.forecast, count=count, seed=seed)


def totals_by_hand(session):
    """Return each total in each outcome, in the user's units."""
    rows, drawn = draws_of(session)
    totals = {}
    for name in ("reach", "impressions", "engagements", "clicks", "conversions"):
        totals[name] = [Fraction(sum(int(drawn.metrics[name][row, n]) for row in rows), 1000) for n in range(DRAWS)]
    totals["spend"] = [Fraction(sum(int(drawn.cost[row, n]) for row in rows), 100) for n in range(DRAWS)]
    totals["revenue"] = [Fraction(sum(int(drawn.revenue[row, n]) for row in rows), 100) for n in range(DRAWS)]
    totals["creators"] = [Fraction(sum(bool(drawn.accepted[row, n]) for row in rows)) for n in range(DRAWS)]
    return totals


def chance_of(result, label):
    return next(each for each in result.chances if each.label == label)


def test_every_total_is_that_of_the_scenarios_of_the_picks():
    session = session_of("niche:beauty count >= 2")
    result, totals = simulate(session, draws=DRAWS), totals_by_hand(session)
    for name, values in totals.items():
        found, ordered = result.distribution(name), sorted(values)
        assert found.mean == sum(values) / DRAWS, name
        assert (found.p10, found.p50, found.p90) == (ordered[29], ordered[149], ordered[269]), name
        tenth = ordered[-30:] if name == "spend" else ordered[:30]
        assert found.worst_tenth == sum(tenth) / 30, name
    ratios = sorted(r / s for r, s in zip(totals["revenue"], totals["spend"], strict=True) if s)
    assert float(result.distribution("roas").mean) == pytest.approx(float(sum(ratios) / len(ratios)))
    for name in ("spend", "engagements", "conversions"):
        planned = result.totals.spend / 100 if name == "spend" else result.totals.metrics[name] / 1000
        assert float(result.distribution(name).planned) == pytest.approx(planned)


def test_every_chance_is_counted():
    session = session_of("niche:beauty count >= 2", "platform:youtube spend <= 70%", "all engagements >= 3000 (soft 2)")
    totals = totals_by_hand(session)
    result = simulate(
        session,
        draws=DRAWS,
        targets={"conversions": Fraction(5), "creators": Fraction(3), "profit": Fraction(100)},
        expectations=[*map(parse_expectation, ("cpa <= 900", "spend <= 70%", "roas >= 0.5", "unspent >= 1000"))],
    )
    pairs = [*zip(totals["spend"], totals["conversions"], totals["revenue"], totals["engagements"], strict=True)]
    expected_engagements = Fraction(result.totals.metrics["engagements"], 1000)
    by_hand = {
        "conversions >= 5": sum(value >= 5 for value in totals["conversions"]),
        "creators >= 3": sum(value >= 3 for value in totals["creators"]),
        "engagements": sum(value >= expected_engagements for value in totals["engagements"]),
        "all engagements >= 3000 (soft 2)": sum(value >= 3000 for value in totals["engagements"]),
        "cpa <= 900": sum(spend <= 900 * conversions for spend, conversions, _, _ in pairs if conversions),
        "spend <= 70%": sum(spend <= 4200 * Fraction(7, 10) for spend, *_ in pairs),
        "roas >= 0.5": sum(2 * revenue >= spend for spend, _, revenue, _ in pairs if spend),
        "unspent >= 1000": sum(4200 - spend >= 1000 for spend, *_ in pairs),
    }
    for label, outcomes in by_hand.items():
        found = chance_of(result, label)
        assert found.outcomes == outcomes, label
        assert found.share == Fraction(outcomes, DRAWS)
        assert found.low <= found.share <= found.high
    kinds = [each.kind for each in result.chances]
    assert kinds == sorted(kinds, key=["target", "expected", "rule", "soft rule", "expectation"].index)
    assert all(each.planned for each in result.chances if each.kind in ("rule", "expected"))


def test_a_rule_with_a_chance_says_what_it_asks_for():
    session = session_of("all engagements >= 500 in 60%")
    found = chance_of(simulate(session, draws=DRAWS), "all engagements >= 500 in 60%")
    totals = totals_by_hand(session)["engagements"]
    assert (found.asked, found.outcomes) == (Fraction(3, 5), sum(value >= 500 for value in totals))


def test_overspending_is_what_commissions_add_to_a_budget_that_is_spent():
    session = session_of(goal="conversions")
    totals = totals_by_hand(session)["spend"]
    budget = int(sorted(totals)[-40] * 100)  # so that some outcomes are above it
    session = replace(session, solved=replace(session.solved, problem=_with_budget(session.solved.problem, budget)))
    over, excess = simulate(session, draws=DRAWS).overspending, [max(0, int(100 * each) - budget) for each in totals]
    assert over.outcomes == sum(each > 0 for each in excess) > 0
    assert over.excess == round(Fraction(sum(excess), over.outcomes))
    assert over.worst_tenth == round(Fraction(sum(sorted(excess)[-30:]), 30))


def _with_budget(problem, budget):
    return replace(problem, campaign=replace(problem.campaign, budget=budget))


def test_without_a_budget_nothing_is_overspent():
    assert simulate(session_of(goal="least cost", budget=None), draws=DRAWS).overspending is None


def test_the_risk_is_that_of_the_goal_and_adds_up():
    session = session_of(goal="engagement")
    rows, drawn = draws_of(session)
    result = simulate(session, draws=DRAWS)
    brought = {row: [int(value) for value in drawn.metrics["engagements"][row]] for row in rows}
    totals = [sum(brought[row][n] for row in rows) for n in range(DRAWS)]
    worst = sorted(range(DRAWS), key=lambda n: (totals[n], n))[:30]
    short = Fraction(sum(totals), DRAWS) - Fraction(sum(totals[n] for n in worst), 30)
    names = session.solved.problem.roster.texts["creator"]
    for row in rows:
        own = Fraction(sum(brought[row]), DRAWS) - Fraction(sum(brought[row][n] for n in worst), 30)
        found = next(each for each in result.risk if each.creator == names[row])
        assert found.shortfall == own / short
        assert found.declined == Fraction(sum(not drawn.accepted[row, n] for n in range(DRAWS)), DRAWS)
    assert sum(each.shortfall for each in result.risk) == sum(each.expected for each in result.risk) == 1


@pytest.mark.parametrize(
    ("goal", "measures", "risk"),
    [
        ("balanced", ("engagements", "conversions"), "score"),
        ("engagement", ("engagements",), "engagements"),
        ("reach", ("reach",), "reach"),
        ("net reach", ("net reach",), "reach"),
        ("profit", ("profit",), "profit"),
        ("worth", ("engagements", "conversions"), "worth"),
        ("least cost", ("engagements", "conversions"), "engagements"),
        ("value:score", ("score",), "score"),
    ],
)
def test_a_goal_says_which_totals_are_shown_and_whose_risk(goal, measures, risk):
    session = session_of(goal=goal, order_value=6_000_000)
    result = simulate(session, draws=DRAWS)
    assert (result.goal_measures, result.risk_measure) == (measures, risk)
    assert [each.measure for each in result.histograms] == [*measures]
    assert all(sum(each.counts) + each.below + each.above == DRAWS for each in result.histograms)
    assert sum(each.shortfall for each in result.risk) == 1


def test_the_same_seed_gives_the_same_bytes_and_another_does_not():
    session = session_of()
    first, again, other = (object_json(simulate(session, draws=DRAWS, seed=seed)) for seed in (3, 3, 4))
    assert first == again != other


def test_the_outcomes_of_a_plan_do_not_depend_on_who_else_is_on_the_list():
    rows = np.arange(4)
    small = replace(PEOPLE.take(rows), source=PEOPLE.source)
    session, alone = (session_of(of=of, exclude=["eve"], budget=900_000) for of in (PEOPLE, small))
    assert simulate(session, draws=DRAWS).distributions == simulate(alone, draws=DRAWS).distributions


def test_a_plan_without_creators_is_refused():
    session = session_of()
    empty = replace(session.solved.result, columns=np.empty(0, dtype=np.intp))
    with pytest.raises(UsageError, match="the plan is empty"):
        simulate(replace(session, solved=replace(session.solved, result=empty)), draws=DRAWS)


@pytest.mark.parametrize(
    ("draws", "seed", "offers", "message"),
    [
        (0, 1, 1, "--draws 0 is too few"),
        (99, 1, 1, "too few"),
        (1_000_001, 1, 1, "at most 1,000,000"),
        (10_000, 1, 100_000, "of a plan of 100,000 offers would take too much memory: at most 300"),
        (10_000, -1, 1, "--seed -1 is out of range"),
        (10_000, 2**63, 1, "is out of range"),
    ],
)
def test_draws_and_seeds_have_limits(draws, seed, offers, message):
    with pytest.raises(UsageError, match=message):
        check_draws(draws, seed, offers=offers)


def test_targets_are_totals():
    assert parse_targets({"conversions": "1.5k"}) == {"conversions": 1500}
    with pytest.raises(CampaignError, match="cpa is a ratio") as caught:
        parse_targets({"CPA": "30"})
    assert "--expect 'cpa <= 30'" in caught.value.fix
    with pytest.raises(CampaignError, match="neither a measure nor a column"):
        simulate(session_of(), draws=DRAWS, targets={"fame": Fraction(3)})


@pytest.mark.parametrize("text", ["gap = 0", "switches <= 2"])
def test_an_expectation_about_how_a_plan_was_made_has_no_chance(text):
    with pytest.raises(UsageError, match="does not depend on chance"):
        simulate(session_of(), draws=DRAWS, expectations=[parse_expectation(text)])


def test_it_says_what_it_does():
    phases = []
    simulate(session_of(), draws=DRAWS, report=lambda phase, *_: phases.append(phase))
    assert phases == ["drawing outcomes", "counting outcomes", "finding who carries the risk"]
    assert module.DRAWS == 10_000


def test_rules_that_replan_adds_to_keep_whom_it_must_are_no_wish_of_the_user():
    asked = replace(PEOPLE, texts={**PEOPLE.texts, "open_offer": text_column(["yes"] * len(NAMES))})
    made = simulate(session_of("open_offer:yes count >= 1", "all count >= 2", of=asked), draws=DRAWS)
    assert [each.label for each in made.chances if each.kind == "rule"] == ["all count >= 2"]

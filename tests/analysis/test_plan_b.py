"""Plan B: compared with every plan that keeps the rest, and written as a plan that verify accepts."""

import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.analysis.plan_b.plan_b import plan_b
from microopt.campaign.decline_settings import DeclineSettings
from microopt.errors import AuditError, UsageError
from microopt.plan.diagnosis import Diagnosis
from microopt.planning.audit import audit
from microopt.planning.declines.rest_of_plan import KEEP_LABEL, after_decline, keep_rest
from microopt.planning.declines.single_substitute import SingleSubstitutes
from microopt.planning.optimize import optimize, solve_problem
from microopt.readers.roster import read_roster
from microopt.rendering.data.json import object_json
from microopt.rendering.wording.diagnosis_sentences import diagnosis_sentences
from microopt.verification.reopen import reopen_plan
from microopt.verification.verify import verify
from tests.planning.builders import CALM, FREE, GOALS, build_campaign, draw_solved, solver
from tests.planning.test_chances import chance_rules, problem_of, rows_of
from tests.rendering.builders import diagnosis

CSV = """creator,platform,offer,niche,followers,fee,engagement_rate
anna,instagram,reel,food,20000,$100,9%
ben,instagram,reel,food,20000,$100,8%
ben,instagram,story,food,20000,$60,8.5%
cleo,tiktok,video,food,20000,$100,7%
dora,tiktok,video,tech,20000,$100,6%
eva,tiktok,video,food,20000,$50,5%
"""


def reopened(folder, *rules, csv=CSV, **facts):
    path = folder / "roster.csv"
    path.write_text(csv, encoding="utf-8")
    campaign = build_campaign(*rules, **{"budget": 20_000} | facts)
    plan = optimize(read_roster(str(path)), campaign, limits=FREE, solver=solver("highs"))
    (folder / "plan.json").write_text(object_json(plan), encoding="utf-8")
    return reopen_plan(str(folder / "plan.json"), None)


def ask(folder, *names, rules=(), **facts):
    return plan_b(reopened(folder, *rules, **facts), names, limits=FREE, solver=solver("highs"))


def test_whom_to_book_is_said_with_what_it_costs(tmp_path):
    result = ask(tmp_path, "ANNA")
    (case,) = result.cases
    assert (case.declined, case.change.added, case.change.dropped) == (("anna",), ("cleo",), ("anna",))
    assert (case.status, case.keeps_rest, case.change.spend) == ("optimal", True, 0)
    assert [pick.creator for pick in case.booked] == ["cleo"]
    assert result.proven() and result.plan.campaign.exclude == ("anna",)


def test_the_plan_is_one_that_verify_accepts(tmp_path):
    result = ask(tmp_path, "anna", rules=("niche:food count >= 1",), goal="balanced")
    (tmp_path / "b.json").write_text(object_json(result.plan), encoding="utf-8")
    checked = verify(str(tmp_path / "b.json"))
    assert checked.discrepancy is None
    assert result.plan.campaign.ideals == result.before.ideals


def test_everyone_else_keeps_their_offers(tmp_path):
    result = ask(tmp_path, "anna", budget=26_000)
    kept = {(pick.creator, pick.offer) for pick in result.before.picks} - {("anna", "reel")}
    assert kept <= {(pick.creator, pick.offer) for pick in result.plan.picks}


def test_where_the_rest_cannot_stay_the_plan_with_everyone_open_is_told(tmp_path):
    csv = CSV.replace("tech,20000,$100", "tech,20000,$150") + "finn,tiktok,video,tech,20000,$100,6%\n"
    result = ask(tmp_path, "finn", rules=("niche:tech count >= 1",), csv=csv)
    (case,) = result.cases
    assert case.change is None and case.status == "infeasible"
    assert "niche:tech count >= 1" in case.clash and KEEP_LABEL not in case.clash
    assert result.freely.change.added[0] == "dora" and not result.freely.keeps_rest
    assert {pick.creator for pick in result.plan.picks} == {"dora", "eva"}


BEAUTY = CSV.replace("tech,20000,$100", "beauty,20000,$80") + "finn,tiktok,video,beauty,20000,$170,9%\n"
BEAUTY_RULES = ("all count 1..4", "niche:beauty count >= 1")


def test_the_rules_that_nobody_can_keep_are_the_same_in_the_plan_and_in_both_forms_of_plan_b(tmp_path):
    facts = {"csv": BEAUTY, "declines": DeclineSettings(fallbacks=2)}
    named, each = (ask(tmp_path, *names, rules=BEAUTY_RULES, **facts) for names in (["dora"], []))
    clashes = [case.clash for case in (*named.cases, *each.cases) if case.declined == ("dora",)]
    fallback = next(one for one in named.before.fallbacks if one.creator == "dora")
    assert [*clashes, fallback.broken] == [("budget", "niche:beauty count >= 1")] * 3
    assert all(set(case.clash) <= {"budget", "niche:beauty count >= 1"} for case in each.cases)


def test_under_a_rule_with_a_chance_the_limit_of_creators_is_part_of_the_reason(tmp_path):
    rules = ("all engagements >= 1902 in 90%", "all count <= 2", "niche:food count >= 1")
    result = ask(tmp_path, rules=rules)
    alone = {case.declined[0]: case for case in result.cases if len(case.declined) == 1}
    assert {case.status for case in alone.values()} == {"infeasible"}
    assert all(rules[0] in case.clash and rules[2] not in case.clash for case in alone.values())


def test_without_any_plan_the_rule_that_cannot_be_kept_is_named(tmp_path):
    result = ask(tmp_path, "dora", rules=("niche:tech count >= 1",))
    assert isinstance(result, Diagnosis) and "niche:tech count >= 1" in result.clash
    assert result.repairs and result.declined == ("dora",)
    shown = " ".join(sentence for _, sentence in diagnosis_sentences(result))
    assert shown.startswith("Without dora no plan can meet all of your rules by booking others.")
    assert "with the changed rule, and with -x dora." in shown and "--repair" not in shown


def test_who_is_required_may_decline(tmp_path):
    result = ask(tmp_path, "dora", include=("dora",))
    assert result.plan.campaign.include == () and result.cases[0].status == "optimal"


def test_without_names_every_pick_is_looked_at_and_pairs_of_them(tmp_path):
    result = ask(tmp_path)
    assert [case.declined for case in result.cases] == [("anna",), ("ben",), ("anna", "ben")]
    losses = [case.change.objective for case in result.cases]
    assert losses == sorted(losses[:2]) + losses[2:] and result.paired == ("anna", "ben")
    assert result.after is None and result.freely is None


def test_names_that_are_not_in_the_plan_are_refused_with_the_nearest(tmp_path):
    with pytest.raises(UsageError, match="cleo is not in the plan") as raised:
        ask(tmp_path, "cleo")
    assert "anna" in raised.value.fix
    with pytest.raises(UsageError, match="annna is not in the plan") as raised:
        ask(tmp_path, "annna", "ben")
    assert raised.value.fix == "did you mean anna?"


def test_a_plan_for_the_worst_outcomes_has_a_plan_b_of_its_own(tmp_path):
    result = ask(tmp_path, "anna", worst_share=Fraction(1, 10))
    (tmp_path / "b.json").write_text(object_json(result.plan), encoding="utf-8")
    assert verify(str(tmp_path / "b.json")).discrepancy is None
    assert result.plan.tail is not None and result.cases[0].change is not None


def test_an_altered_fallback_is_found(tmp_path):
    reopened(tmp_path, declines=DeclineSettings(fallbacks=2))
    path = tmp_path / "plan.json"
    plan = json.loads(path.read_text(encoding="utf-8"))
    assert verify(str(path)).discrepancy is None
    plan["fallbacks"][0]["substitutes"][0]["creator"] = "eva"
    path.write_text(json.dumps(plan), encoding="utf-8")
    assert verify(str(path)).discrepancy.place == "fallbacks[0].substitutes[0].creator"


def best_with_rest(solved, declined):
    """Return the most that a plan with the rest kept is worth, by the audit of every plan; None if there is none."""
    problem, program = solved.problem, solved.program
    rest = np.setdiff1d(solved.picks, declined)
    freed = after_decline(problem, declined)
    others = np.flatnonzero(~np.isin(problem.choice_creators, problem.choice_creators[solved.picks]))
    by_creator = {}
    for choice in others.tolist():
        by_creator.setdefault(int(problem.choice_creators[choice]), [None]).append(choice)
    plans, best = [[]], None
    for choices in by_creator.values():
        plans = [plan if choice is None else [*plan, choice] for plan in plans for choice in choices]
    for more in plans:
        plan = np.sort(np.asarray([*rest, *more], dtype=np.intp))
        value = program.objective_value(plan)
        try:
            audit(freed, program, plan, value)
        except AuditError:
            continue
        best = value if best is None else max(best, value)
    return best


@pytest.mark.parametrize("goal", [goal for goal in GOALS if goal != "net reach"])
@CALM
@given(data=st.data())
def test_the_rest_of_a_plan_is_completed_as_an_enumeration_completes_it(goal, data):
    solved = draw_solved(data, goal)
    if solved is None or not len(solved.picks):
        return
    declined = np.asarray([data.draw(st.sampled_from(solved.picks.tolist()))])
    others = ~np.isin(solved.problem.choice_creators, solved.problem.choice_creators[solved.picks])
    if others.sum() > 9:
        return
    problem = after_decline(solved.problem, declined)
    problem = replace(problem, campaign=replace(problem.campaign, ideals=solved.ideals))
    left = keep_rest(problem, np.setdiff1d(solved.picks, declined), declined)
    found = solve_problem(left.problem, limits=FREE, solver=solver("highs"))
    expected = best_with_rest(solved, declined)
    if isinstance(found, Diagnosis):
        assert expected is None
    else:
        assert solved.program.objective_value(left.columns[found.picks]) == expected
        assert set(np.setdiff1d(solved.picks, declined)) <= set(left.columns[found.picks].tolist())


def chance_problem(data, folder):
    """Draw a solved plan with a rule that holds in most scenarios; None if it has no picks, or many choices."""
    fees = data.draw(st.lists(st.integers(50, 900), min_size=3, max_size=7))
    plain = problem_of(rows_of(fees), tmp_path=folder)
    rules = [data.draw(chance_rules(plain))]
    rules += data.draw(st.sampled_from(([], ["all count <= 2"], ["all count >= 2"])))
    budget = data.draw(st.integers(100, 2_500)) * 100
    problem = problem_of(rows_of(fees), *rules, budget=budget, tmp_path=folder)
    solved = solve_problem(problem, limits=FREE, solver=solver("highs"))
    return None if isinstance(solved, Diagnosis) or not len(solved.picks) else solved


@CALM
@given(data=st.data())
def test_one_creator_in_place_of_another_is_the_best_plan_where_no_two_others_fit(data, tmp_path_factory):
    solved = chance_problem(data, tmp_path_factory.mktemp("single"))
    if solved is None:
        return
    substitutes = SingleSubstitutes.of_plan(solved)
    for column in solved.picks.tolist():
        found, expected = substitutes.best(column), best_with_rest(solved, np.asarray([column]))
        if found.is_best:
            assert found.objective == expected
        elif found.objective is not None:
            assert found.objective <= expected
        if found.picks is not None:
            assert solved.program.objective_value(found.picks) == found.objective


def without_searches(monkeypatch):
    """Let no search find the time for a plan."""

    def no_time(*_, **__):
        return diagnosis(status="unknown", clash=(), repairs=())

    monkeypatch.setattr("microopt.analysis.plan_b.plan_b.solve_problem", no_time)


def test_substitutes_under_a_rule_with_a_chance_do_not_depend_on_the_time_for_searches(tmp_path, monkeypatch):
    chance, full = "all engagements >= 10 in 90%", "all count <= 2"
    two = CSV + "finn,tiktok,video,food,20000,$50,2.5%\n"  # eva and finn cost as much as cleo
    known = [(("anna",), "optimal", ("cleo",)), (("ben",), "optimal", ("cleo",))]
    assert ask_each(tmp_path, chance, full, csv=two) == known
    assert [added for _, _, added in ask_each(tmp_path, chance, csv=two)] == [("eva", "finn")] * 2
    without_searches(monkeypatch)
    assert ask_each(tmp_path, chance, full, csv=two) == known
    assert ask_each(tmp_path, chance, csv=two) == [(names, "feasible", added) for names, _, added in known]


def ask_each(folder, *rules, **facts):
    """Return who is booked where each creator declines alone."""
    result = plan_b(reopened(folder, *rules, **facts), limits=FREE, solver=solver("highs"))
    singles = [case for case in result.cases if len(case.declined) == 1]
    return sorted((case.declined, case.status, case.change.added) for case in singles)

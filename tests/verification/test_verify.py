"""A plan that holds is found to hold, whatever it is of; one that was altered is not, wherever that was."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.campaign.flag_values import AudienceInput
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.layered_settings import lay_over
from microopt.errors import BackendError, CampaignError, RosterError
from microopt.planning import build_plan, problem_run
from microopt.planning import optimize as optimize_module
from microopt.planning.build_problem import build_problem
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import balanced_objective
from microopt.planning.optimize import optimize
from microopt.readers.campaign_file import campaign_from_input, read_campaign_file
from microopt.readers.roster import read_roster
from microopt.rendering.data.json import object_json
from microopt.solver import branching, search
from microopt.solver.core_dynamic_programming import CoreSolution
from microopt.solver.fingerprint import fingerprint
from microopt.solver.result import BRANCHING, SolveLimits
from microopt.verification import certificate
from microopt.verification.later_keys import LATER_KEYS
from microopt.verification.verify import MISSING, describe_difference, verify
from tests.planning.builders import CALM, CSV, GOALS, campaigns, roster_rows, solver
from tests.scale import examples
from tests.support.cores import leave_cores_to_the_solver
from tests.support.scripted_backend import ScriptedBackend
from tests.verification.opponent import decimal, planned, sealed, written


@pytest.mark.parametrize("backend", ["cbc", "highs"])
@settings(CALM, max_examples=examples(60))
@given(st.data(), st.sampled_from(GOALS))
def test_every_plan_holds(backend, tmp_path, data, goal):
    rows = data.draw(roster_rows())
    campaign = data.draw(campaigns(rows, goal))
    path = written(decimal(rows), tmp_path / "roster.csv")
    try:
        text = planned(path, campaign, solver=solver(backend))
    except CampaignError:
        return
    assume(text is not None)
    (tmp_path / "plan.json").write_text(text, encoding="utf-8")
    verification = verify(str(tmp_path / "plan.json"))
    assert verification.discrepancy is None, (verification.discrepancy, text)
    assert verification.sealed


ROOT = Path(__file__).parents[2]
MORE = CSV + "@eve,instagram,reel,beauty,5200,$120,6.0%\n"


@pytest.fixture
def desk(tmp_path):
    """Return a folder with a roster, and a function that plans on it and writes the plan beside it."""
    (tmp_path / "roster.csv").write_text(MORE, encoding="utf-8")

    def make(*rules, solver=None, limits=None, **facts):
        campaign = campaign_from_input(CampaignInput(**{"budget": "3000", "rules": rules, **facts}))
        text = planned(tmp_path / "roster.csv", campaign, solver=solver, limits=limits)
        (tmp_path / "plan.json").write_text(text, encoding="utf-8")
        return json.loads(text)

    return tmp_path, make


def false(folder, value=None, **files):
    """Return the first false statement of the plan in a folder, rewritten to a value and sealed anew."""
    if value is not None:
        (folder / "plan.json").write_text(json.dumps(sealed(value, claims=True)), encoding="utf-8")
    return verify(str(folder / "plan.json"), **files).discrepancy


@pytest.mark.parametrize("example", ["launch", "season", pytest.param("always-on", marks=pytest.mark.slow)])
def test_the_plan_of_an_example_holds_with_its_campaign_file(example, tmp_path):
    file = ROOT / "examples" / f"{example}.toml"
    settings, digest = read_campaign_file(str(file))
    roster = ROOT / "examples" / f"{example}.csv"
    plan = optimize(read_roster(str(roster)), campaign_from_input(settings), campaign_sha256=digest)
    (tmp_path / "plan.json").write_text(object_json(plan), encoding="utf-8")
    verification = verify(str(tmp_path / "plan.json"), campaign=str(file))
    assert verification.holds
    assert verification.figures > 200
    assert verification.rules == len(plan.rules)


def test_an_altered_fee_is_named_with_what_the_roster_gives(desk):
    folder, make = desk
    value = make()
    value["picks"][0]["fee"] -= 50
    discrepancy = false(folder, value)
    assert (discrepancy.place, discrepancy.creator) == ("picks[0].fee", value["picks"][0]["creator"])
    assert (
        discrepancy.message
        == f"the plan says {value['picks'][0]['fee']:.2f}, but the roster gives {discrepancy.recomputed:.2f}"
    )


def test_an_altered_profit_margin_or_break_even_is_found_out(desk):
    folder, make = desk
    terms = {"goal": "profit", "order_value": "900", "margin": "60%", "returns": "10%", "ltv": "3x"}
    rules = ("all roas >= 1.5", "each creator cpa <= 2000")
    value = make(*rules, **terms)
    assert value["picks"]
    assert false(folder, value) is None
    assert value["earnings"]["break_even_roas"] == pytest.approx(1 / 0.6)
    for place, change in (("totals", {"profit": value["totals"]["profit"] + 1}), ("earnings", {"roas": 9.5})):
        found = false(folder, {**value, place: {**value[place], **change}})
        assert found.place == f"{place}.{next(iter(change))}"
    cheaper = false(folder, {**value, "campaign": {**value["campaign"], "margin": 0.7}})
    assert cheaper.place in ("proof.program", "proof.objective", "picks[0].profit")


def test_a_plan_that_must_lose_money_is_true_where_a_soft_rule_costs_a_share_of_the_loss(desk):
    folder, make = desk
    terms = {"goal": "profit", "order_value": "1", "margin": "50%"}
    value = make("all count >= 1", "all count >= 2 (soft 5%)", **terms)
    assert value["ideals"][0]["total"] < 0
    assert false(folder, value) is None


def test_a_byte_of_the_roster_is_enough(desk):
    folder, make = desk
    make()
    (folder / "roster.csv").write_text(MORE + "\n", encoding="utf-8")
    assert false(folder).place == "roster.source.sha256"


def test_a_roster_that_was_altered_beyond_reading_is_another_roster(desk):
    folder, make = desk
    make()
    (folder / "roster.csv").write_text(MORE.replace("$520", "five"), encoding="utf-8")
    assert false(folder).place == "roster.source.sha256"


def test_a_roster_elsewhere_is_given_by_name_or_found_from_here(desk, monkeypatch, tmp_path_factory):
    folder, make = desk
    value = make()
    directory = tmp_path_factory.mktemp("other")
    (folder / "roster.csv").rename(directory / "renamed.csv")
    assert false(folder, roster=str(directory / "renamed.csv")) is None
    with pytest.raises(RosterError):
        false(folder)
    (directory / "renamed.csv").rename(directory / "roster.csv")
    monkeypatch.chdir(directory)
    assert (
        false(
            folder,
            {**value, "roster": {**value["roster"], "source": {**value["roster"]["source"], "path": "roster.csv"}}},
        )
        is None
    )


def test_a_campaign_file_that_was_altered_is_another(tmp_path):
    file, roster = tmp_path / "c.toml", tmp_path / "roster.csv"
    file.write_text("budget = 3000\n", encoding="utf-8")
    roster.write_text(MORE, encoding="utf-8")
    settings, digest = read_campaign_file(str(file))
    plan = optimize(read_roster(str(roster)), campaign_from_input(settings), campaign_sha256=digest)
    (tmp_path / "plan.json").write_text(object_json(plan), encoding="utf-8")
    assert false(tmp_path, campaign=str(file)) is None
    file.write_text("budget == 3000\n", encoding="utf-8")
    assert false(tmp_path, campaign=str(file)).place == "campaign_sha256"


def test_a_broken_seal_is_told_alone_or_beside_what_else_is_false(desk):
    folder, make = desk
    value = make()
    (folder / "plan.json").write_text(json.dumps({**value, "seal": "0" * 64}), encoding="utf-8")
    assert false(folder).place == "seal"
    (folder / "plan.json").write_text(
        json.dumps({**value, "totals": {**value["totals"], "spend": value["totals"]["spend"] + 0.01}}), encoding="utf-8"
    )
    verification = verify(str(folder / "plan.json"))
    assert (verification.discrepancy.place, verification.sealed) == ("totals.spend", False)


@pytest.mark.parametrize("true", [True, 1])
def test_true_is_not_one_and_one_is_not_a_whole_amount(desk, true):
    folder, make = desk
    value = make()
    value["picks"][0]["fee_estimated"] = value["picks"][0]["fee_estimated"] or not true
    value["proof"]["gap"] = int(value["proof"]["gap"])
    assert false(folder, value).place == "proof.gap"


def test_usual_fees_by_the_prices_of_a_list_are_recomputed_from_all_of_it_whatever_is_filtered(desk):
    folder, make = desk
    creators = "".join(f"@m{n},instagram,reel,beauty,{2_000 * (n + 1)},${90 * (n + 1)},4.{n}%\n" for n in range(20))
    rows = f"{MORE}{creators}@open,instagram,reel,beauty,15000,,5%\n".replace("$", "")
    (folder / "roster.csv").write_text(rows, encoding="utf-8")
    given = {"where": ("followers >= 10000",), "include": ("@open",), "currency": "EUR", "goal": "engagement"}
    value = make(estimate_fees=True, **given)
    assert value["roster"]["usual_fees"]["source"] == "list"
    assert any(pick["fee_estimated"] for pick in value["picks"])
    assert false(folder) is None
    value["roster"]["usual_fees"]["level"] += 0.5
    assert false(folder, value).place == "roster.usual_fees.level"
    value["roster"]["usual_fees"]["level"] -= 0.5
    value["picks"][0]["usual_fee"] += 10
    assert false(folder, value).place == "picks[0].usual_fee"


def test_a_field_that_no_plan_has_is_false(desk):
    folder, make = desk
    value = make()
    value["picks"][0]["rating"] = 5
    assert false(folder, value).place == "picks[0].rating"


def lowered(value, objective, **facts):
    """Return a plan whose bound is brought down to its value, in all that it says of it."""
    proof = {**value["proof"], "bound": objective, "gap": 0.0, "status": "optimal", "limit": None}
    proof |= {"proven_by": "prices alone", "cheapest": False, "price_bound": objective, **facts}
    return {**value, "status": "optimal", "proof": proof}


def test_a_bound_that_its_prices_do_not_show_is_false_whatever_else_is_made_anew(desk):
    folder, make = desk
    value = make("all count <= 2", goal="engagement", budget="2200")
    assert value["proof"]["price_bound"] > value["proof"]["objective"]
    discrepancy = false(folder, lowered(value, value["proof"]["objective"]))
    assert (discrepancy.place, discrepancy.recomputed) == ("proof.price_bound", value["proof"]["price_bound"])
    discrepancy = false(folder, lowered(value, value["proof"]["objective"], price_bound=value["proof"]["price_bound"]))
    assert discrepancy.place == "proof.proven_by"


def test_a_bound_above_what_its_prices_show_is_false(desk, monkeypatch):
    leave_cores_to_the_solver(monkeypatch)
    folder, make = desk
    fake = ScriptedBackend(solve=[BackendError("out of memory")] * 9)
    value = make("all count <= 2", goal="engagement", budget="2200", solver=fake)
    assert (value["proof"]["status"], value["proof"]["bound"]) == ("feasible", value["proof"]["price_bound"])
    bound = 2 * value["proof"]["bound"]
    discrepancy = false(
        folder,
        {**value, "proof": {**value["proof"], "bound": bound, "gap": (bound - value["proof"]["objective"]) / bound}},
    )
    assert (discrepancy.place, discrepancy.recomputed) == ("proof.bound", value["proof"]["price_bound"])


def test_prices_that_show_nothing_do_not_carry_a_bound(desk):
    folder, make = desk
    value = make("all count <= 2", goal="engagement", budget="2200")
    value["proof"]["row_prices"] = [0.0 for _ in value["proof"]["row_prices"]]
    assert false(folder, value).place == "proof.price_bound"
    value["proof"]["row_prices"] = value["proof"]["row_prices"][1:]
    assert false(folder, value).place == "proof.row_prices"


def test_picks_that_cost_more_than_the_budget_break_it(desk):
    folder, make = desk
    value = make()
    value["campaign"]["budget"] = value["totals"]["spend"] - 0.01
    discrepancy = false(folder, value)
    assert discrepancy.place == "totals.spend"
    assert "the budget is" in discrepancy.message


def test_a_larger_budget_is_found_out_though_its_program_is_made_anew(desk):
    folder, make = desk
    value = make()
    value["campaign"]["budget"] += 1
    case, _ = build_problem(read_roster(str(folder / "roster.csv")), campaign_from_input(CampaignInput(budget="3001")))
    ideals = {ideal["metric"]: round(ideal["total"] * 1000) for ideal in value["ideals"]}
    value["proof"]["program"] = fingerprint(formulate(case, balanced_objective(case, ideals)))
    discrepancy = false(folder, value)
    assert discrepancy.place in ("unspent", "proof.price_bound")


def test_picks_that_break_a_rule_name_it(desk):
    folder, make = desk
    value = make("niche:beauty count >= 1", "all count >= 1")
    rule = "niche:beauty count <= 0"
    value["campaign"]["rules"][0] = value["rules"][0]["label"] = rule
    discrepancy = false(folder, value)
    assert (discrepancy.place, discrepancy.message) == ("rules[0]", f"the picks break {rule}")


def test_a_second_offer_of_a_creator_is_named(desk):
    folder, make = desk
    value = make("creator:anna count >= 1")
    own = next(pick for pick in value["picks"] if pick["creator"] == "@anna")
    value["picks"].append({**own, "offer": "story" if own["offer"] == "reel" else "reel"})
    assert "more often than one offer per creator" in false(folder, value).message


def test_a_creator_who_may_not_enter_is_named(desk):
    folder, make = desk
    value = make()
    value["picks"][0]["creator"] = "@nobody"
    assert false(folder, value).place == "picks[0].creator"


def test_a_rule_that_cannot_be_read_names_its_place(desk):
    folder, make = desk
    value = make("all count <= 4")
    value["campaign"]["rules"][0] = "all cuont of 4"
    assert false(folder, value).place == "campaign.rules[0]"


def test_another_version_is_named_in_the_fix(desk):
    folder, make = desk
    value = make()
    value["microopt"] = "9.9.9"
    value["totals"]["spend"] += 1
    (folder / "plan.json").write_text(json.dumps(sealed(value, claims=True)), encoding="utf-8")
    assert "9.9.9" in verify(str(folder / "plan.json")).fix


def test_what_dynamic_programming_has_proven_is_proven_again_without_a_solver(desk):
    folder, make = desk
    value = make("all count <= 2", goal="engagement", budget="2200")
    assert value["proof"]["proven_by"] == "dynamic programming"
    verification = verify(str(folder / "plan.json"))
    assert (verification.gap_by_prices, verification.claims_best, verification.unproven) == (0, False, ())
    assert verification.proven == ("no plan under its rules is better", "no cheaper plan is as good")


def test_a_proof_is_made_again_even_if_nothing_is_said_of_cheaper_plans(desk):
    folder, make = desk
    value = make("all count <= 2", goal="engagement", budget="2200")
    value["proof"]["cheapest"] = False
    assert false(folder, value) is None
    assert "no plan under its rules is better" in verify(str(folder / "plan.json")).proven


@pytest.fixture
def branched(desk, monkeypatch):
    """Return a folder with a plan that branching has proven."""
    leave_cores_to_the_solver(monkeypatch)
    monkeypatch.setattr(search, "MOST_COLUMNS_WITHOUT_BRANCHING", 0)
    monkeypatch.setattr(branching, "MOST_COLUMNS_LEFT_TO_SOLVER", 0)
    folder, make = desk
    assert make("all count <= 2", goal="engagement", budget="2200")["proof"]["proven_by"] == BRANCHING
    return folder


def test_what_branching_has_proven_is_proven_again_without_a_solver(branched):
    verification = verify(str(branched / "plan.json"))
    assert (verification.holds, verification.gap_by_prices, verification.unproven) == (True, 0, ())
    assert verification.proven == ("no plan under its rules is better", "no cheaper plan is as good")


def test_a_proof_by_branching_that_cannot_be_repeated_is_told_as_not_checked(branched, monkeypatch):
    monkeypatch.setattr(certificate, "_branch", lambda *_: CoreSolution())
    verification = verify(str(branched / "plan.json"))
    assert verification.holds
    assert not verification.claims_best
    assert "that no plan is better" in verification.unproven


def called_best(monkeypatch, worst_of):
    """Have the planner call another plan the best and cheapest than what its solver returns."""
    honest = problem_run.solve_for_goal

    def lie(problem, program, *arguments):
        result = honest(problem, program, *arguments)
        plan = worst_of(program, result)
        value = program.objective_value(plan)
        stated = {"bound": value, "is_cheapest": True, "proven_by": "branch and bound of CBC 2.10.3"}
        return replace(result, columns=plan, objective=value, **stated)

    monkeypatch.setattr(problem_run, "solve_for_goal", lie)


def test_a_better_plan_that_the_check_finds_makes_the_bound_false(desk, monkeypatch):
    folder, make = desk
    best = make("all count <= 2", goal="engagement", budget="2200")["proof"]["objective"]
    called_best(monkeypatch, lambda program, result: result.columns[:1])
    value = make("all count <= 2", goal="engagement", budget="2200")
    assert (value["status"], len(value["picks"])) == ("optimal", 1)
    discrepancy = false(folder)
    assert (discrepancy.place, discrepancy.stated) == ("proof.bound", value["proof"]["bound"])
    assert value["proof"]["bound"] < discrepancy.recomputed <= best


def test_a_cheaper_plan_that_the_check_finds_is_told_where_none_is_claimed(desk, monkeypatch):
    folder, make = desk
    twins = "@dear,instagram,reel,beauty,9000,$500,6.0%\n@fair,instagram,reel,beauty,9000,$400,6.0%\n"
    (folder / "roster.csv").write_text(CSV.splitlines()[0] + "\n" + twins, encoding="utf-8")
    called_best(monkeypatch, lambda program, result: np.asarray([np.argmax(program.cost)]))
    value = make("all count <= 1", goal="engagement", budget="600")
    assert [pick["creator"] for pick in value["picks"]] == ["@dear"]
    discrepancy = false(folder)
    assert discrepancy.place == "proof.cheapest"
    assert discrepancy.message == "the plan says that no cheaper plan is as good, but one costs 400.00"


def test_picks_that_bring_more_than_an_ideal_make_it_false(desk, monkeypatch):
    folder, make = desk
    honest = optimize_module.ideal_from_result

    def lie(name, result, objective, known=None):
        ideal = honest(name, result, objective, known)
        return replace(ideal, total=ideal.total // 2, bound=ideal.total // 2)

    monkeypatch.setattr(optimize_module, "ideal_from_result", lie)
    value = make("all count <= 2")
    assert false(folder).place == "ideals"
    assert false(folder).recomputed == value["totals"]["metrics"]["engagements"]


def test_a_proof_that_cannot_be_repeated_is_told_as_not_checked(desk, monkeypatch):
    folder, make = desk
    make("all count <= 2", goal="engagement", budget="2200")
    leave_cores_to_the_solver(monkeypatch)
    verification = verify(str(folder / "plan.json"))
    assert verification.holds
    assert not verification.claims_best
    assert verification.unproven == ("that no plan is better", "that no cheaper plan is as good")


def test_what_rests_on_the_solver_is_told_and_nothing_else(desk, monkeypatch):
    leave_cores_to_the_solver(monkeypatch)
    folder, make = desk
    make("all count <= 2", goal="engagement", budget="2200")
    verification = verify(str(folder / "plan.json"))
    assert verification.gap_by_prices > 0
    assert verification.claims_best
    assert verification.unproven == ("that no plan is better", "that no cheaper plan is as good")
    make(goal="engagement", budget="1000000")
    verification = verify(str(folder / "plan.json"))
    assert verification.gap_by_prices == 0
    assert not verification.claims_best
    assert "that no plan is better" not in verification.unproven
    assert "no plan under its rules is better" in verification.proven


def test_a_plan_that_a_solver_did_not_finish_claims_no_more_than_its_gap(desk, monkeypatch):
    leave_cores_to_the_solver(monkeypatch)
    folder, make = desk
    value = make(
        "all count <= 2", goal="engagement", budget="2200", solver=ScriptedBackend(solve=[BackendError("stopped")])
    )
    assert value["status"] == "feasible"
    verification = verify(str(folder / "plan.json"))
    assert verification.holds
    assert verification.gap_by_prices > 0
    assert not verification.claims_best
    # More than a fifth is left, so its rule is priced too.
    assert verification.unproven == ("what the plan would be without each of its rules",)


def test_a_plan_at_a_limit_holds(tmp_path):
    settings = lay_over(CampaignInput(goal="engagement"), read_campaign_file(str(ROOT / "examples" / "season.toml"))[0])
    text = planned(ROOT / "examples" / "season.csv", campaign_from_input(settings), limits=SolveLimits(seconds=0.02))
    (tmp_path / "plan.json").write_text(text, encoding="utf-8")
    assert false(tmp_path) is None


def test_a_plan_without_the_comparison_with_a_ranked_list_is_false(desk):
    folder, make = desk
    value = make("all count <= 2")
    value["baseline"] = None
    assert false(folder, value).place == "baseline"


def test_a_large_plan_at_a_limit_holds_without_that_comparison(desk, monkeypatch):
    leave_cores_to_the_solver(monkeypatch)
    folder, make = desk
    monkeypatch.setattr(build_plan, "MANY_PICKS", 1)
    value = make("all count <= 2", goal="engagement", budget="2200", limits=SolveLimits(seconds=0.0))
    assert (value["proof"]["limit"], value["baseline"]) == ("time", None)
    assert false(folder) is None
    monkeypatch.undo()
    assert false(folder).place == "baseline"  # of a small one it is not to be left out


def test_a_plan_after_an_interrupt_holds_without_that_comparison(desk, monkeypatch):
    leave_cores_to_the_solver(monkeypatch)
    folder, make = desk
    stopped = ScriptedBackend(solve=[KeyboardInterrupt()])
    value = make("all count <= 2", goal="engagement", budget="2200", solver=stopped)
    assert (value["proof"]["limit"], value["baseline"]) == ("interrupt", None)
    assert false(folder) is None


@pytest.mark.parametrize(
    "facts",
    [
        {"target": {"reach": "20k", "engagements": "900"}},
        {"worth": {"reach": "0.01", "clicks": "2"}},
        {"goal": "net-reach", "audience": AudienceInput(by="niche", size={"food": "200k", "beauty": "1M"})},
        {},
    ],
)
def test_a_plan_whose_keys_were_sorted_still_holds(desk, facts):
    folder, make = desk
    value = make("all net reach >= 10" if "audience" in facts else "all count >= 1", **facts)
    (folder / "plan.json").write_text(json.dumps(value, sort_keys=True), encoding="utf-8")
    assert false(folder) is None


def without_later_keys(value, place=""):
    """Return a plan as versions wrote it that did not have some keys yet."""
    if isinstance(value, list):
        return [without_later_keys(item, f"{place}.*") for item in value]
    if not isinstance(value, dict):
        return value
    kept = {key: part for key, part in value.items() if key not in LATER_KEYS.get(place, {})}
    return {key: without_later_keys(part, f"{place}.{key}" if place else key) for key, part in kept.items()}


def test_a_plan_of_a_version_without_some_keys_holds(desk):
    folder, make = desk
    value = without_later_keys(make("all count >= 1"))
    assert "tail" not in value and "worst_share" not in value["campaign"] and "chance" not in value["rules"][0]
    assert false(folder, value) is None
    value["totals"]["spend"] += 1
    assert false(folder, value).place == "totals.spend"


def test_a_plan_without_a_key_that_says_more_than_nothing_is_false(desk):
    folder, make = desk
    value = make(scenarios=20, risk="20%")
    del value["tail"]
    assert false(folder, value).place == "tail"
    value = make("all reach >= 10 in 80%", scenarios=20)
    del value["rules"][0]["chance"]
    assert false(folder, value).place == "rules[0].chance"


@pytest.mark.parametrize("sheet", ["Second", "2"])
def test_the_sheet_of_a_workbook_is_part_of_the_plan(tmp_path, sheet):
    xlsxwriter = pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    with xlsxwriter.Workbook(tmp_path / "roster.xlsx") as book:
        for name in ("First", "Second"):
            page = book.add_worksheet(name)
            for row, line in enumerate(MORE.splitlines()[: 4 if name == "First" else 7]):
                page.write_row(row, 0, line.split(","))
    text = planned(tmp_path / "roster.xlsx", campaign_from_input(CampaignInput(budget="3000")), sheet=sheet)
    (tmp_path / "plan.json").write_text(text, encoding="utf-8")
    assert json.loads(text)["roster"]["source"]["sheet"] == sheet
    assert false(tmp_path) is None
    value = json.loads(text)
    value["roster"]["source"]["sheet"] = None
    assert false(tmp_path, value) is not None


def test_how_the_roster_was_read_is_part_of_the_plan(tmp_path):
    (tmp_path / "roster.csv").write_text(MORE + "@odd,tiktok,video,food,many,$10,2%\n", encoding="utf-8")
    campaign = campaign_from_input(CampaignInput(budget="3000", where=["followers 6k.."], estimate_fees=True))
    text = planned(tmp_path / "roster.csv", campaign, skip_bad_rows=True)
    (tmp_path / "plan.json").write_text(text, encoding="utf-8")
    value = json.loads(text)
    assert value["roster"]["source"]["skip_bad_rows"] is True
    assert false(tmp_path) is None
    value["roster"]["source"]["skip_bad_rows"] = False
    discrepancy = false(tmp_path, value)
    assert discrepancy.place == "roster"
    assert "cannot be read as the plan says" in discrepancy.message


def test_a_roster_that_unpacks_to_more_than_it_may_says_nothing_of_the_plan(tmp_path):
    (tmp_path / "roster.csv.gz").write_bytes(gzip.compress(MORE.encode()))
    text = planned(tmp_path / "roster.csv.gz", campaign_from_input(CampaignInput(budget="3000")))
    (tmp_path / "plan.json").write_text(text, encoding="utf-8")
    assert false(tmp_path) is None
    with pytest.raises(RosterError, match="unpacks to"):
        false(tmp_path, max_unpacked=10)


def test_packages_and_sets_of_offers_are_found_again(tmp_path):
    text = planned(
        ROOT / "examples" / "brief.csv",
        campaign_from_input(CampaignInput(budget="9000", creators="..3", one_offer_per="offer")),
    )
    (tmp_path / "plan.json").write_text(text, encoding="utf-8")
    value = json.loads(text)
    assert any(pick["units"] > 1 for pick in value["picks"])
    assert len({pick["creator"] for pick in value["picks"]}) < len(value["picks"])
    assert false(tmp_path) is None


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("bonus", "plans have no such figure"),
        ("totals.bonus", "plans have no such figure"),
        ("picks[0].bonus", "plans have no such figure"),
        ("totals.extra_costs.seeding", "its picks give no such figure"),
        ("campaign.exchange.EUR", "the campaign gives no such figure"),
        ("picks[3]", "the roster gives no such figure"),
    ],
)
def test_a_figure_that_is_not_recomputed_is_one_that_no_plan_or_not_this_plan_has(place, said):
    assert describe_difference(place, 999, MISSING).message == f"the plan says 999, but {said}"

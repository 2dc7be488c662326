"""What microopt writes is of its own published schema, and of nothing more than its structs."""

import json
import re
import tomllib
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from jsonschema import Draft202012Validator
from msgspec import Struct

import microopt
from microopt.cli.commands.init import SCHEMAS as OFFERED
from microopt.errors import CampaignError, RosterError
from microopt.plan.codec import CODEC
from microopt.plan.seal import seal_plan
from microopt.plan.verification_result import Discrepancy, Verification
from microopt.planning.portfolio.clash import PortfolioDiagnosis
from microopt.readers.campaign_file import campaign_from_input, read_campaign_file
from microopt.readers.installed_parts import installed_parts
from microopt.rendering.data.json import object_json
from microopt.rendering.schemas import OBJECTS, SCHEMAS, schema
from microopt.storage.run_log import build_entry
from microopt.verification.store_check import StoreCheck, StoreProblem
from tests.rendering.builders import (
    HOSTILE,
    added_creator,
    alternatives,
    comparison,
    diagnosis,
    dropped_creator,
    fault,
    front,
    frontier,
    frontier_point,
    pick,
    picks,
    plan,
    plan_b,
    plan_comparison,
    proof,
    replanned,
    risk_front,
    rule,
    summary,
    tier_plan,
)
from tests.rendering.portfolios import compared, portfolio_plan, without_plan
from tests.rendering.waves import timing_case, timing_comparison
from tests.verification.opponent import planned

EXAMPLES = Path(__file__).parents[2] / "examples"
OUTPUTS = Path(__file__).parents[2] / "docs" / "outputs.md"
PLANS = [
    plan(),
    plan([], baseline=None),
    plan([pick(creator=HOSTILE["lines"], usual_fee=5, revenue=None)]),
    plan(rules=(rule(used=None, at_least=None),), proof=proof(status="feasible", limit="time", pool_prices=(0.5,))),
]
VERIFICATIONS = [
    Verification(plan="p.json", roster="r.csv", figures=3, unproven=("that no plan is better",), gap_by_prices=0.25),
    Verification(
        plan="-",
        roster="r.csv",
        discrepancy=Discrepancy(place="picks[0].fee", message="no", stated=1.5, recomputed=None),
    ),
]
RUN = {"at": "2026-03-01T02:00:00Z", "command": "replan", "path": "plan.json", "exit_code": 0, "seconds": 0.25}
# By name of the schema: objects of every kind that is written, as text.
TEXTS = [
    *(("plan", object_json(result)) for result in (*PLANS, replanned(added_creator(), dropped_creator()))),
    ("diagnosis", object_json(diagnosis(reasons=("too little money",)))),
    ("diagnosis", object_json(diagnosis(status="unknown", limit="time", clash=()))),
    ("error", object_json(RosterError("two", faults=[fault(2), fault(3)]))),
    ("error", object_json(CampaignError("no goal", code="goal-unknown"))),
    *(("verification", object_json(verification)) for verification in VERIFICATIONS),
    ("store_check", object_json(StoreCheck(store="s.db", version=2, runs=3))),
    ("store_check", object_json(StoreCheck(store="s.db", problems=(StoreProblem(message="no", run=1),), fix="mv"))),
    ("licenses", object_json(installed_parts())),
    ("check", object_json(summary())),
    (
        "compare",
        object_json(
            comparison(
                tier_plan("micro"),
                tier_plan("mega", result=diagnosis()),
                tier_plan("mid", result=None),
            )
        ),
    ),
    ("over_time", object_json(timing_comparison())),
    ("over_time", object_json(timing_comparison(timing_case(result=None, share=None)))),
    ("portfolio", object_json(portfolio_plan())),
    ("portfolio_diagnosis", object_json(PortfolioDiagnosis(clash=("house budget",), diagnoses={"dew": diagnosis()}))),
    ("portfolio", object_json(compared(campaigns=(without_plan(),), goal="fair", budget=None, budget_worth=None))),
    ("alternatives", object_json(alternatives())),
    ("plan_comparison", object_json(plan_comparison())),
    ("plan_b", object_json(plan_b())),
    ("tradeoff", object_json(front())),
    ("risk_front", object_json(risk_front())),
    ("frontier", object_json(frontier(plan(), frontier_point(100_000), frontier_point(200_000, picks(3))))),
    ("run", json.dumps(build_entry(seal_plan(replanned(added_creator())), **RUN))),
    ("run", json.dumps(build_entry(None, **RUN, status="infeasible", error=RosterError("no", code="file-missing")))),
]
PARTIAL = (
    "compare",
    "over_time",
    "alternatives",
    "plan_b",
    "tradeoff",
    "risk_front",
)  # objects that show a part of their plans


def valid(name, value):
    return not list(Draft202012Validator(schema(name)).iter_errors(value))


@pytest.mark.parametrize(("name", "text"), TEXTS)
def test_what_is_written_is_of_its_struct_to_the_last_key_and_of_its_schema(name, text):
    value = json.loads(text)
    assert list(value)[:2] == ["schema", "microopt"]
    assert value["schema"] == f"microopt.{name}/1"
    assert valid(name, value)
    if name not in PARTIAL:
        own = CODEC.encode(CODEC.decode(value, OBJECTS[name]))
        assert {key: value[key] for key in own} == json.loads(json.dumps(own).encode("utf-8", "replace"))


@pytest.mark.parametrize(("name", "text"), TEXTS)
def test_no_key_of_an_object_may_be_missing(name, text):
    value = json.loads(text)
    for key in value:
        assert not valid(name, {inner: part for inner, part in value.items() if inner != key}), key


def test_every_struct_that_names_a_schema_has_one():
    for module in walk_packages(microopt.__path__, "microopt."):
        if "__main__" not in module.name:
            import_module(module.name)
    names = {struct for struct in _all_structs(Struct) if "schema_name" in struct.__dict__}
    assert names == set(OBJECTS.values())
    assert len({struct.schema_name for struct in names}) == len(names)


def _all_structs(struct):
    for inner in struct.__subclasses__():
        yield from (inner, *_all_structs(inner))


def test_the_command_offers_every_schema():
    assert OFFERED == SCHEMAS


def test_the_docs_list_every_schema():
    listed = re.findall(r"(?m)^\| `microopt\.(\w+)/1` ", OUTPUTS.read_text(encoding="utf-8"))
    assert listed == list(OBJECTS)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one_and_refuses_what_is_nothing_of_its_kind(name):
    Draft202012Validator.check_schema(schema(name))
    assert not valid(name, {"schema": 5, "budget": []})
    assert not valid(name, [])


@pytest.mark.parametrize("name", ["launch", "season"])
def test_a_plan_and_the_campaign_file_of_an_example_are_valid(name):
    campaign = EXAMPLES / f"{name}.toml"
    text = planned(EXAMPLES / f"{name}.csv", campaign_from_input(read_campaign_file(str(campaign))[0]))
    assert valid("plan", json.loads(text))
    assert valid("campaign", tomllib.loads(campaign.read_text(encoding="utf-8")))


def test_an_object_may_gain_a_key_and_a_campaign_file_may_not():
    assert valid("plan", {**json.loads(object_json(plan())), "more": 1})
    assert not valid("campaign", {"budget": 5, "bugdet": 5})


def test_a_campaign_file_may_hold_decimals_where_money_stands():
    assert valid(
        "campaign", {"budget": 199.99, "worth": {"clicks": 0.5}, "audience": {"by": "niche", "size": {"a": 1}}}
    )


def test_a_portfolio_file_of_the_examples_is_valid_and_one_with_another_key_is_not():
    written = tomllib.loads((EXAMPLES / "agency" / "agency.toml").read_text(encoding="utf-8"))
    assert valid("portfolio_file", written)
    assert not valid("portfolio_file", {**written, "bugdet": 5})
    assert not valid("portfolio_file", {"campaign": [{"file": "glow.toml"}]})

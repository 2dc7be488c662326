"""What microopt writes is of its own published schema, and of nothing more than its structs."""

import json
import tomllib
from pathlib import Path

import msgspec
import pytest
from jsonschema import Draft202012Validator

from microopt.campaign.settings import campaign_from_input
from microopt.errors import CampaignError, RosterError
from microopt.plan.document.diagnosis import DiagnosisDocument
from microopt.plan.document.plan import PlanDocument
from microopt.plan.document.verification import VerificationDocument
from microopt.plan.verification_result import Discrepancy, Verification
from microopt.quantities.error import ErrorDocument
from microopt.readers.campaign_file import read_campaign_file
from microopt.rendering.data.json import diagnosis_json, error_json, plan_json
from microopt.rendering.schemas import SCHEMAS, schema
from microopt.rendering.terminal.verification import verification_json
from tests.rendering.builders import HOSTILE, diagnosis, fault, pick, plan, proof, rule
from tests.verification.opponent import planned

EXAMPLES = Path(__file__).parents[2] / "examples"
PLANS = [
    plan(),
    plan([], habit=None),
    plan([pick(creator=HOSTILE["lines"], usual_fee=5, revenue=None)]),
    plan(rules=(rule(used=None, at_least=None),), proof=proof(status="feasible", limit="time", pool_prices=(0.5,))),
]
FOUND = [
    Verification(plan="p.json", roster="r.csv", figures=3, rests_on=("that nothing lies between",), within=0.25),
    Verification(plan="-", roster="r.csv", false=Discrepancy(place="picks[0].fee", message="no", said=1.5, found=None)),
]
TEXTS = [
    *(("plan", PlanDocument, plan_json(made)) for made in PLANS),
    ("diagnosis", DiagnosisDocument, diagnosis_json(diagnosis(reasons=("too little money",)))),
    ("diagnosis", DiagnosisDocument, diagnosis_json(diagnosis(status="unknown", limit="time", clash=()))),
    ("error", ErrorDocument, error_json(RosterError("two", faults=[fault(2), fault(3)]))),
    ("error", ErrorDocument, error_json(CampaignError("no goal", code="goal-unknown"))),
    *(("verification", VerificationDocument, verification_json(found)) for found in FOUND),
]


def valid(name, value):
    return not list(Draft202012Validator(schema(name)).iter_errors(value))


@pytest.mark.parametrize(("name", "document", "text"), TEXTS)
def test_what_is_written_is_of_its_struct_to_the_last_key_and_of_its_schema(name, document, text):
    read = msgspec.json.decode(text, type=document)
    assert json.loads(json.dumps(msgspec.to_builtins(read))) == json.loads(text)
    assert valid(name, json.loads(text))


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
    assert valid("plan", {**json.loads(plan_json(plan())), "more": 1})
    assert not valid("campaign", {"budget": 5, "bugdet": 5})


def test_a_campaign_file_may_hold_decimals_where_money_stands():
    assert valid(
        "campaign", {"budget": 199.99, "worth": {"clicks": 0.5}, "audience": {"by": "niche", "size": {"a": 1}}}
    )

"""The JSON Schemas of the objects that microopt writes, and of the campaign and portfolio files that it reads."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from microopt.analysis.alternatives import Alternatives
from microopt.analysis.claims import Claims
from microopt.analysis.explain.result import Explanation
from microopt.analysis.forecast_table import ForecastTable
from microopt.analysis.frontier.result import Frontier
from microopt.analysis.over_time.result import TimingComparison
from microopt.analysis.plan_b.result import PlanB
from microopt.analysis.plan_diff.result import PlanComparison
from microopt.analysis.roster_summary import RosterSummary
from microopt.analysis.simulation.result import Simulation
from microopt.analysis.tiers.compare import Comparison
from microopt.analysis.tradeoff.pareto import ParetoFront
from microopt.analysis.tradeoff.risk_front import RiskFront
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.portfolio_input import PortfolioInput
from microopt.campaign.target_audience import TABLE_KEYS
from microopt.errors import ErrorReport
from microopt.inflight.batch.result import BatchSummary
from microopt.inflight.history.result import History
from microopt.inflight.outreach.result import OutreachList
from microopt.plan.codec import CODEC, schema_id
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.plan import Plan
from microopt.plan.portfolio import PortfolioPlan
from microopt.plan.seal import PlanMetadata
from microopt.plan.verification_result import Verification
from microopt.planning.portfolio.clash import PortfolioDiagnosis
from microopt.readers.installed_parts import Licenses
from microopt.storage.run_log import RunLogEntry
from microopt.verification.store_check import StoreCheck

DIALECT = "https://json-schema.org/draft/2020-12/schema"
CAMPAIGN, PORTFOLIO_FILE = "campaign", "portfolio_file"
WRITTEN: tuple[type[msgspec.Struct], ...] = (
    Plan,
    Diagnosis,
    PortfolioPlan,
    PortfolioDiagnosis,
    ForecastTable,
    Frontier,
    ParetoFront,
    RiskFront,
    Comparison,
    TimingComparison,
    PlanComparison,
    PlanB,
    Alternatives,
    Explanation,
    Simulation,
    History,
    OutreachList,
    BatchSummary,
    Verification,
    StoreCheck,
    RosterSummary,
    Claims,
    RunLogEntry,
    Licenses,
    ErrorReport,
)
OBJECTS = {struct.schema_name: struct for struct in WRITTEN}  # type: ignore[attr-defined]
SCHEMAS = (*OBJECTS, CAMPAIGN, PORTFOLIO_FILE)


def schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of one of `SCHEMAS`.

    Objects that microopt writes may gain keys within a version, so that others than those named are allowed in them;
    in a campaign file or a portfolio file they are not.
    """
    if name == PORTFOLIO_FILE:
        own, parts = _file_schema(PortfolioInput)
    else:
        own, parts = _campaign_schema() if name == CAMPAIGN else _object_schema(name)
    return {"$schema": DIALECT, "title": f"microopt {name}", **own, "$defs": parts}


def schema_text(name: str) -> str:
    """Return a JSON Schema as text."""
    return json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n"


def _object_schema(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the schema of an object that is written, and those of its parts."""
    own, parts = CODEC.schema(OBJECTS[name])
    head = {"schema": {"const": schema_id(name)}, "microopt": {"type": "string"}}
    properties = {**head, **own["properties"]}
    if name == "plan":
        envelope, more = CODEC.schema(PlanMetadata)
        properties, parts = {**envelope["properties"], **properties}, {**parts, **more}
    return {**own, "properties": properties, "required": [*properties]}, parts


def _campaign_schema() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the schema of a campaign file, and those of its tables."""
    reference, parts = _file_schema(CampaignInput)
    own = parts[CampaignInput.__name__]["properties"]
    own["target"]["properties"] = {key: own[name] for key, name in TABLE_KEYS.items()}
    return reference, parts


def _file_schema(struct: type[msgspec.Struct]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the schema of a file that is read, where unknown keys are errors, and those of its tables."""
    (reference,), parts = msgspec.json.schema_components([struct], ref_template="#/$defs/{name}")
    for part in parts.values():
        part["additionalProperties"] = False
    return reference, parts

"""microopt: the mix of micro and mega influencers that brings the most within a budget, proven best."""

from __future__ import annotations

from importlib import import_module
from sys import modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from microopt.alternative import Alternatives
    from microopt.budget_frontier import Frontier
    from microopt.campaign import Campaign, Goal
    from microopt.comparison import Comparison
    from microopt.errors import MicrooptError
    from microopt.front import Front
    from microopt.grammar import parse_rule, parse_where
    from microopt.plan import Diagnosis, Plan
    from microopt.plan_comparison import PlanComparison
    from microopt.readers.campaign_file import read_campaign_file
    from microopt.readers.options import ReadOptions
    from microopt.readers.roster_reader import read_roster
    from microopt.report import Report
    from microopt.roster import Roster
    from microopt.settings import Settings, campaign_of
    from microopt.solver.answer import Limits
    from microopt.studies.alternatives import alternatives
    from microopt.studies.compare import compare
    from microopt.studies.compare_plans import compare_plans
    from microopt.studies.frontier import frontier
    from microopt.studies.optimise import optimise
    from microopt.studies.report import report_of_file
    from microopt.studies.tradeoff import tradeoff
    from microopt.studies.verify import verify
    from microopt.verification import Verification

_HOMES = {
    "Alternatives": "alternative", "Campaign": "campaign", "Comparison": "comparison", "Diagnosis": "plan",
    "Front": "front", "Frontier": "budget_frontier", "Goal": "campaign", "Limits": "solver.answer",
    "MicrooptError": "errors", "Plan": "plan", "PlanComparison": "plan_comparison", "ReadOptions": "readers.options",
    "Report": "report", "Roster": "roster", "Settings": "settings", "Verification": "verification",
    "alternatives": "studies.alternatives", "campaign_of": "settings", "compare": "studies.compare",
    "compare_plans": "studies.compare_plans", "frontier": "studies.frontier", "optimise": "studies.optimise",
    "parse_rule": "grammar", "parse_where": "grammar", "read_campaign_file": "readers.campaign_file",
    "read_roster": "readers.roster_reader", "report_of_file": "studies.report", "tradeoff": "studies.tradeoff",
    "verify": "studies.verify",
}  # fmt: skip

__all__ = [
    "Alternatives", "Campaign", "Comparison", "Diagnosis", "Front", "Frontier", "Goal", "Limits", "MicrooptError",
    "Plan", "PlanComparison", "ReadOptions", "Report", "Roster", "Settings", "Verification", "alternatives",
    "campaign_of", "compare", "compare_plans", "frontier", "optimise", "parse_rule", "parse_where",
    "read_campaign_file", "read_roster", "report_of_file", "tradeoff", "verify",
]  # fmt: skip


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: `microopt --help` needs neither pandas nor PuLP."""
    if name not in _HOMES:
        raise AttributeError(f"module 'microopt' has no attribute {name!r}")
    found = getattr(import_module(f"microopt.{_HOMES[name]}"), name)
    if "microopt.plan" in modules:
        modules["microopt.plan"].Plan.shown = _shown
    return found


def _shown(plan: Plan) -> str:
    """Return a plan as a notebook shows it: what plans themselves, a floor below renderers, cannot know."""
    page: str = import_module("microopt.renderers.plan_notebook").plan_notebook(plan)
    return page

"""microopt: the mix of micro and mega influencers that brings the most within a budget, proven best."""

from __future__ import annotations

from importlib import import_module
from sys import modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from microopt.analysis.alternatives import Alternatives, alternatives
    from microopt.analysis.frontier.frontier import frontier
    from microopt.analysis.frontier.result import Frontier
    from microopt.analysis.plan_diff.compare_plans import compare_plans
    from microopt.analysis.plan_diff.result import PlanComparison
    from microopt.analysis.report import Report, report_of_file
    from microopt.analysis.tiers.compare import Comparison, compare
    from microopt.analysis.tradeoff.pareto import ParetoFront
    from microopt.analysis.tradeoff.tradeoff import tradeoff
    from microopt.campaign.campaign import Campaign, Goal
    from microopt.campaign.rule_grammar import parse_rule, parse_where
    from microopt.campaign.settings import CampaignInput, campaign_from_input
    from microopt.errors import MicrooptError
    from microopt.plan.plan import Diagnosis, Plan
    from microopt.plan.verification_result import Verification
    from microopt.planning.optimize import optimize
    from microopt.readers.campaign_file import read_campaign_file
    from microopt.readers.options import ReadOptions
    from microopt.readers.roster import read_roster
    from microopt.roster.roster import Roster
    from microopt.solver.result import SolveLimits
    from microopt.verification.verify import verify

_HOMES = {
    "Alternatives": "analysis.alternatives",
    "Campaign": "campaign.campaign",
    "CampaignInput": "campaign.settings",
    "Comparison": "analysis.tiers.compare",
    "Diagnosis": "plan.plan",
    "Frontier": "analysis.frontier.result",
    "Goal": "campaign.campaign",
    "MicrooptError": "errors",
    "ParetoFront": "analysis.tradeoff.pareto",
    "Plan": "plan.plan",
    "PlanComparison": "analysis.plan_diff.result",
    "ReadOptions": "readers.options",
    "Report": "analysis.report",
    "Roster": "roster.roster",
    "SolveLimits": "solver.result",
    "Verification": "plan.verification_result",
    "alternatives": "analysis.alternatives",
    "campaign_from_input": "campaign.settings",
    "compare": "analysis.tiers.compare",
    "compare_plans": "analysis.plan_diff.compare_plans",
    "frontier": "analysis.frontier.frontier",
    "optimize": "planning.optimize",
    "parse_rule": "campaign.rule_grammar",
    "parse_where": "campaign.rule_grammar",
    "read_campaign_file": "readers.campaign_file",
    "read_roster": "readers.roster",
    "report_of_file": "analysis.report",
    "tradeoff": "analysis.tradeoff.tradeoff",
    "verify": "verification.verify",
}

__all__ = [
    "Alternatives",
    "Campaign",
    "CampaignInput",
    "Comparison",
    "Diagnosis",
    "Frontier",
    "Goal",
    "MicrooptError",
    "ParetoFront",
    "Plan",
    "PlanComparison",
    "ReadOptions",
    "Report",
    "Roster",
    "SolveLimits",
    "Verification",
    "alternatives",
    "campaign_from_input",
    "compare",
    "compare_plans",
    "frontier",
    "optimize",
    "parse_rule",
    "parse_where",
    "read_campaign_file",
    "read_roster",
    "report_of_file",
    "tradeoff",
    "verify",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: `microopt --help` needs neither pandas nor PuLP."""
    if name not in _HOMES:
        raise AttributeError(f"module 'microopt' has no attribute {name!r}")
    found = getattr(import_module(f"microopt.{_HOMES[name]}"), name)
    if "microopt.plan.plan" in modules:
        modules["microopt.plan.plan"].Plan.shown = _shown
    return found


def _shown(plan: Plan) -> str:
    """Return a plan as a notebook shows it: what plans themselves, a floor below renderers, cannot know."""
    page: str = import_module("microopt.rendering.notebook").plan_notebook(plan)
    return page

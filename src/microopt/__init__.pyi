"""The public names of microopt, and the module that each of them comes from.

`microopt/__init__.py` reads these lines when the package is imported, and imports a name when it is first used
(Scientific Python's SPEC 1); type checkers read them as they are.
"""

# ruff: noqa: F401 (an alias makes a name public)
from microopt.analysis.alternatives import Alternatives as Alternatives
from microopt.analysis.alternatives import alternatives as alternatives
from microopt.analysis.frontier.frontier import frontier as frontier
from microopt.analysis.frontier.result import Frontier as Frontier
from microopt.analysis.over_time.compare_over_time import compare_over_time as compare_over_time
from microopt.analysis.over_time.result import TimingComparison as TimingComparison
from microopt.analysis.plan_diff.compare_plans import compare_plans as compare_plans
from microopt.analysis.plan_diff.result import PlanComparison as PlanComparison
from microopt.analysis.report.report import report_from_file as report_from_file
from microopt.analysis.report.result import Report as Report
from microopt.analysis.tiers.compare import Comparison as Comparison
from microopt.analysis.tiers.compare import compare as compare
from microopt.analysis.tradeoff.pareto import ParetoFront as ParetoFront
from microopt.analysis.tradeoff.tradeoff import tradeoff as tradeoff
from microopt.campaign.campaign import Campaign as Campaign
from microopt.campaign.campaign import Goal as Goal
from microopt.campaign.inputs import CampaignInput as CampaignInput
from microopt.campaign.rule_grammar import parse_rule as parse_rule
from microopt.campaign.rule_grammar import parse_where as parse_where
from microopt.errors import MicrooptError as MicrooptError
from microopt.plan.diagnosis import Diagnosis as Diagnosis
from microopt.plan.plan import Plan as Plan
from microopt.plan.verification_result import Verification as Verification
from microopt.planning.optimize import optimize as optimize
from microopt.readers.campaign_file import campaign_from_input as campaign_from_input
from microopt.readers.campaign_file import read_campaign_file as read_campaign_file
from microopt.readers.options import ReadOptions as ReadOptions
from microopt.readers.roster import read_roster as read_roster
from microopt.rendering.charts import api as charts
from microopt.roster.roster import Roster as Roster
from microopt.solver.result import SolveLimits as SolveLimits
from microopt.verification.verify import verify as verify

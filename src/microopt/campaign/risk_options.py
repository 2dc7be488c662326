"""Flags and keys on luck and declines: how they are named, and what their help says."""

from __future__ import annotations

from microopt.campaign.decline_settings import parse_acceptance_flags
from microopt.campaign.options import CAMPAIGN, Scope, option

RISK = option(
    "--risk",
    panel=CAMPAIGN,
    metavar="SHARE",
    help="Plan for the worst share of outcomes: averse (the worst 10%), or a share such as 20%.",
)
AT_LEAST_IN = option(
    "--at-least-in",
    panel=CAMPAIGN,
    metavar="SHARE",
    help="The same from the other end: 90% plans for the worst 10% of outcomes.",
)
SCENARIOS = option(
    "--scenarios",
    panel=CAMPAIGN,
    metavar="N",
    help="How many outcomes are drawn for risk, chances and declines (default 200).",
)
SEED = option("--seed", panel=CAMPAIGN, metavar="N", help="Which outcomes are drawn (default 1).")
ACCEPTANCE = option(
    "--acceptance",
    panel=CAMPAIGN,
    metavar="[TIER=]SHARE",
    scope=Scope.FORECAST,
    parse=parse_acceptance_flags,
    help="How many creators say yes where the list has no acceptance column: 70%, or mega=60%. Repeatable.",
)
ACCEPTANCE_FROM = option(
    "--acceptance-from",
    panel=CAMPAIGN,
    metavar="FILE",
    scope=Scope.FORECAST,
    help="Learn how many say yes from earlier answers: a file with a creator and a state in each row.",
)
FALLBACKS = option(
    "--fallbacks",
    panel=CAMPAIGN,
    metavar="N",
    help="Name the N best substitutes for each creator in the plan: 3.",
)
AFTER_DECLINES = option(
    "--after-declines",
    panel=CAMPAIGN,
    help="Choose the plan that brings most once some decline and substitutes are asked.",
)

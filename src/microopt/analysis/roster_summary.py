"""Summarize a roster: its columns as understood, its tiers, niches and platforms, its ranges."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import Campaign
from microopt.plan.roster_summary import RosterSummary, Spread
from microopt.planning.build_problem import build_problem, for_roster_analysis
from microopt.roster.roster import NO_FEE, Roster, TextColumn

COUNTED_COLUMNS = ("tier", "platform", "niche", "region")
RANGED_COLUMNS = ("followers", "engagement_rate", "engagements", "views", "authentic", "credibility")


def summarize_roster(roster: Roster, campaign: Campaign) -> RosterSummary:
    """Return a summary of the offers of a roster that the campaign allows.

    Raises
    ------
    CampaignError
        If the campaign does not fit it.
    """
    problem, warnings = build_problem(roster, for_roster_analysis(campaign), bundles=False)
    roster = problem.roster
    fees = np.where(roster.fee == NO_FEE, np.nan, roster.fee / 100)
    columns = {"fee": fees} | {name: roster.numbers[name] for name in RANGED_COLUMNS if name in roster.numbers}
    return RosterSummary(
        roster=replace(problem.roster_facts, offers=len(roster), creators=roster.creators),
        counts={name: _count_creators(roster, roster.texts[name]) for name in COUNTED_COLUMNS if name in roster.texts},
        spreads={name: _value_spread(values) for name, values in columns.items() if np.isfinite(values).any()},
        columns=roster.columns,
        notes=roster.notes,
        warnings=warnings,
    )


def _count_creators(roster: Roster, column: TextColumn) -> dict[str, int]:
    """Return how many creators have each value, the most frequent first."""
    counts: dict[str, int] = {}
    for code in np.unique(column.codes):
        creators = set(np.unique(roster.creator_id[column.codes == code]).tolist())
        for value in column.label_values(int(code)):
            counts[value] = counts.get(value, 0) + len(creators)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _value_spread(values: NDArray[np.float64]) -> Spread:
    finite = values[np.isfinite(values)]
    return Spread(
        low=float(finite.min()), median=float(np.median(finite)), high=float(finite.max()), filled=len(finite)
    )

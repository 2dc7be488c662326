"""A plan's picks as CSV, one row each, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io

from microopt.campaign.metrics import METRICS
from microopt.plan.plan import Pick, Plan
from microopt.rendering.sanitize import plain, spreadsheet

COLUMNS = (
    "creator",
    "offer",
    "platform",
    "tier",
    "niche",
    "region",
    "followers",
    "fee",
    "fee_estimated",
    "cost",
    *METRICS,
    "units",
)


def plan_csv(plan: Plan) -> str:
    """Return the picks as CSV text with a header."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(pick) for pick in plan.picks)
    return out.getvalue()


def _row(pick: Pick) -> list[str]:
    words = (pick.creator, pick.offer, pick.platform, pick.tier, "|".join(pick.niche), pick.region)
    figures = [f"{pick.metrics[name] / 1000:.3f}" for name in METRICS]
    fee_estimated = "yes" if pick.fee_estimated else "no"
    money = (f"{pick.fee / 100:.2f}", fee_estimated, f"{pick.cost / 100:.2f}")
    return [*(spreadsheet(plain(word)) for word in words), str(pick.followers), *money, *figures, str(pick.units)]

"""What a plan costs, line by line, under the names that every format uses."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from microopt.plan.plan import Pick, Plan
from microopt.quantities.parse_and_format import format_bound, format_money, format_percent
from microopt.quantities.records import all_agree, column_of, some_have
from microopt.quantities.tables import values_of
from microopt.roster.extra_costs import COST_LINES

COST_TITLES = {
    "usage": "Usage rights",
    "whitelisting": "Whitelisting",
    "exclusivity": "Exclusivity",
    "boosting": "Boosting",
    "agency": "Agency",
    "products": "Products",
    "seeding": "Seeding",
    "production": "Production",
    "travel": "Travel",
    "extra_cost": "Other costs",
    "commission": "Commissions",
    "handling": "Handling",
}
OTHER_EXTRAS = "extras"  # what a plan of an older version does not break down


class CostLine(Struct, frozen=True, kw_only=True):
    """A line of what a plan costs.

    Attributes
    ----------
    key
        `fee`, one of `COST_LINES`, `extras`, `total`, or `contingency`.
    cents
        Cents; those of the contingency are kept, not spent.
    """

    key: str
    title: str
    cents: int


def pick_extras(pick: Pick) -> dict[str, int]:
    """Return what a pick costs on top of its fee, in cents by line."""
    if not pick.extra_costs and pick.cost == pick.fee:
        return {}
    known = {name: pick.extra_costs[name] for name in COST_LINES if pick.extra_costs.get(name)}
    rest = pick.cost - pick.fee - sum(known.values())
    return {**known, OTHER_EXTRAS: rest} if rest else known


def plan_extras(plan: Plan) -> dict[str, int]:
    """Return what a plan costs on top of its fees, in cents by line, in the order of `COST_LINES`."""
    if all_agree(plan.picks, "cost", "fee") and not some_have(plan.picks, "extra_costs"):
        return {}
    sums: dict[str, int] = {}
    for pick in plan.picks:
        for name, cents in pick_extras(pick).items():
            sums[name] = sums.get(name, 0) + cents
    return {name: sums[name] for name in (*COST_LINES, OTHER_EXTRAS) if name in sums}


def cost_title(name: str) -> str:
    """Return the name of a line of costs."""
    return COST_TITLES.get(name, "Extras")


def cost_lines(plan: Plan) -> list[CostLine]:
    """Return the lines of what a plan costs; none where it pays fees alone and keeps nothing."""
    return [*_cost_lines(plan)] if plan_extras(plan) or plan.kept_back else []


def _cost_lines(plan: Plan) -> Iterator[CostLine]:
    yield CostLine(key="fee", title="Fees", cents=sum(values_of(column_of(plan.picks, "fee"))))
    for name, cents in plan_extras(plan).items():
        yield CostLine(key=name, title=cost_title(name), cents=cents)
    yield CostLine(key="total", title="Total", cents=plan.totals.spend)
    if plan.campaign.contingency and plan.kept_back:
        title = f"Contingency {format_bound(plan.campaign.contingency, True)}"
        yield CostLine(key="contingency", title=title, cents=plan.kept_back)


def cost_cells(plan: Plan, line: CostLine) -> tuple[str, str, str]:
    """Return a line's title, its money, and its share of the spend, or `kept` for the contingency."""
    whole = not any(shown.cents % 100 for shown in cost_lines(plan))  # all lines alike, so that they add up
    money = format_money(line.cents, plan.roster.currency, whole_units=whole)
    if line.key == "contingency":
        return line.title, money, "kept"
    share = format_percent(line.cents / plan.totals.spend) if plan.totals.spend else "-"
    return line.title, money, share

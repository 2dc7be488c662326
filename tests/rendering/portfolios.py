"""A portfolio with figures of a test's choice."""

from fractions import Fraction

from msgspec.structs import replace

from microopt.analysis.report.portfolio_report import PortfolioReport
from microopt.campaign.report_settings import ReportSettings
from microopt.plan.portfolio import Booking, CampaignOutcome, PortfolioPlan, PortfolioProof, SharedCreator
from tests.rendering.builders import pick, plan, rule


def outcome(name="glow", share="24/25", **facts):
    """Return what a campaign gets that reaches a share of its best alone, which is 1,250."""
    share = None if share is None else Fraction(share)
    figures = {} if share is None else {"share": share, "lost": 1 - share, "value": 1250 * share}
    return CampaignOutcome(
        **{
            "name": name,
            "status": "optimal",
            "goal": "conversions",
            "currency": "USD",
            "creators": 12,
            "posts": 14,
            "spend": 2_040_000,
            "house_spend": 2_040_000,
            "budget": 2_200_000,
            "allotted": 2_100_000,
            "alone": Fraction(1250),
            "seal": "ab" * 32,
            **figures,
            **facts,
        }
    )


def without_plan(name="zest", **facts):
    reason = "the required creators cost at least $3,588, but the budget is $3,000"
    return CampaignOutcome(**{"name": name, "status": "infeasible", "problem": reason, **facts})


def booking(campaign="glow", worth="41/1000", **facts):
    return Booking(
        **{
            "campaign": campaign,
            "booked": True,
            "posts": 1,
            "house_spend": 90_000,
            "worth": Fraction(worth),
            **facts,
        }
    )


def wish(campaign="dew", worth="26/1000", **facts):
    """Return the booking of a campaign that goes without."""
    return booking(campaign, worth, booked=False, posts=0, house_spend=0, **facts)


def shared(creator="@anna", *bookings, **facts):
    return SharedCreator(
        **{
            "creator": creator,
            "bookings": bookings or (booking(), wish()),
            "limits": ("at most 1 campaign",),
            "price": Fraction(26, 1000),
            **facts,
        }
    )


def portfolio_proof(**facts):
    return PortfolioProof(
        **{
            "status": "optimal",
            "limit": None,
            "objective": Fraction(283, 100),
            "bound": Fraction(283, 100),
            "proven_by": "branch and bound of CBC 2.10.3",
            "seconds": 1.25,
            "backend": "cbc",
            "version": "2.10.3",
            "program": "cd" * 32,
            **facts,
        }
    )


def campaigns():
    """Return what three campaigns get, one of them in euros."""
    euros = {"currency": "EUR", "spend": 1_700_000, "house_spend": 1_836_000, "budget": 1_900_000, "allotted": None}
    return (
        outcome("dew", "23/25", creators=9, posts=9, goal="engagement"),
        outcome(),
        outcome("zest", "19/20", **euros, goal="profit"),
    )


def creators():
    """Return who gets whom: one of two campaigns, both of two, and one who is signed."""
    return (
        shared(),
        shared("@cleo", booking("zest", "3/100", signed=True), wish("glow", "7/200"), price=Fraction(1, 200)),
        shared(
            "@ben", booking("glow"), booking("zest", "1/50"), limits=(), price=Fraction(0), discount=Fraction(1, 20)
        ),
    )


def portfolio_plan(**overrides):
    return PortfolioPlan(
        **{
            "name": "Bright, March",
            "goal": "sum",
            "allocates": False,
            "currency": "USD",
            "budget": 6_000_000,
            "spend": 5_916_000,
            "campaigns": campaigns(),
            "creators": creators(),
            "rules": (
                rule("tier:micro spend >= 50%", used=Fraction(3, 5), at_least=Fraction(1, 2), at_most=None, share=True),
            ),
            "budget_worth": Fraction(3, 1000),
            "proof": portfolio_proof(),
            **overrides,
        }
    )


def compared(**overrides):
    """Return a portfolio beside its campaigns planned one by one."""
    listed = (outcome("glow", "1"), outcome("dew", "9/10"), outcome("zest", "7/10"))
    orders = {"as listed": listed, "reversed": (outcome("zest", "1"), outcome("dew", "9/10"), outcome("glow", "4/5"))}
    return portfolio_plan(one_by_one=orders, **overrides)


def campaign_plans(**report):
    """Return the plan of each campaign of `portfolio_plan`, with settings of its report."""
    stated = {"report": ReportSettings(**report)}
    return {
        name: plan([pick(creator=f"@{name}.{number}") for number in range(3)], campaign={"name": name, **stated})
        for name in ("dew", "glow", "zest")
    }


def portfolio_report(of=None, **report):
    """Return a portfolio with the plans and the pages of its campaigns."""
    plans = campaign_plans(**report)
    pages = {name: f"plans/{name}.html" for name in plans}
    return PortfolioReport(plan=of or portfolio_plan(), plans=plans, pages=pages)


def with_spends_of_plans(report):
    """Return a report whose campaigns spend what their plans do."""
    outcomes = [
        replace(each, spend=report.plans[each.name].totals.spend, house_spend=report.plans[each.name].totals.spend)
        for each in report.plan.campaigns
    ]
    spend = sum(each.house_spend for each in outcomes)
    return replace(report, plan=replace(report.plan, campaigns=tuple(outcomes), spend=spend))

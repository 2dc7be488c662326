"""PortfolioReport: what the page and the workbook of a portfolio show besides the portfolio itself."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from microopt.plan.plan import Plan
from microopt.plan.portfolio import PortfolioPlan

ENGLISH = "en"


class PortfolioReport(Struct, frozen=True, kw_only=True):
    """A portfolio with the plans of its campaigns.

    Attributes
    ----------
    plans
        By name of the campaign, those that have one.
    pages
        By name of the campaign, the path of its own page, from the folder of the portfolio's page.
    """

    plan: PortfolioPlan
    plans: Mapping[str, Plan] = {}
    pages: Mapping[str, str] = {}

    @property
    def language(self) -> str:
        """The language on which all plans agree, else English."""
        return self._agreed({plan.campaign.report.language for plan in self.plans.values()}) or ENGLISH

    @property
    def accent(self) -> str:
        """The accent color on which all plans agree, else empty."""
        return self._agreed({plan.campaign.report.accent for plan in self.plans.values()})

    @staticmethod
    def _agreed(stated: set[str]) -> str:
        return stated.pop() if len(stated) == 1 else ""

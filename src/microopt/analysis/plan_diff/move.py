"""The comparison of two plans from the view of one of them, and what is known of the purchases of both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from microopt.analysis.plan_diff.campaign_changes import RuleChange
from microopt.analysis.plan_diff.result import CampaignChange
from microopt.analysis.plan_diff.roster_lookup import RosterLookup
from microopt.campaign.campaign import Campaign
from microopt.campaign.progress import Contract, ContractState
from microopt.plan.plan import Pick
from microopt.plan.purchase import Cause, Purchase, offer_keys
from microopt.plan.verification_result import Discrepancy
from microopt.planning.build_picks import build_picks
from microopt.planning.cost_changes import PurchasePair, describe_cost_changes, exceeds
from microopt.planning.match_picks import match_picks
from microopt.planning.purchase_causes import ComparisonTerms, goal_metrics, uses_tiers, worsened_figures
from microopt.quantities.keys import match_key
from microopt.readers.plan_file import PlanFile


class PlanContext(Struct, frozen=True, kw_only=True, eq=False):
    """One of the two plans, with the part of its roster that can be looked up.

    Attributes
    ----------
    letter
        The name of the plan: A or B.
    picks
        Picks by the match key of the creator.
    """

    letter: str
    file: PlanFile
    campaign: Campaign
    picks: Mapping[str, Sequence[Pick]]
    lookup: RosterLookup

    @property
    def contracts(self) -> tuple[Contract, ...]:
        """The contracts that the plan knows of."""
        return () if self.campaign.running is None else self.campaign.running.contracts

    def purchase(self, key: str) -> Purchase:
        """Return what the plan buys from one of its creators."""
        picks = tuple(self.picks[key])
        return Purchase(creator=picks[0].creator, picks=picks)


class PlanMove(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """The comparison of two plans from the view of the one that has a creator.

    Attributes
    ----------
    present, absent
        The plan that buys from the creators in question, and the other one.
    forward
        Whether the plan that has them is the first, so that they were dropped, not added.
    changes
        The changes of the campaign.
    rules
        The changes of its rules.
    """

    present: PlanContext
    absent: PlanContext
    forward: bool
    changes: tuple[CampaignChange, ...]
    rules: tuple[RuleChange, ...]

    @property
    def one_currency(self) -> bool:
        """Whether the plans have the same currency."""
        codes = {context.file.plan.roster.currency for context in (self.present, self.absent)}
        return len(codes) == 1

    @property
    def terms(self) -> ComparisonTerms:
        """The terms in which the figures of both plans are compared."""
        currency = self.present.file.plan.roster.currency if self.one_currency else None
        campaigns = [context.campaign for context in (self.present, self.absent)]
        metrics = goal_metrics([campaign.goal for campaign in campaigns])
        return ComparisonTerms(
            forward=self.forward, currency=currency, metrics=metrics, uses_tiers=uses_tiers(campaigns)
        )

    @cached_property
    def _counterparts(self) -> dict[str, Purchase | Cause]:
        return {}

    def counterpart(self, key: str) -> Purchase | Cause:
        """Return the same offers with the figures of the other plan's roster, or why these are not known."""
        if key not in self._counterparts:
            self._counterparts[key] = self._look_up_counterpart(key)
        return self._counterparts[key]

    def _look_up_counterpart(self, key: str) -> Purchase | Cause:
        lacks, picks = self.absent, self.present.picks[key]
        problem = lacks.lookup.eligible_problem(key)
        if problem is None:
            unknown_rules = self.rules and self.present.lookup.offers(key) is None
            unknowns = "whether their own figures changed" + (
                ", or a rule on some offers counts them," if unknown_rules else ""
            )
            return Cause(kind="unknown", message=f"{unknowns} is not known without the roster of {lacks.letter}")
        match = match_picks(problem, picks)
        if isinstance(match, Discrepancy):
            return Cause(kind="offer", message=f"in {lacks.letter}, {match.message}")
        return Purchase(creator=picks[0].creator, picks=tuple(build_picks(problem, problem.select_rows(match))))

    @cached_property
    def pairs(self) -> Mapping[str, PurchasePair] | None:
        """The purchases of the plan that has the creators, each with its figures in the other plan; None if unknown.

        Creators whom the other plan's campaign or roster leaves out are not counted.
        """
        pairs: dict[str, PurchasePair] = {}
        for key in self.present.picks:
            own, lookup = self.present.purchase(key), self.absent.lookup
            if key in self.absent.picks:
                other: Purchase | Cause = self.absent.purchase(key)
            elif lookup.problem is not None and key not in lookup.eligible_rows:
                continue
            else:
                other = self.counterpart(key)
            if isinstance(other, Cause) or offer_keys(other) != offer_keys(own):
                return None
            pairs[key] = own, other
        return pairs

    @cached_property
    def declined(self) -> tuple[str, ...]:
        """The creators of the other plan who declined since, so that they are not in this one."""
        contracts = self.present.contracts
        declined = {match_key(each.creator) for each in contracts if each.state is ContractState.DECLINED}
        gone = declined - self.present.picks.keys() - self.present.lookup.eligible_rows.keys()
        return tuple(self.absent.purchase(key).creator for key in self.absent.picks if key in gone)

    def budget_shortfalls(self, key: str) -> Iterator[Cause]:
        """Yield that the other plan's budget does not cover this plan, because creators other than `key` cost more."""
        pairs, spendable = self.pairs, self.absent.campaign.spendable
        if pairs is None or not self.one_currency:
            return
        if not exceeds((pair[0 if name == key else 1] for name, pair in pairs.items()), spendable):
            return
        others = [pair if self.forward else pair[::-1] for name, pair in pairs.items() if name != key]
        currency = self.present.file.plan.roster.currency
        texts = describe_cost_changes(others, currency, rises=self.forward)
        if texts:
            budget = f"the budget of {self.absent.letter} does not cover everyone in {self.present.letter}"
            yield Cause(kind="budget", message=f"{budget}: {', '.join(texts)}")

    @cached_property
    def is_better_elsewhere(self) -> bool:
        """Whether the other plan buys from anyone who was not available for this one, or has better figures there."""
        reverse = replace(self, present=self.absent, absent=self.present, forward=not self.forward)
        return any(reverse.has_better_figures(key) for key in reverse.present.picks)

    def has_better_figures(self, key: str) -> bool:
        """Whether a creator was not available for the other plan, or has worse figures there, as far as is known."""
        own, lookup = self.present.purchase(key), self.absent.lookup
        if key in self.absent.picks:
            other: Purchase | Cause = self.absent.purchase(key)
        elif lookup.problem is not None and key not in lookup.eligible_rows:
            return True
        else:
            other = self.counterpart(key)
        if isinstance(other, Cause):
            return other.kind == "offer"
        return any(cause.kind != "tier" for cause in worsened_figures(own, other, self.terms))

"""The values of a portfolio file: money, limits of creators, competitors and rules, each checked by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

from msgspec.structs import replace

from microopt.campaign.agreed_fees import AgreedFee, parse_agreed_fees, split_agreed_fee
from microopt.campaign.campaign import RangeRule
from microopt.campaign.flag_values import Amount, amount_text, amount_texts
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.portfolio import Capacity, Exclusivity
from microopt.campaign.portfolio_input import CapacityInput, ExclusiveInput, MemberInput, PortfolioInput
from microopt.campaign.reading_settings import parse_exchange
from microopt.campaign.size_checks import refuse_large_campaign
from microopt.campaign.written_money import other_currency
from microopt.errors import MicrooptError, did_you_mean
from microopt.quantities.currencies import ISO_CODES
from microopt.quantities.discount_steps import DiscountSteps, parse_discount_steps
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import format_money, parse_currency, parse_money, parse_number
from microopt.quantities.units import Cents
from microopt.readers.portfolio_keys import EXAMPLES, WrittenKeys
from microopt.readers.portfolio_rules import parse_house_rule

T = TypeVar("T")
PERIODS = ("week", "month", "quarter")
MAX_LIMIT = 100_000  # of campaigns and posts of one creator
MAX_DAYS = 3_650  # between posts for competitors


class PortfolioValues:
    """Parses the values of a portfolio file; what is wrong is noted in its keys.

    Attributes
    ----------
    currency
        The code of the house's currency, as it is stated or as its money names it; None if neither is said.
    budget
        Of the house, in cents.
    amounts
        Every amount of money so far as it is written, with its place.
    """

    def __init__(self, written: PortfolioInput, keys: WrittenKeys) -> None:
        self._written, self._keys = written, keys
        self.amounts: list[tuple[str, str]] = []
        self.currency = self._currency()
        self.budget = self.money("budget", written.budget)
        self._check_size()

    def try_at(self, place: str, parse: Callable[[], T]) -> T | None:
        """Return what a function parses; what it raises is noted at a place, and gives None."""
        try:
            return parse()
        except MicrooptError as error:
            for fault in error.faults:
                start = f"[{place}]: "  # which some messages have already
                message = f"{place}: {fault.message.removeprefix(start)}"
                self._keys.fault(fault.code, place, message, fault.fix)
            return None

    def money(self, place: str, amount: Amount | None) -> Cents | None:
        """Return an amount in the currency of the house, in cents."""
        if amount is None:
            return None
        text = amount_text(amount)
        self.amounts.append((place, "" if isinstance(amount, float) else text))
        if self.currency and (fault := other_currency(place, text, self.currency)):
            fix = f"give the amount in {self.currency}, the currency of the house"
            self._keys.fault(fault.code, place, f"{place} = {text} is not in {self.currency}", fix)
            return None
        cents = self.try_at(place, lambda: parse_money(text, "the amount"))
        if cents == 0 and not place.endswith(".floor"):
            self._keys.fault(
                "budget-zero", place, f"{place} = {text} leaves nothing to spend", "give an amount above 0"
            )
            return None
        return cents

    def _check_size(self) -> None:
        """Leave out rules that are too many or too long to be parsed."""
        before = len(self._keys.faults)
        self.try_at("rules", lambda: refuse_large_campaign(CampaignInput(rules=self._written.rules)))
        if len(self._keys.faults) > before:
            self._written = replace(self._written, rules=())

    def exchange(self) -> Mapping[str, Fraction]:
        """Return what one unit of each other currency is worth in that of the house."""
        return self.try_at("exchange", lambda: parse_exchange(amount_texts(self._written.exchange))) or {}

    def rules(self) -> Iterator[RangeRule]:
        """Yield the rules over all campaigns."""
        for number, text in enumerate(self._written.rules, 1):
            rule = self.try_at(f"rules[{number}]", lambda text=text: parse_house_rule(text, self.budget))  # type: ignore[misc]
            if rule is not None:
                yield rule

    def fees(self) -> Mapping[str, AgreedFee]:
        """Return the fees agreed for the house, in its currency, by the name of a creator or a selector of offers."""
        for name, written in self._written.fees.items():
            text = split_agreed_fee(amount_text(written))[0]
            if self.currency and (fault := other_currency(f"fees.{name}", text, self.currency)):
                fix = f"give the amount in {self.currency}, the currency of the house"
                self._keys.fault(fault.code, "fees", f"fees: {name} = {text} is not in {self.currency}", fix)
        return self.try_at("fees", lambda: parse_agreed_fees(self._written.fees)) or {}

    def volume(self) -> DiscountSteps:
        """Return the discount by the number of campaigns."""
        text = self._written.volume
        if text is None:
            return ()
        try:
            return parse_discount_steps(text)
        except ValueError:
            problem = f"volume = {text!r} are not rising steps of a discount by the number of campaigns"
            fix = f"write from how many campaigns on which share of the fees is taken off: {EXAMPLES['volume']}"
            self._keys.fault("volume-steps", "volume", problem, fix)
            return ()

    def capacity(self, tiers: Sequence[str]) -> Capacity:
        """Return what may be booked of one creator.

        Parameters
        ----------
        tiers
            The names of the tiers of all campaigns.
        """
        written: CapacityInput = self._written.capacity
        limits = {"campaigns": written.campaigns, "posts": written.posts}
        limits |= {f"tiers.{name}": limit for name, limit in written.tiers.items()}
        for name, limit in limits.items():
            if limit is not None and not 0 <= limit <= MAX_LIMIT:
                problem = f"capacity.{name} = {limit} is not a number from 0 to {MAX_LIMIT:,}"
                fix = f"write it like {name.rpartition('.')[2]} = 2; without the line there is no limit"
                self._keys.fault("capacity-range", f"capacity.{name}", problem, fix)
        for name in written.tiers:
            if match_key(name) not in map(match_key, tiers):
                problem = f"capacity.tiers: no campaign has a tier {name!r}"
                fix = did_you_mean(name, tiers) or f"use one of: {', '.join(tiers)}"
                self._keys.fault("tier-unknown", f"capacity.tiers.{name}", problem, fix)
        return Capacity(
            campaigns=written.campaigns,
            posts=written.posts,
            period=self._period(written.period),
            column=written.column,
            tiers=written.tiers,
        )

    def _period(self, text: str | None) -> str | None:
        if text is None or text in PERIODS:
            return text
        fix = (
            did_you_mean(text, PERIODS) or f"use one of: {', '.join(PERIODS)}; without the line, all of the time counts"
        )
        self._keys.fault("period-unknown", "capacity.period", f"capacity.period cannot be {text!r}", fix)
        return None

    def exclusivity(self, categories: Mapping[str, str]) -> Iterator[Exclusivity]:
        """Yield who competes.

        Parameters
        ----------
        categories
            The category of each campaign by its name, also of those that cannot be read; empty where it has none.
        """
        for number, each in enumerate(self._written.exclusive, 1):
            if each is not None and self._is_sound(each, f"exclusive[{number}]", categories):
                yield Exclusivity(members=tuple(each.members), days=each.days)

    def _is_sound(self, each: ExclusiveInput, place: str, categories: Mapping[str, str]) -> bool:
        before = len(self._keys.faults)
        named = [*categories, *dict.fromkeys(filter(None, categories.values()))]
        known, meant = set(map(match_key, named)), set(map(match_key, each.members))
        for name in each.members:
            if match_key(name) not in known:
                problem = f"{place}.members: there is no campaign or category {name!r}"
                fix = did_you_mean(name, named) or f"use one of: {', '.join(named)}"
                self._keys.fault("exclusive-unknown", f"{place}.members", problem, fix)
        count = sum(
            match_key(name) in meant or bool(category and match_key(category) in meant)
            for name, category in categories.items()
        )
        if meant <= known and count < 2:
            problem = f"{place}.members name fewer than two campaigns, so nobody competes"
            fix = f"name the campaigns, or a category of several: {EXAMPLES['exclusive.members']}"
            self._keys.fault("exclusive-few", f"{place}.members", problem, fix)
        if each.days is not None and not 1 <= each.days <= MAX_DAYS:
            problem = f"{place}.days = {each.days} is not a number of days from 1 to {MAX_DAYS:,}"
            fix = f"write it like {EXAMPLES['exclusive.days']}; without the line nobody is ever in both"
            self._keys.fault("days-range", f"{place}.days", problem, fix)
        return len(self._keys.faults) == before

    def weight(self, place: str, member: MemberInput) -> Fraction:
        """Return how much a campaign counts."""
        text = amount_text(member.weight)
        try:
            weight = parse_number(text)
        except ValueError:
            weight = Fraction(0)
        if weight > 0:
            return weight
        fix = "write a number above 0, such as weight = 2 for a campaign that counts twice"
        self._keys.fault("weight-range", f"{place}.weight", f"{place}.weight = {text} is not a number above 0", fix)
        return Fraction(1)

    def floor_and_cap(self, place: str, member: MemberInput) -> tuple[Cents | None, Cents | None]:
        """Return what a campaign must and may spend of the house budget, in cents of the house."""
        low, high = self.money(f"{place}.floor", member.floor), self.money(f"{place}.cap", member.cap)
        if low is not None and high is not None and low > high:
            problem = f"{place}: the floor {self._shown(low)} is above the cap {self._shown(high)}"
            self._keys.fault(
                "floor-above-cap", f"{place}.floor", problem, f"lower it to floor = {high // 100}, or raise cap"
            )
        return low, high

    def check_floors(self, floors: Mapping[str, Cents]) -> None:
        """Check that the house budget is enough for what the campaigns must spend, by name."""
        total = sum(floors.values())
        if self.budget is not None and total > self.budget:
            problem = f"the floors of {', '.join(floors)} are {self._shown(total)} together"
            problem += f", but the budget is {self._shown(self.budget)}"
            self._keys.fault(
                "floors-above-budget", "budget", problem, f"lower a floor, or write budget = {-(-total // 100)}"
            )

    def _shown(self, cents: Cents) -> str:
        return format_money(cents, self.currency or "USD")

    def _currency(self) -> str | None:
        """Return the currency that is stated, or that the budget names."""
        stated = self._written.currency
        if stated is None:
            amounts = [self._written.budget, *(each and each.floor for each in self._written.campaign)]
            amounts += [each and each.cap for each in self._written.campaign]
            named = (parse_currency(str(amount)) for amount in amounts if amount is not None)
            return next(filter(None, named), None)
        code = stated.strip().upper()
        if code in ISO_CODES:
            return code
        fix = did_you_mean(code, ISO_CODES) or f"give its three-letter code: {EXAMPLES['currency']}"
        self._keys.fault("currency-unknown", "currency", f"there is no currency {stated!r}", fix)
        return None

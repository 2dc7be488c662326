"""A portfolio file -> its campaigns with their lists, each as it stands tonight; what cannot be read, by name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.agreed_fees import AgreedFee
from microopt.campaign.campaign import Campaign
from microopt.campaign.portfolio import Portfolio, PortfolioMember
from microopt.campaign.portfolio_currency import house_currency, missing_rates
from microopt.campaign.written_money import describe_thousands
from microopt.cli.load import RosterReader, read_options
from microopt.cli.options import OutputOptions
from microopt.cli.past_waves import past_waves
from microopt.cli.portfolio_options import PortfolioOptions
from microopt.cli.replan_inputs import ReplanInputs, read_replan_inputs
from microopt.cli.replan_options import ReplanOptions
from microopt.cli.shared_rosters import SharedRosters
from microopt.errors import MicrooptError, raise_campaign_faults
from microopt.forecast.cost import campaign_currency
from microopt.inflight.kept_in_portfolio import KeptPlan
from microopt.inflight.replan import campaign_tonight
from microopt.plan.plan import Plan
from microopt.planning.house_fees import fees_on_list
from microopt.planning.laid_fees import with_laid_fees
from microopt.planning.portfolio.entry import Entry
from microopt.readers.plan_file import read_plan
from microopt.readers.portfolio_file import PortfolioFile
from microopt.readers.portfolio_members import FILE_ERRORS
from microopt.roster.roster import Roster

MOST_OFFERS = 3_000_000  # of all lists together that are kept in memory


class PortfolioInputs(Struct, frozen=True, kw_only=True, eq=False):
    """All that a portfolio is planned from.

    Attributes
    ----------
    members
        All campaigns of the file.
    portfolio
        With the campaigns of `entries`.
    running
        By name: what a campaign that has a plan is planned anew from.
    failures
        By name: why a campaign cannot be planned.
    warnings
        On the portfolio file, in sentences.
    """

    members: tuple[PortfolioMember, ...]
    portfolio: Portfolio
    entries: tuple[Entry, ...]
    running: Mapping[str, ReplanInputs]
    failures: Mapping[str, MicrooptError]
    warnings: tuple[str, ...] = ()

    def without(self, failures: Mapping[str, MicrooptError]) -> PortfolioInputs:
        """Return the inputs without some campaigns, which failed."""
        entries = tuple(entry for entry in self.entries if entry.name not in failures)
        portfolio = replace(self.portfolio, members=tuple(entry.member for entry in entries))
        return replace(self, portfolio=portfolio, entries=entries, failures={**self.failures, **failures})

    def kept_plans(self, names: Collection[str]) -> tuple[KeptPlan, ...]:
        """Return the last plans of campaigns that have one: it stays where they cannot be planned tonight."""
        return tuple(
            KeptPlan(member=member, plan=plan)
            for member in self.members
            if member.name in names and is_running(member) and (plan := self._last_plan(member)) is not None
        )

    def _last_plan(self, member: PortfolioMember) -> Plan | None:
        if member.name in self.running:
            return self.running[member.name].last.plan
        assert member.plan is not None
        try:
            return read_plan(member.plan).plan
        except FILE_ERRORS:  # which its own failure tells
            return None


class _Loaded(Struct, frozen=True, kw_only=True, eq=False):
    """A campaign with its list, before anything that is shared."""

    member: PortfolioMember
    roster: Roster
    running: ReplanInputs | None

    @property
    def campaign(self) -> Campaign:
        """The campaign that the file asks for."""
        asked = None if self.running is None else self.running.request.campaign
        return asked or self.member.campaign

    @property
    def currency(self) -> str:
        """The code of the campaign's currency."""
        return campaign_currency(self.roster, self.campaign)


def is_running(member: PortfolioMember) -> bool:
    """Whether a campaign has a plan already, which is then planned anew."""
    return member.plan is not None and Path(member.plan).exists()


def read_portfolio_inputs(
    file: PortfolioFile, options: PortfolioOptions, note: Callable[[str], None]
) -> PortfolioInputs:
    """Read the lists of a portfolio, each once, and what is known of the campaigns that are running.

    Parameters
    ----------
    note
        Takes a sentence on what was assumed.

    Raises
    ------
    CampaignError
        If a campaign is in a currency without a rate.
    """
    if assumed := describe_thousands(file.amounts):
        note(assumed)
    read = SharedRosters(MOST_OFFERS).read
    failures: dict[str, MicrooptError] = dict(file.failures)
    loaded: list[_Loaded] = []
    for member in file.portfolio.members:
        try:
            loaded.append(_load(member, file.fees, options, read))
        except FILE_ERRORS as error:
            failures[member.name] = error
            continue
        if warning := past_waves(member.campaign):
            note(f"{member.name}: {warning}")
    portfolio = _with_currency(file, loaded)
    entries: dict[str, Entry] = {}
    running: dict[str, ReplanInputs] = {}
    used: set[str] = set()
    for each in loaded:
        try:
            entry, inputs, names = _enter(each, portfolio, file.fees)
        except FILE_ERRORS as error:
            failures[each.member.name] = error
            continue
        entries[entry.name] = entry
        running |= {} if inputs is None else {entry.name: inputs}
        used |= names
    return PortfolioInputs(
        members=(*file.portfolio.members, *file.unread),
        portfolio=replace(portfolio, members=tuple(entry.member for entry in entries.values())),
        entries=tuple(entries.values()),
        running=running,
        failures=failures,
        warnings=tuple(f"fees: nobody on the lists is {name}" for name in file.fees if loaded and name not in used),
    )


def _load(
    member: PortfolioMember, fees: Mapping[str, AgreedFee], options: PortfolioOptions, read: RosterReader
) -> _Loaded:
    """Return a campaign with its list; fees of the house stand for those that the list lacks."""
    if not is_running(member):
        reading = read_options(replace(member.campaign, fees={**fees, **member.campaign.fees}), options.reading)
        return _Loaded(member=member, roster=read(member.roster, reading), running=None)
    assert member.plan is not None
    replan = ReplanOptions(
        plan=member.plan,
        roster=member.roster,
        states=member.states,
        results=member.results,
        campaign_file=member.file,
        in_portfolio=True,
        as_of=options.as_of,
        reading=options.reading,
        solve=options.solve,
        output=OutputOptions(),
    )
    inputs = read_replan_inputs(replan, read)
    return _Loaded(member=member, roster=inputs.roster, running=inputs)


def _with_currency(file: PortfolioFile, loaded: list[_Loaded]) -> Portfolio:
    """Return the portfolio in the currency of the house; that of each campaign is known by its list.

    Raises
    ------
    CampaignError
        If there is no rate for one.
    """
    currencies = {each.member.name: each.currency for each in loaded}
    stated = file.portfolio.currency if file.states_currency else None
    currency = house_currency(stated, currencies.values())
    raise_campaign_faults(missing_rates(currency, file.portfolio.exchange, currencies), f"portfolio file {file.path}")
    return replace(file.portfolio, currency=currency)


def _enter(
    each: _Loaded, portfolio: Portfolio, fees: Mapping[str, AgreedFee]
) -> tuple[Entry, ReplanInputs | None, set[str]]:
    """Return a campaign as it enters the portfolio, and which fees of the house are about its creators."""
    rate = portfolio.exchange.get(each.currency, Fraction(1)) if each.currency != portfolio.currency else Fraction(1)
    own = fees_on_list(each.campaign, each.roster, fees, rate)
    campaign, used = with_laid_fees(each.campaign, each.roster, own), set(own)
    if each.running is None:
        return Entry(member=each.member, roster=each.roster, campaign=campaign), None, used
    inputs = replace(each.running, request=replace(each.running.request, campaign=campaign))
    _, tonight, _ = campaign_tonight(inputs.last.plan, each.roster, inputs.request)
    return Entry(member=each.member, roster=each.roster, campaign=tonight), inputs, used

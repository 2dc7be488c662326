"""A portfolio file (TOML) -> Portfolio: what campaigns share, and each campaign file; a broken one stops no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from microopt.campaign.agreed_fees import AgreedFee
from microopt.campaign.portfolio import Portfolio, PortfolioMember
from microopt.campaign.portfolio_currency import house_currency, missing_rates
from microopt.errors import MicrooptError
from microopt.readers.portfolio_keys import PORTFOLIO_FILE, WrittenKeys
from microopt.readers.portfolio_members import read_members
from microopt.readers.portfolio_values import PortfolioValues
from microopt.readers.toml_file import read_toml


class PortfolioFile(Struct, frozen=True, kw_only=True, eq=False):
    """A portfolio as its file has it.

    Attributes
    ----------
    path, sha256
        The file, and the SHA-256 of its bytes.
    portfolio
        With the campaigns that can be read; their `fees` are their own.
    failures, unread
        By name: why a campaign file cannot be read; and these campaigns, without what their files say.
    fees
        Those agreed for the house, in its currency.
    amounts
        Every amount of money of the file as it is written, with its place.
    states_currency
        Whether the file says the currency of the house; if not, that of the campaigns counts.
    """

    path: str
    sha256: str
    portfolio: Portfolio
    failures: Mapping[str, MicrooptError]
    unread: tuple[PortfolioMember, ...] = ()
    fees: Mapping[str, AgreedFee] = {}
    amounts: tuple[tuple[str, str], ...] = ()
    states_currency: bool = True


def read_portfolio_file(path: str) -> PortfolioFile:
    """Read a portfolio file and its campaign files; paths in it are from its folder.

    Raises
    ------
    CampaignError
        If the file is missing or is not TOML, or with everything that is wrong in it; a campaign file that is wrong is
        a failure of that campaign alone.
    """
    file = read_toml(path, PORTFOLIO_FILE)
    keys = WrittenKeys(path)
    written = keys.convert(file.keys)
    values = PortfolioValues(written, keys)
    found = read_members(written.campaign, keys, values)
    values.check_floors(found.floors)
    currencies = {each.name: each.campaign.currency for each in found.members if each.campaign.currency is not None}
    currency, exchange = house_currency(values.currency, currencies.values()), values.exchange()
    if keys.is_sound("currency") and keys.is_sound("exchange"):
        keys.faults.extend(missing_rates(currency, exchange, currencies))
    portfolio = Portfolio(
        name=written.name,
        currency=currency,
        budget=values.budget,
        exchange=exchange,
        members=found.members,
        capacity=values.capacity(_tier_names(found.members)),
        exclusivity=tuple(values.exclusivity(found.categories)),
        rules=tuple(values.rules()),
        volume=values.volume(),
    )
    fees = values.fees()
    keys.raise_faults()
    return PortfolioFile(
        path=path,
        sha256=file.sha256,
        portfolio=portfolio,
        failures=found.failures,
        unread=found.unread,
        fees=fees,
        amounts=tuple(values.amounts),
        states_currency=values.currency is not None,
    )


def _tier_names(members: Sequence[PortfolioMember]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for member in members for name in member.campaign.tiers.names))

"""Settings on top of others: what the flags say over what a campaign file says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import structs

from microopt.campaign.calendar_input import lay_calendar_over
from microopt.campaign.decline_settings import OTHER
from microopt.campaign.flag_values import Amount
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.written_money import find_campaign_currency
from microopt.quantities.keys import match_key


def lay_over(flags: CampaignInput, file: CampaignInput) -> CampaignInput:
    """Return the flags on top of a file's settings: single values replace the file's, lists and tables add to them.

    A goal replaces the file's goal whole, as do pools and tiers. A bare amount over the file's is in its currency.
    """
    values = {key: _merge(getattr(flags, key), getattr(file, key)) for key in CampaignInput.__struct_fields__}
    goal = flags if flags.goal is not None or flags.worth or flags.target else file
    values |= {"goal": goal.goal, "worth": goal.worth, "target": goal.target}
    values["ideals"] = flags.ideals if flags.ideals is not None or goal is flags else file.ideals
    values["tiers"] = file.tiers if flags.tiers is None else flags.tiers
    values["shrink"] = flags.shrink and file.shrink
    risk = file if flags.risk is None and flags.at_least_in is None else flags
    values |= {"risk": risk.risk, "at_least_in": risk.at_least_in}
    values["acceptance"] = _lay_acceptance_over(flags.acceptance, file.acceptance)
    values["fees"] = _lay_fees_over(flags.fees, file.fees)
    values["calendar"] = lay_calendar_over(flags.calendar, file.calendar, retainer=flags.retainer)
    merged = structs.replace(flags, **values)
    currency = find_campaign_currency(file)
    if merged.currency is None and currency != find_campaign_currency(merged):
        return structs.replace(merged, currency=currency)
    return merged


def _lay_acceptance_over(
    flag: Amount | Mapping[str, Amount] | None, file: Amount | Mapping[str, Amount] | None
) -> Amount | Mapping[str, Amount] | None:
    """Return the shares by tier of both; one share in the file is that of all other tiers."""
    if flag is None or file is None:
        return file if flag is None else flag
    by_tier = [each if isinstance(each, Mapping) else {OTHER: each} for each in (file, flag)]
    return {match_key(tier): share for shares in by_tier for tier, share in shares.items()}


def _lay_fees_over(flags: Mapping[str, Amount], file: Mapping[str, Amount]) -> Mapping[str, Amount]:
    """Return the fees of both; a flag replaces the file's fee of the same name in any spelling."""
    given = set(map(match_key, flags))
    return {**{name: fee for name, fee in file.items() if match_key(name) not in given}, **flags}


def _merge(flag: Any, file: Any) -> Any:
    """Return the flag's value, else the file's; an empty text, as from an unset shell variable, counts as given."""
    if isinstance(flag, Mapping) and isinstance(file, Mapping):
        return {**file, **flag}
    if isinstance(file, list | tuple):
        return (*file, *flag)
    if isinstance(flag, bool):
        return flag or file
    return file if flag is None else flag

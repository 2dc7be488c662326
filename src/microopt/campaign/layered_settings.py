"""Settings on top of others: what the flags say over what a campaign file says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import structs

from microopt.campaign.inputs import CampaignInput
from microopt.campaign.written_money import find_campaign_currency


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
    merged = structs.replace(flags, **values)
    currency = find_campaign_currency(file)
    if merged.currency is None and currency != find_campaign_currency(merged):
        return structs.replace(merged, currency=currency)
    return merged


def _merge(flag: Any, file: Any) -> Any:
    """Return the flag's value, else the file's; an empty text, as from an unset shell variable, counts as given."""
    if isinstance(flag, Mapping) and isinstance(file, Mapping):
        return {**file, **flag}
    if isinstance(file, list | tuple):
        return (*file, *flag)
    if isinstance(flag, bool):
        return flag or file
    return file if flag is None else flag

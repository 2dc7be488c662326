"""Changes of the calendar between two plans, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from microopt.analysis.plan_diff.result import CampaignChange
from microopt.campaign.calendar import Calendar


def calendar_changes(
    before: Calendar | None, after: Calendar | None, currencies: tuple[str, str]
) -> Iterator[CampaignChange]:
    """Yield a change for each setting of the calendar that differs; of a calendar that only one plan has, its waves.

    Parameters
    ----------
    currencies
        The currencies of the two plans.
    """
    if before == after:
        return
    from microopt.campaign.calendar_words import calendar_facts  # which most campaigns do not need

    old, new = calendar_facts(before, currencies[0]), calendar_facts(after, currencies[1])
    for key, (title, first) in old.items():
        if key in new and _value(before, key) != _value(after, key):
            second = new[key][1]
            message = f"{title}: {first} in A, {second} in B" if first != second else f"{title} changed"
            yield CampaignChange(setting=f"calendar.{key}", before=first, after=second, message=message)


def _value(calendar: Calendar | None, key: str) -> Any:
    """Return what a calendar has of a setting."""
    if calendar is None:
        return None
    if key == "waves":
        return [(wave.name, wave.starts, wave.ends) for wave in calendar.waves]
    if key == "demand":
        return [wave.demand for wave in calendar.waves]
    return getattr(calendar, key)

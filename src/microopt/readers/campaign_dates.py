"""Days that a campaign file has as texts: `starts = "1.4.2027"`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_ENDS = {"starts": 0, "ends": 1}  # which day of a month or a week each key means


def read_written_dates(keys: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys of a campaign file with texts that are days as days, of the campaign and of its calendar.

    Other texts stay, so that what is told of them quotes them.
    """
    found = _with_dates(keys)
    calendar = found.get("calendar")
    if isinstance(calendar, Mapping):
        waves = calendar.get("waves")
        if isinstance(waves, list):
            waves = [_with_dates(wave) if isinstance(wave, Mapping) else wave for wave in waves]
            calendar = {**calendar, "waves": waves}
        found["calendar"] = _with_dates(calendar)
    return found


def _with_dates(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _read(value, _ENDS[key]) if key in _ENDS else value for key, value in table.items()}


def _read(value: Any, end: int) -> Any:
    if not isinstance(value, str):
        return value
    from microopt.quantities.written_days import read_days  # which files with days of TOML do not need

    days = read_days(value)
    return value if days is None else days[end]

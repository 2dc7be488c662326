"""Days that a campaign file has as texts: `starts = "1.4.2027"`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_ENDS = {"starts": 0, "ends": 1}  # which day of a month or a week each key means


def read_written_dates(keys: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys of a campaign file with texts that are days as days: in the campaign, its calendar and report.

    Other texts stay as they are, so that their faults quote them.
    """
    found = _with_dates(keys)
    calendar = found.get("calendar")
    if isinstance(calendar, Mapping):
        waves = calendar.get("waves")
        if isinstance(waves, list):
            waves = [_with_dates(wave) if isinstance(wave, Mapping) else wave for wave in waves]
            calendar = {**calendar, "waves": waves}
        found["calendar"] = _with_dates(calendar)
    report = found.get("report")
    if isinstance(report, Mapping) and "date" in report:
        found["report"] = {**report, "date": _read_day(report["date"])}
    return found


def _with_dates(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _read(value, _ENDS[key]) if key in _ENDS else value for key, value in table.items()}


def _read_day(value: Any) -> Any:
    first, last = _read(value, 0), _read(value, 1)
    return first if first == last else value


def _read(value: Any, end: int) -> Any:
    if not isinstance(value, str):
        return value
    from microopt.quantities.written_days import read_days  # which files with days of TOML do not need

    days = read_days(value)
    return value if days is None else days[end]

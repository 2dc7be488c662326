"""Replace defaults of the forecast, as `[forecast]` of a campaign file does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

from microopt.benchmarks.table import Benchmarks
from microopt.errors import CampaignError, Fault, did_you_mean

READ_ONLY_KEYS = ("source", "year", "names")  # provenance that users cannot change
_DEFAULT_RANGE = (0.0, 1e9)
_RANGES = {  # the allowed range of a figure; 0 to a billion for all others
    "mu": (-12.0, 0.0),
    "sd_between": (0.01, 3.0),
    "sd_within": (0.01, 3.0),
    "winsorise": (0.51, 0.999),
    **dict.fromkeys(("rate", "cvr", "ctr", "commission", "agency", "share_rate"), (0.0, 1.0)),
    **dict.fromkeys(("view_rate", "ratio", "engagement", "slope"), (0.0, 10.0)),
    "views_per_share": (0.0, 1e4),
    "half_life_days": (0.001, 3650.0),
    **dict.fromkeys(("share", "age_share", "female"), (0.0, 1.0)),
    "drift_years": (0.01, 100.0),
    **dict.fromkeys(("spread_posts", "pooled_posts"), (0.01, 1e6)),
    **dict.fromkeys(("trend_sd", "paid_sd", "format_sd", "views_between", "views_within"), (0.001, 3.0)),
    "degrees": (3.0, 1000.0),
    "per_year": (0.0, 2.0),
    "age_days": (0.0, 3650.0),
    "engagement_elasticity": (0.0, 2.0),
    "most_lift": (1.0, 100.0),
    **dict.fromkeys(("shared", "views_engagement"), (0.0, 1.0)),
    "tier": (0.0, 3.0),
}
WORD_CHOICES = {"rates_from": ("organic", "sponsored")}


def override_benchmarks(benchmarks: Benchmarks, figures: Mapping[str, Any]) -> Benchmarks:
    """Return the benchmarks with some figures replaced.

    Parameters
    ----------
    figures
        Tables in the form of `defaults.toml`, with only the keys to replace.

    Raises
    ------
    CampaignError
        With every unknown key and every figure that is not allowed in its place.
    """
    faults: list[Fault] = []
    tables = _merge_tables(benchmarks.tables, figures, "forecast", faults)
    if not faults:
        faults = list(_shape_faults(tables, "forecast"))
    if faults:
        raise CampaignError(faults[0].message, fix=faults[0].fix, faults=faults)
    return Benchmarks(tables)


def _merge_tables(
    defaults: Mapping[str, Any], figures: Mapping[str, Any], place: str, faults: list[Fault]
) -> dict[str, Any]:
    merged = dict(defaults)
    for key, value in figures.items():
        where = f"{place}.{key}"
        if key not in defaults or key in READ_ONLY_KEYS:
            open_keys = [name for name in defaults if name not in READ_ONLY_KEYS]
            fix = did_you_mean(key, open_keys) or f"use one of: {', '.join(open_keys)}"
            message = f"[{place}]: there is no default {key!r}"
            faults.append(Fault(code="forecast-unknown", message=message, fix=fix, column=where))
        elif isinstance(defaults[key], Mapping):
            if isinstance(value, Mapping):
                merged[key] = _merge_tables(defaults[key], value, where, faults)
            else:
                fix = f"write it as a table: [{where}]"
                faults.append(_figure_fault(where, value, fix))
        else:
            parsed = _parse_figure(key, value, defaults[key])
            if parsed is None:
                faults.append(_figure_fault(where, value, _figure_hint(key, defaults[key])))
            else:
                merged[key] = parsed
    return _broadcast_to_bands(merged, defaults)


def _broadcast_to_bands(merged: dict[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table in which a single figure that replaces a list applies to every band."""
    floors = merged.get("floors")
    if not isinstance(floors, list):
        return merged
    scalar_keys = {
        key for key, value in defaults.items() if isinstance(value, list) and not isinstance(merged[key], list)
    }
    return {key: [value] * len(floors) if key in scalar_keys else value for key, value in merged.items()}


def _figure_fault(where: str, value: Any, fix: str) -> Fault:
    message = f"[forecast]: {where.removeprefix('forecast.')} = {str(value)[:60]} cannot be used"
    return Fault(code="forecast-figure", message=message, fix=fix, column=where, value=str(value)[:200])


def _figure_hint(key: str, default: Any) -> str:
    """Return a hint how to write a figure."""
    if isinstance(default, str):
        return f'write it like "{default}"'
    if isinstance(default, list):
        return f"write it like {default}"
    low, high = _RANGES.get(key, _DEFAULT_RANGE)
    return f"write a number from {low:g} to {high:g}" + (", such as 0.15 for 15%" if high == 1 else "")


def _parse_figure(key: str, value: Any, default: Any) -> Any:
    """Return a figure of the same kind as its default, or None; decimal numbers can be text."""
    if key in WORD_CHOICES:
        return value if value in WORD_CHOICES[key] else None
    if isinstance(value, list):
        if not isinstance(default, list) or not value:
            return None
        figures = [_parse_range(key, item) if isinstance(item, list) else _parse_number(key, item) for item in value]
        return None if None in figures else figures
    return _parse_number(key, value)


def _parse_range(key: str, value: list[Any]) -> list[float] | None:
    figures = [_parse_number(key, item) for item in value]
    low, high = figures if len(figures) == 2 else (None, None)
    return [low, high] if low is not None and high is not None and 0 < low <= high else None


def _parse_number(key: str, value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if isfinite(number) and _in_range(key, number) else None


def _in_range(key: str, number: float) -> bool:
    """Whether the value is in the allowed range of a figure."""
    low, high = _RANGES.get(key, _DEFAULT_RANGE)
    return low <= number <= high


def _shape_faults(tables: Mapping[str, Any], place: str) -> Iterator[Fault]:
    """Yield a fault for each list of the wrong shape: not one figure per band, bands not ascending, not a range."""
    for name, block in tables.items():
        if not isinstance(block, Mapping):
            continue
        where = f"{place}.{name}"
        yield from _shape_faults(block, where)
        floors = block.get("floors")
        if floors is None:
            for key, value in block.items():
                if (
                    isinstance(value, list)
                    and key not in READ_ONLY_KEYS
                    and (len(value) != 2 or _parse_range(key, value) is None)
                ):
                    yield _figure_fault(f"{where}.{key}", value, "write a range as [low, high]")
            continue
        if not isinstance(floors, list) or any(isinstance(f, list) for f in floors) or sorted({*floors}) != floors:
            yield _figure_fault(
                f"{where}.floors",
                floors,
                "write the lower bounds of the bands in ascending order, such as [1000, 10000]",
            )
            continue
        for key, value in block.items():
            if isinstance(value, list) and len(value) != len(floors):
                fix = f"give {len(floors)} figures, one for each of floors = {floors}"
                yield _figure_fault(f"{where}.{key}", value, fix)

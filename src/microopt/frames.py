"""A plan's picks as a data frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from microopt.campaign import METRICS

if TYPE_CHECKING:
    import pandas as pd

    from microopt.plan import Pick


def picks_frame(picks: Sequence[Pick]) -> pd.DataFrame:
    """Return a row a pick: money in the currency's unit, results in people and events; NaN where nothing is known."""
    import pandas as pd

    return pd.DataFrame({
        name: pd.Series([value(pick) for pick in picks], dtype=dtype) for name, (dtype, value) in _columns().items()
    })  # fmt: skip


def _columns() -> dict[str, tuple[Any, Callable[[Pick], Any]]]:
    """Return the type and the value of each column."""
    return {
        **{name: (object, _named(name)) for name in ("creator", "offer", "platform", "tier")},
        "niche": (object, lambda pick: "|".join(pick.niche)), "region": (object, _named("region")),
        "followers": ("int64", _named("followers")), "units": ("int64", _named("units")),
        "fee": ("float64", _money("fee")), "cost": ("float64", _money("cost")),
        **{name: ("float64", _metric(name)) for name in METRICS},
        "revenue": ("float64", _money("revenue")), "usual_fee": ("float64", _money("usual_fee")),
        "fee_estimated": (bool, _named("fee_estimated")), "fee_high": (bool, _named("fee_high")),
    }  # fmt: skip


def _named(name: str) -> Callable[[Pick], Any]:
    return lambda pick: getattr(pick, name)


def _money(name: str) -> Callable[[Pick], float | None]:
    def money(pick: Pick) -> float | None:
        cents = getattr(pick, name)
        return None if cents is None else cents / 100

    return money


def _metric(name: str) -> Callable[[Pick], float]:
    return lambda pick: pick.metrics[name] / 1000

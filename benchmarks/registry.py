"""The registry of benchmarks."""

from __future__ import annotations

from benchmarks import (
    batch,
    bombs,
    calendar,
    calibration,
    declines,
    diagnosing,
    exactness,
    forecasting,
    habits,
    knapsacks,
    limits,
    luck,
    million,
    netreach,
    nightly,
    portfolio,
    posts,
    reading,
    replanning,
    reporting,
    risk,
    scale,
    startup,
    straight,
    studying,
    verifying,
)
from benchmarks.spec import Spec

SPECS: dict[str, Spec] = {
    spec.name: spec
    for spec in (
        startup.SPEC,
        reading.SPEC,
        bombs.SPEC,
        forecasting.SPEC,
        habits.SPEC,
        calibration.SPEC,
        luck.SPEC,
        posts.SPEC,
        nightly.SPEC,
        declines.SPEC,
        exactness.SPEC,
        knapsacks.SPEC,
        netreach.SPEC,
        diagnosing.SPEC,
        verifying.SPEC,
        studying.SPEC,
        replanning.SPEC,
        batch.SPEC,
        reporting.SPEC,
        risk.SPEC,
        calendar.SPEC,
        portfolio.SPEC,
        limits.SPEC,
        scale.SPEC,
        million.SPEC,
        straight.SPEC,
    )
}

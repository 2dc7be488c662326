"""Night: the flags of `microopt replan`."""

from __future__ import annotations

from collections.abc import Sequence
from math import isinf

from msgspec import Struct

from microopt.solver.answer import Limits, Report
from microopt.solver.backend import BACKENDS, Backend, backend


class Night(Struct, frozen=True, kw_only=True):
    """The flags, as written, under their own names."""

    plan: str
    roster: str | None
    states: str | None
    results: str | None
    campaign: str | None
    budget: str | None
    keep_at_least: str | None
    swap_worth: str | None
    as_of: str | None
    starts: str | None
    ends: str | None
    skip_bad_rows: bool
    sheet: str | None
    max_unpacked: str
    time_limit: float
    gap: float
    solver: str
    cross_check: bool
    expect: Sequence[str] | None
    store: str | None
    log: str | None
    wait: float
    dry_run: bool
    format: str
    output: Sequence[str] | None
    quiet: bool
    verbose: bool

    @property
    def targets(self) -> tuple[str, ...]:
        """The files that a run replaces."""
        return tuple(self.output or ())

    @property
    def sources(self) -> tuple[str | None, ...]:
        """The files that a run reads and must not replace; the plan itself it may."""
        return self.roster, self.states, self.results, self.campaign

    def limits(self, report: Report) -> Limits:
        """Return when the solve must end; `--time-limit inf` is no limit."""
        return Limits(seconds=None if isinf(self.time_limit) else self.time_limit, gap=self.gap, report=report)

    def second(self) -> Backend | None:
        """Return the solver that a cross-check asks, the other of the two.

        Raises
        ------
        BackendError
            If it is not installed.
        """
        return backend(next(name for name in BACKENDS if name != self.solver)) if self.cross_check else None

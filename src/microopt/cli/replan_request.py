"""Night: the flags of `microopt replan`."""

from __future__ import annotations

from collections.abc import Sequence

from microopt.cli.request import SolveFlags


class ReplanOptions(SolveFlags, frozen=True, kw_only=True):
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

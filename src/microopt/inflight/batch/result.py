"""BatchSummary: how each campaign of a batch ended, for a scheduler and for whoever reads it in the morning."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar

from msgspec import Struct

from microopt.quantities.units import Cents, Seconds


class CampaignRun(StrEnum):
    """How the run of one campaign of a batch ended."""

    PLANNED = "planned"  # its first plan
    REPLANNED = "replanned"  # a new plan in place of the last one
    UNCHANGED = "unchanged"  # nothing is new since the last plan, which stays as it is
    STOPPED = "stopped"  # an interrupt ended the search: the best plan until then is written
    INFEASIBLE = "infeasible"  # no plan keeps all rules: the last plan stays
    NO_PLAN = "no plan"  # a limit came before any plan: the last plan stays
    FAILED = "failed"  # an input is wrong, or a file cannot be written: the last plan stays
    CRASHED = "crashed"  # its process ended twice, the second time with nothing beside it: the last plan stays
    NOT_RUN = "not run"  # an interrupt came before it


WITH_PLAN = (CampaignRun.PLANNED, CampaignRun.REPLANNED, CampaignRun.UNCHANGED, CampaignRun.STOPPED)
# From the most severe: what needs somebody at once, then what needs a correction, then what is worth a look.
SEVERITY = (130, 1, 7, 6, 2, 3, 4, 9, 8, 5, 0)


class BatchEntry(Struct, frozen=True, kw_only=True):
    """One campaign of a batch.

    Attributes
    ----------
    name
        The stem of its files.
    exit
        The exit code that its own command would have had.
    plan
        The file of its plan.
    roster
        The list that it was planned from; None where it was not read.
    status, gap
        `optimal` or `feasible`, and how far its plan may be from the best as a share of the best; None without a plan.
    spend, budget
        Of its plan, in its own currency; None without a plan, or without a budget.
    added, dropped
        How many creators the last plan did not have, or has alone.
    attempts
        How often it was begun: 2 where its process ended the first time.
    unmet
        Expectations that the plan does not meet, in sentences.
    notes
        What was assumed, in sentences without their full stop.
    code, message, fix
        What went wrong, as an error of its own command has it; empty where nothing did.
    """

    name: str
    run: CampaignRun
    exit: int
    seconds: Seconds = 0.0
    plan: str = ""
    roster: str | None = None
    status: str | None = None
    gap: float | None = None
    goal: str = ""
    currency: str = ""
    creators: int | None = None
    spend: Cents | None = None
    budget: Cents | None = None
    added: int = 0
    dropped: int = 0
    attempts: int = 1
    unmet: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    code: str = ""
    message: str = ""
    fix: str = ""

    @property
    def has_plan(self) -> bool:
        """Whether the run ended with a plan in place that suits its inputs."""
        return self.run in WITH_PLAN


class BatchSummary(Struct, frozen=True, kw_only=True):
    """How a batch ended.

    Attributes
    ----------
    source
        The folder, or the file of a portfolio.
    exit
        The exit code of the batch: of the codes of its campaigns, the one that is first in `SEVERITY`.
    jobs
        How many campaigns were planned at once.
    seconds
        How long it took in all.
    dry_run
        Whether nothing was written.
    campaigns
        In the order of their names.
    notes
        What else the folder holds, and is left alone, in sentences without their full stop.
    """

    source: str
    exit: int
    jobs: int
    seconds: Seconds
    campaigns: tuple[BatchEntry, ...]
    dry_run: bool = False
    notes: tuple[str, ...] = ()

    schema_name: ClassVar[str] = "batch"

    def count(self, run: CampaignRun) -> int:
        """Return how many campaigns ended so."""
        return sum(entry.run is run for entry in self.campaigns)


def most_severe(codes: Iterable[int]) -> int:
    """Return the exit code of a batch whose campaigns have these."""
    return min(codes, key=lambda code: SEVERITY.index(code) if code in SEVERITY else 1, default=0)

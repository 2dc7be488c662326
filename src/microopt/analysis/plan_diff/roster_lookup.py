"""Look up creators in the roster of a plan, which is read again if available."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import Campaign
from microopt.errors import CampaignError, RosterError, UsageError
from microopt.planning.build_problem import build_problem
from microopt.planning.problem import PlanningProblem, restrict
from microopt.quantities.keys import match_key
from microopt.readers.options import ReadOptions
from microopt.readers.plan_file import PlanFile
from microopt.roster.roster import Roster, TextColumn, with_tiers
from microopt.verification.reopen import FalseClaim, plan_read_options, read_plan_roster
from microopt.verification.stated_roster import find_roster

Keys = set[str]


class RosterLookup(Struct, frozen=True, kw_only=True, eq=False):
    """Some creators in the roster of a plan, with their eligible offers.

    Attributes
    ----------
    roster
        Their offers with tiers, or None if the roster is not available.
    rows
        Rows of `roster` by the match key of the creator.
    problem
        The problem of their offers that the plan's campaign allows, or None if not possible or not requested.
    eligible_rows
        Rows of `problem` by the match key of the creator.
    reason
        Why the roster or the problem is not available, or empty.
    """

    roster: Roster | None = None
    rows: Mapping[str, NDArray[np.intp]] = {}
    problem: PlanningProblem | None = None
    eligible_rows: Mapping[str, NDArray[np.intp]] = {}
    reason: str = ""

    def offers(self, key: str) -> Roster | None:
        """Return the offers of one creator, or None if the roster is not available or has none."""
        return (
            None
            if self.roster is None or key not in self.rows
            else _drop_unused_labels(self.roster.take(self.rows[key]))
        )

    def eligible_problem(self, key: str) -> PlanningProblem | None:
        """Return the problem of one creator's eligible offers, or None if there are none or it is not available."""
        if self.problem is None or key not in self.eligible_rows:
            return None
        mask = np.zeros(len(self.problem), dtype=bool)
        mask[self.eligible_rows[key]] = True
        problem = restrict(self.problem, self.problem.any_by_choice(mask), self.problem.campaign)
        return replace(problem, roster=_drop_unused_labels(problem.roster))


class RosterCache:
    """A cache of the rosters of some plans: plans with identical roster bytes share one, read once from either path.

    Parameters
    ----------
    files
        The plans.
    """

    def __init__(self, files: Sequence[PlanFile]) -> None:
        self._files = files
        self._read: list[tuple[str, ReadOptions, Roster]] = []

    def roster(self, file: PlanFile, campaign: Campaign, max_unpacked: int) -> Roster:
        """Read the roster of a plan, unless it is cached.

        Raises
        ------
        RosterError, UsageError, OSError
            If it is missing, or cannot be read.
        FalseClaim
            If it is not the roster that the plan was made from.
        """
        digest, options = file.plan.roster.source.sha256, plan_read_options(file, campaign, max_unpacked)
        for cached_digest, cached_options, roster in self._read:
            if cached_digest == digest and cached_options == options:
                return roster
        roster = read_plan_roster(file, self._path(file), options)
        self._read.append((digest, options, roster))
        return roster

    def _path(self, file: PlanFile) -> str:
        """Return the path of a plan's roster, or that of another plan with identical roster bytes."""
        digest = file.plan.roster.source.sha256
        same_roster = [
            other_file
            for other_file in self._files
            if other_file is not file and other_file.plan.roster.source.sha256 == digest
        ]
        try:
            return find_roster(file, None)
        except (RosterError, UsageError, OSError):
            if not same_roster:
                raise
        return find_roster(same_roster[0], None)


def look_up_creators(
    file: PlanFile, campaign: Campaign, keys: Keys, cache: RosterCache, max_unpacked: int, *, with_problem: bool
) -> RosterLookup:
    """Look up some creators in the roster of a plan.

    Parameters
    ----------
    keys
        The match keys of their names.
    with_problem
        Whether to build the problem of their eligible offers, too.
    """
    try:
        roster = cache.roster(file, campaign, max_unpacked)
    except (RosterError, UsageError) as error:
        return RosterLookup(reason=error.message)
    except OSError as error:  # for example a path that is too long
        return RosterLookup(reason=str(error))
    except FalseClaim as other:
        return RosterLookup(reason=other.discrepancy.message)
    selected = with_tiers(_select_creators(roster, keys), campaign.tiers)
    problem, reason = None, ""
    if with_problem and len(selected):
        try:
            problem, _ = build_problem(roster, campaign)
        except CampaignError as error:
            reason = f"its campaign does not fit the roster: {error.message}"
    if problem is not None:
        problem = restrict(problem, problem.any_by_choice(problem.roster.texts["creator"].contains_any(keys)), campaign)
        problem = replace(problem, roster=_drop_unused_labels(problem.roster))
    eligible_rows = {} if problem is None else _rows_by_creator(problem.roster)
    return RosterLookup(
        roster=selected, rows=_rows_by_creator(selected), problem=problem, eligible_rows=eligible_rows, reason=reason
    )


def _select_creators(roster: Roster, keys: Keys) -> Roster:
    return _drop_unused_labels(roster.take(np.flatnonzero(roster.texts["creator"].contains_any(keys))))


def _drop_unused_labels(roster: Roster) -> Roster:
    """Return the roster without unused labels, which makes repeated lookups of a few among a million creators fast."""
    return replace(roster, texts={name: _compact_column(column) for name, column in roster.texts.items()})


def _compact_column(column: TextColumn) -> TextColumn:
    codes, inverse = np.unique(column.codes, return_inverse=True)
    used = codes.tolist()
    return TextColumn(
        codes=inverse.astype(np.int32),
        labels=[column.labels[code] for code in used],
        values=None if column.values is None else tuple(column.values[code] for code in used),
        ranks=None if column.ranks is None else column.ranks[codes],
    )


def _rows_by_creator(roster: Roster) -> dict[str, NDArray[np.intp]]:
    column = roster.texts["creator"]
    keys: Sequence[str] = [match_key(label) for label in column.labels]
    rows_by_key: dict[str, list[int]] = {}
    for row, code in enumerate(column.codes.tolist()):
        rows_by_key.setdefault(keys[code], []).append(row)
    return {key: np.asarray(rows, dtype=np.intp) for key, rows in rows_by_key.items()}

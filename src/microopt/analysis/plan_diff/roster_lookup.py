"""What can still be seen of some creators in the roster of a plan: read again where it is there, else why not."""

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
from microopt.readers.plan_document import PlanFile
from microopt.roster.roster import Roster, TextColumn, with_tiers
from microopt.verification.reopen import FalseClaim, read_options, roster_of, roster_path

Keys = set[str]


class RosterLookup(Struct, frozen=True, kw_only=True, eq=False):
    """Some creators in the roster of a plan, and what may be bought of them.

    Attributes
    ----------
    roster
        Their offers, tiers included; None where the roster cannot be seen.
    rows
        By match key of the creator: rows of `roster`.
    case
        What the plan's campaign lets in of them, on its forecast; None where there is no case, or none was asked for.
    let_in
        By match key of the creator: rows of `case`.
    reason
        Why the roster, or the case, is not there; or empty.
    """

    roster: Roster | None = None
    rows: Mapping[str, NDArray[np.intp]] = {}
    case: PlanningProblem | None = None
    let_in: Mapping[str, NDArray[np.intp]] = {}
    reason: str = ""

    def offers(self, key: str) -> Roster | None:
        """Return the offers of one creator, None where the roster cannot be seen or has none."""
        return None if self.roster is None or key not in self.rows else _compact(self.roster.take(self.rows[key]))

    def sold(self, key: str) -> PlanningProblem | None:
        """Return what may be bought of one creator, None where nothing may or it cannot be seen."""
        if self.case is None or key not in self.let_in:
            return None
        mine = np.zeros(len(self.case), dtype=bool)
        mine[self.let_in[key]] = True
        case = restrict(self.case, self.case.any_by_choice(mine), self.case.campaign)
        return replace(case, roster=_compact(case.roster))


class RosterCache:
    """The rosters of some plans: two plans of the same bytes have one, which is read once, from where either finds it.

    Parameters
    ----------
    files
        The plans.
    """

    def __init__(self, files: Sequence[PlanFile]) -> None:
        self._files = files
        self._read: list[tuple[str, ReadOptions, Roster]] = []

    def roster(self, file: PlanFile, campaign: Campaign, max_unpacked: int) -> Roster:
        """Return the roster of a plan.

        Raises
        ------
        RosterError, UsageError, OSError
            If it is not there, or cannot be read.
        Untrue
            If it is not what the plan was made of.
        """
        digest, options = file.document.roster.sha256, read_options(file, campaign, max_unpacked)
        for known, how, roster in self._read:
            if known == digest and how == options:
                return roster
        roster = roster_of(file, self._path(file), options)
        self._read.append((digest, options, roster))
        return roster

    def _path(self, file: PlanFile) -> str:
        """Return where the roster of a plan is, or else that of another plan of the same bytes."""
        digest = file.document.roster.sha256
        others = [one for one in self._files if one is not file and one.document.roster.sha256 == digest]
        try:
            return roster_path(file, None)
        except (RosterError, UsageError, OSError):
            if not others:
                raise
        return roster_path(others[0], None)


def look_up_creators(
    file: PlanFile, campaign: Campaign, keys: Keys, shelf: RosterCache, max_unpacked: int, *, sold: bool
) -> RosterLookup:
    """Return what can be seen of some creators.

    Parameters
    ----------
    keys
        Match keys of their names.
    sold
        Whether it is asked what may be bought of them, too.
    """
    try:
        roster = shelf.roster(file, campaign, max_unpacked)
    except (RosterError, UsageError) as error:
        return RosterLookup(reason=error.message)
    except OSError as error:  # such as a path that is too long
        return RosterLookup(reason=str(error))
    except FalseClaim as other:
        return RosterLookup(reason=other.statement.message)
    mine = with_tiers(_of_creators(roster, keys), campaign.tiers)
    case, reason = None, ""
    if sold and len(mine):
        try:
            case, _ = build_problem(roster, campaign)
        except CampaignError as error:
            reason = f"its campaign does not fit the roster: {error.message}"
    if case is not None:
        case = restrict(case, case.any_by_choice(case.roster.texts["creator"].holds(keys)), campaign)
        case = replace(case, roster=_compact(case.roster))
    let_in = {} if case is None else _rows(case.roster)
    return RosterLookup(roster=mine, rows=_rows(mine), case=case, let_in=let_in, reason=reason)


def _of_creators(roster: Roster, keys: Keys) -> Roster:
    return _compact(roster.take(np.flatnonzero(roster.texts["creator"].holds(keys))))


def _compact(roster: Roster) -> Roster:
    """Return the roster with no label that no row has: of a million creators a few are asked about again and again."""
    return replace(roster, texts={name: _held(column) for name, column in roster.texts.items()})


def _held(column: TextColumn) -> TextColumn:
    codes, inverse = np.unique(column.codes, return_inverse=True)
    kept = codes.tolist()
    return TextColumn(
        codes=inverse.astype(np.int32),
        labels=[column.labels[code] for code in kept],
        values=None if column.values is None else tuple(column.values[code] for code in kept),
        ranks=None if column.ranks is None else column.ranks[codes],
    )


def _rows(roster: Roster) -> dict[str, NDArray[np.intp]]:
    column = roster.texts["creator"]
    keys: Sequence[str] = [match_key(label) for label in column.labels]
    found: dict[str, list[int]] = {}
    for row, code in enumerate(column.codes.tolist()):
        found.setdefault(keys[code], []).append(row)
    return {key: np.asarray(rows, dtype=np.intp) for key, rows in found.items()}

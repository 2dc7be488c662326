"""Results and states that contradict the roster, or each other: faults with their place in the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from microopt.contract import State
from microopt.errors import Fault, RosterError, nearest
from microopt.roster import Roster, match_key, match_keys
from microopt.tonight import Came, Tonight


def refuse_contradictions(tonight: Tonight, roster: Roster) -> None:
    """Refuse results of creators who are not on the roster or declined, and states of kept ones who are not on it.

    Raises
    ------
    RosterError
        With all of them, each with its row.
    """
    names = roster.texts["creator"].labels
    known = set(match_keys(names))
    for came, faults in (
        (tonight.states, list(_states(tonight, known, names))),
        (tonight.results, list(_results(tonight, known, names))),
    ):
        if faults and came is not None:
            count = "1 fault" if len(faults) == 1 else f"{len(faults):,} faults"
            message = (
                f"{came.path}: {faults[0].message}"
                if len(faults) == 1
                else f"{came.path} has {count} against the roster"
            )
            raise RosterError(message, fix=faults[0].fix, code=faults[0].code, faults=faults)


def _states(tonight: Tonight, known: set[str], names: Sequence[str]) -> Iterator[Fault]:
    for contract in tonight.contracts:
        if contract.kept and match_key(contract.creator) not in known:
            message = f"{contract.creator} is {contract.state.value}, and is not on the roster"
            yield _fault(tonight.states, contract.creator, "states-unknown", message, names)


def _results(tonight: Tonight, known: set[str], names: Sequence[str]) -> Iterator[Fault]:
    out = {match_key(one.creator) for one in tonight.contracts if one.state is State.DECLINED}
    out -= {match_key(one.creator) for one in tonight.contracts if one.kept}
    for creator in dict.fromkeys(actual.creator for actual in tonight.actuals):
        if match_key(creator) not in known:
            yield _fault(
                tonight.results, creator, "results-unknown", f"{creator} has results, and is not on the roster", names
            )
        elif match_key(creator) in out:
            fix = "correct the state, or take the results out"
            message = f"{creator} has results, and declined"
            yield _fault(tonight.results, creator, "results-declined", message, names, fix)


def _fault(came: Came | None, creator: str, code: str, message: str, names: Sequence[str], fix: str = "") -> Fault:
    row = None if came is None else came.rows.get(match_key(creator))
    header = "creator" if came is None else came.header
    fix = fix or nearest(creator, [name.strip() for name in names]) or "keep the creator's row in the roster"
    return Fault(code=code, message=message, fix=fix, row=row, column=header, value=creator)

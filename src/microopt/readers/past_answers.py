"""Read what creators answered in earlier campaigns: a file of contract states, in which one may be named often."""

from __future__ import annotations

from collections import Counter

from microopt.campaign.decline_settings import PastAnswers
from microopt.campaign.progress import KEPT_STATES, ContractState
from microopt.errors import RosterError
from microopt.quantities.keys import match_keys
from microopt.readers.contract_states import parse_states
from microopt.readers.headers.missing_columns import fault_missing_column
from microopt.readers.options import ReadOptions
from microopt.readers.update_files import add_cell_places, offer_cells, open_update_file
from microopt.readers.words.vocabulary import STATES


def read_past_answers(path: str, options: ReadOptions | None = None) -> tuple[PastAnswers, ...]:
    """Return what each creator answered, in the order of their names.

    Each row is one answer: yes if it is signed, live or done, no if it is declined. Rows that are proposed or offered
    are not answered yet.

    Parameters
    ----------
    path
        In any format that a roster may have.

    Raises
    ------
    RosterError
        With every fault of the file, and if it holds no answer.
    """
    context, names = open_update_file(path, options, STATES)
    if "state" not in context.columns:
        fault_missing_column(context, "state")
        context.faults.raise_if_any(path, can_skip_rows=False)
    states = parse_states(context)
    add_cell_places(context)
    context.faults.raise_if_any(path, can_skip_rows=False)
    creators = offer_cells(context, names)[0]
    spellings: dict[str, str] = {}
    asked: Counter[str] = Counter()
    accepted: Counter[str] = Counter()
    for key, creator, state in zip(match_keys(creators), creators, states, strict=True):
        if state in KEPT_STATES or state is ContractState.DECLINED:
            spellings.setdefault(key, creator)
            asked[key] += 1
            accepted[key] += state in KEPT_STATES
    if not asked:
        message = f"{path} holds no answer of a creator: nobody in it is signed, live, done or declined"
        fix = "write in the column state who accepted and who declined, such as signed and declined"
        raise RosterError(message, fix=fix, code="answers-missing")
    return tuple(PastAnswers(creator=spellings[key], asked=asked[key], accepted=accepted[key]) for key in sorted(asked))

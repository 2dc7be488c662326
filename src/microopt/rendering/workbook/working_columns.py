"""The columns that an agency fills in: status, agreed fee, post date and notes, with what each cell may hold.

`microopt replan --states` reads them back; a hidden column holds what they said when the workbook was written.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from microopt.analysis.report.result import Report
from microopt.campaign.progress import Contract, ContractState, Posting
from microopt.inflight.contract_of_pick import contracts_of_picks
from microopt.plan.plan import Pick
from microopt.readers.contract_states import MAX_NOTE
from microopt.rendering.sanitize import workbook_text
from microopt.rendering.workbook.book import Sheet, SheetGrid
from microopt.roster.contract_state_words import state_word

STATE_COLORS = {  # letters and ground
    ContractState.OFFERED: ("#7A5200", "#FCF3DC"),
    ContractState.SIGNED: ("#14532D", "#E3F4E8"),
    ContractState.LIVE: ("#14532D", "#E3F4E8"),
    ContractState.DONE: ("#475569", "#EEF2F7"),
    ContractState.DECLINED: ("#8A1C1C", "#FBE7E7"),
}
LONGEST_MESSAGES = {"error_title": 32, "error_message": 255}  # characters that Excel allows
FIRST_DAY = date(2000, 1, 1)  # before which no date was meant


def pick_contracts(report: Report) -> list[Contract]:
    """Return the contract of each pick: what is known of it, or else that it is proposed, and the suggested day."""
    found = zip(report.plan.picks, contracts_of_picks(report.plan), strict=True)
    return [_pick_contract(pick, contract, has_fees=report.edition.fees) for pick, contract in found]


def _pick_contract(pick: Pick, found: Contract | None, *, has_fees: bool) -> Contract:
    state = ContractState.PROPOSED if found is None else found.state
    posting = Posting() if found is None or found.posting is None else found.posting
    fee = pick.fee if has_fees and found is not None and found.kept else None
    note = workbook_text(posting.note, MAX_NOTE)
    day = pick.posting_date or posting.day  # the first is the agreed one, if it can only mean this pick
    return Contract(creator=pick.creator, state=state, fee=fee, posting=Posting(day=day, note=note))


def working_cells(contract: Contract, language: str) -> dict[str, Any]:
    """Return the cells of a contract by column."""
    posting = contract.posting or Posting()
    return {
        "status": state_word(contract.state, language),
        "agreed": None if contract.fee is None else contract.fee / 100,
        "day": posting.day,
        "notes": posting.note or None,
    }


def validate_working_columns(sheet: Sheet, grid: SheetGrid, report: Report) -> None:
    """Say what each cell may hold: a list of states, an amount, a day, a note of limited length."""
    text, last = sheet.book.text, grid.first + max(grid.rows, 1) - 1
    states = [state_word(state, report.edition.language) for state in ContractState]
    rules: dict[str, dict[str, Any]] = {
        "status": {
            "validate": "list",
            "source": states,
            "error_title": text("Not a status"),
            "error_message": text("Choose one of: {states}.", states=", ".join(states)),
        },
        "agreed": {
            "validate": "decimal",
            "criteria": ">=",
            "value": 0,
            "error_title": text("Not a fee"),
            "error_message": text(
                "Write the agreed fee as a number, or leave the cell empty. For a free post write 0."
            ),
        },
        "day": _day_rule(sheet, report),
        "notes": {
            "validate": "length",
            "criteria": "<=",
            "value": MAX_NOTE,
            "error_title": text("Too long"),
            "error_message": text("Write at most {count} characters.", count=sheet.book.language.number(MAX_NOTE)),
        },
    }
    for key in [key for key in rules if key in grid.keys]:
        column, rule = grid.column(key), rules[key]
        rule |= {name: rule[name][:most] for name, most in LONGEST_MESSAGES.items()}
        sheet.page.data_validation(grid.first, column, last, column, rule)
    _color_states(sheet, grid, report)


def _day_rule(sheet: Sheet, report: Report) -> dict[str, Any]:
    """Return the rule of post dates; a day outside the campaign is asked about, and not refused."""
    text, language = sheet.book.text, sheet.book.language
    starts, ends = report.plan.campaign.starts, report.plan.campaign.ends
    if starts is None or ends is None:
        return {
            "validate": "date",
            "criteria": ">=",
            "value": FIRST_DAY,
            "error_title": text("Not a date"),
            "error_message": text("Write the day of the post as a date."),
        }
    return {
        "validate": "date",
        "criteria": "between",
        "minimum": starts,
        "maximum": ends,
        "error_type": "warning",
        "error_title": text("Outside the campaign"),
        "error_message": text(
            "The campaign runs from {starts} to {ends}. Write the day of the post as a date.",
            starts=language.day(starts),
            ends=language.day(ends),
        ),
    }


def _color_states(sheet: Sheet, grid: SheetGrid, report: Report) -> None:
    """Color the states as they are now, whoever changes them."""
    column, last = grid.column("status"), grid.first + max(grid.rows, 1) - 1
    for state, (letters, ground) in STATE_COLORS.items():
        colors = sheet.book.difference(font_color=letters, bg_color=ground)
        word = state_word(state, report.edition.language)
        rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": colors}
        sheet.page.conditional_format(grid.first, column, last, column, rule)

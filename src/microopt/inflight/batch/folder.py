"""What a folder holds for a batch: campaign files, plans, and for each the tables of its name."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path
from shlex import quote

from msgspec import Struct

from microopt.campaign.inputs import CampaignInput
from microopt.campaign.target_audience import TABLE_KEYS
from microopt.errors import CampaignError, Fault, UsageError
from microopt.files.reading import read_file
from microopt.quantities.parse_and_format import format_names
from microopt.readers.campaign_file_faults import is_portfolio
from microopt.readers.file_kinds import LISTS
from microopt.readers.toml_file import read_toml

CAMPAIGN_KEYS = {*CampaignInput.__struct_encode_fields__, *TABLE_KEYS}
SHARED_ROSTER = "roster"  # the stem of the list of all campaigns that have none of their own
STATES, RESULTS, OUTPUT = ".states", ".results", ".plan"  # what follows the name of a campaign in other tables
BEGINNING = 4096  # bytes of a file of JSON in which its schema is
SCHEMA = re.compile(rb'"schema"\s*:\s*"microopt\.(\w+)/')
MOST_NAMES = 5  # files that a note names


class FolderCampaign(Struct, frozen=True, kw_only=True):
    """A campaign that a folder holds.

    Attributes
    ----------
    name
        The stem of its files.
    file
        Its campaign file; None where there is a plan alone.
    plan
        Where its plan is, or is to be.
    is_planned
        Whether it has a plan already.
    roster
        Its list; None for the one that its plan states.
    states, results
        Its contract states and results, None without such a file.
    fault
        What keeps it from being planned, None where nothing does.
    """

    name: str
    file: str | None
    plan: str
    is_planned: bool
    roster: str | None = None
    states: str | None = None
    results: str | None = None
    fault: Fault | None = None

    @property
    def inputs(self) -> tuple[str, ...]:
        """The files that it is planned from."""
        named = (self.file, self.plan if self.is_planned else None, self.roster, self.states, self.results)
        return tuple(path for path in named if path is not None)


class CampaignFolder(Struct, frozen=True, kw_only=True):
    """What a folder holds: its campaigns in the order of their names, and what is left alone, in sentences."""

    campaigns: tuple[FolderCampaign, ...]
    notes: tuple[str, ...] = ()


def find_campaigns(folder: str, roster: str | None = None) -> CampaignFolder:
    """Return the campaigns of a folder; folders in it and hidden files are not looked at.

    Parameters
    ----------
    roster
        The list of all campaigns, in place of those of the folder.

    Raises
    ------
    UsageError
        If the folder cannot be read, or holds no campaign.
    """
    files = _list_files(folder)
    plans, other_json = _sort_json(folder, files)
    tables = _tables_by_stem(files)
    campaign_files, notes = _sort_toml(folder, files, {*plans, *tables})
    names = sorted({*campaign_files, *plans})
    campaigns = tuple(
        _campaign(folder, name, campaign_files.get(name, []), plans, other_json, tables) for name in names
    )
    if roster is not None:
        campaigns = tuple(_with_roster(campaign, roster) for campaign in campaigns)
    if not campaigns:
        seen = f"; {notes[0]}" if notes else ""
        fix = (
            "put a campaign file and its list there, such as glow.toml and glow.csv, or a plan, such as glow.json, "
            "or name the folder that has them"
        )
        raise UsageError(f"there is no campaign in {folder}{seen}", fix=fix, code="batch-empty")
    unknown = sorted(path for path in other_json if _stem(path) not in campaign_files)
    notes += _left_alone(unknown, "is not a plan", "are not plans")
    if roster is None:
        notes += _left_alone(sorted(_unused(tables, campaigns)), "belongs to no campaign", "belong to no campaign")
    return CampaignFolder(campaigns=campaigns, notes=tuple(notes))


def _list_files(folder: str) -> list[str]:
    try:
        entries = sorted(Path(folder).iterdir())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        fix = "name the folder that holds the campaign files, such as microopt batch campaigns/"
        raise UsageError(f"the folder {folder} cannot be read: {reason}", fix=fix, code="file-missing") from None
    return [entry.name for entry in entries if not entry.name.startswith((".", "~$")) and _is_file(entry)]


def _is_file(entry: Path) -> bool:
    """Whether it is a file; a link to one that is gone counts too, since another file must not take its place."""
    return entry.is_file() or (entry.is_symlink() and not entry.exists())


def _sort_toml(folder: str, files: Sequence[str], known: Container[str]) -> tuple[dict[str, list[str]], list[str]]:
    """Return the campaign files by the stem of their names, and notes on other files of TOML.

    Parameters
    ----------
    known
        Stems of plans and tables: a file of TOML of such a name is meant as a campaign, whatever is in it.
    """
    found: dict[str, list[str]] = {}
    notes = []
    others = []
    for name in files:
        if not name.casefold().endswith(".toml"):
            continue
        try:
            keys = read_toml(str(Path(folder, name))).keys
        except CampaignError:  # its own run says what is wrong
            found.setdefault(_stem(name), []).append(name)
            continue
        if is_portfolio(keys):
            path = quote(str(Path(folder, name)))
            notes.append(
                f"{name} is a portfolio and is left alone; its limits do not hold between campaigns that are planned "
                f"one by one here: plan them together with microopt batch {path}"
            )
        elif CAMPAIGN_KEYS.isdisjoint(keys) and _stem(name) not in known:
            others.append(name)
        else:
            found.setdefault(_stem(name), []).append(name)
    return found, [*notes, *_left_alone(others, "is not a campaign file", "are not campaign files")]


def _sort_json(folder: str, files: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the stems of plans, and the names of other files of JSON, without summaries of batches."""
    plans, others = [], []
    for name in files:
        if name.casefold().endswith(".json"):
            kind = _schema_of(Path(folder, name))
            if kind == "plan" and name.endswith(".json"):
                plans.append(_stem(name))
            elif kind != "batch":
                others.append(name)
    return plans, others


def _schema_of(path: Path) -> str:
    """Return the kind of result that a file of JSON says it holds; empty where it says none, or cannot be read."""
    try:
        data = read_file(str(path), is_input=False, may_wait=False, most=BEGINNING)
    except (OSError, ValueError):
        return ""
    match = SCHEMA.search(data)
    return match[1].decode() if match else ""


def _tables_by_stem(files: Sequence[str]) -> dict[str, list[str]]:
    """Return the names of tables by what precedes their suffix."""
    tables: dict[str, list[str]] = {}
    for name in files:
        suffix = max((suffix for suffix in LISTS if name.casefold().endswith(suffix)), key=len, default="")
        if suffix and len(name) > len(suffix):
            tables.setdefault(name[: -len(suffix)], []).append(name)
    return tables


def _campaign(
    folder: str,
    name: str,
    campaign_files: Sequence[str],
    plans: Sequence[str],
    other_json: Sequence[str],
    tables: Mapping[str, Sequence[str]],
) -> FolderCampaign:
    """Return a campaign with the tables of its name, or with what is wrong with them."""
    is_planned, plan = name in plans, f"{name}.json"
    rosters = tables.get(name) or tables.get(SHARED_ROSTER, ()) if campaign_files else ()
    states, results = tables.get(name + STATES, ()), tables.get(name + RESULTS, ())
    roles = {"lists": rosters, "files of states": states, "files of results": results}
    paths = [str(Path(folder, found[0])) if found else None for found in roles.values()]
    fault = None
    if len(campaign_files) > 1:
        fault = _twice(name, "campaign files", campaign_files)
    elif plan in other_json:
        message = f"{plan} is not a plan of microopt, and the plan of {campaign_files[0]} would replace it"
        fix = f"move it away: mv {quote(str(Path(folder, plan)))} {quote(str(Path(folder, f'{name}-old.json')))}"
        fault = Fault(code="batch-plan", message=message, fix=fix)
    else:
        fault = next((_twice(name, role, found) for role, found in roles.items() if len(found) > 1), None)
    if fault is None and not is_planned and paths[0] is None:
        message = f"{name} has no list of creators: there is neither {name}.csv nor roster.csv in {folder}"
        fix = f"put its list there as {name}.csv, or name one list for all campaigns: --roster creators.csv"
        fault = Fault(code="roster-missing", message=message, fix=fix)
    return FolderCampaign(
        name=name,
        file=str(Path(folder, campaign_files[0])) if campaign_files else None,
        plan=str(Path(folder, plan)),
        is_planned=is_planned,
        roster=paths[0],
        states=paths[1],
        results=paths[2],
        fault=fault,
    )


def _with_roster(campaign: FolderCampaign, roster: str) -> FolderCampaign:
    """Return a campaign with the list that is given for all."""
    from msgspec.structs import replace

    about_list = campaign.fault is not None and campaign.fault.code in ("roster-missing", "batch-lists")
    return replace(campaign, roster=roster, fault=None if about_list else campaign.fault)


def _twice(name: str, role: str, files: Sequence[str]) -> Fault:
    message = f"{name} has {len(files)} {role}: {format_names(files, MOST_NAMES)}"
    code = "batch-lists" if role == "lists" else "batch-twice"
    return Fault(code=code, message=message, fix=f"keep the one that counts, and move the {_others(files)} away")


def _others(files: Sequence[str]) -> str:
    return "other" if len(files) == 2 else "others"


def _unused(tables: Mapping[str, Sequence[str]], campaigns: Sequence[FolderCampaign]) -> Iterator[str]:
    """Yield the tables that no campaign is planned from, without those that a batch writes itself."""
    used = {Path(path).name for campaign in campaigns for path in campaign.inputs}
    written = {campaign.name + OUTPUT for campaign in campaigns} | {f"{each.name}.outreach" for each in campaigns}
    for stem, files in tables.items():
        if stem not in written:
            yield from (name for name in files if name not in used)


def _left_alone(files: Sequence[str], one: str, several: str) -> list[str]:
    if not files:
        return []
    return [f"{format_names(files, MOST_NAMES)} {one if len(files) == 1 else several}: left alone"]


def _stem(name: str) -> str:
    return name.rpartition(".")[0]

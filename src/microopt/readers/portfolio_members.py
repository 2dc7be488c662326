"""The tables `[[campaign]]` of a portfolio file -> its members, and why a campaign file cannot be read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from stat import S_ISDIR, S_ISREG

from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.campaign import Campaign
from microopt.campaign.portfolio import PortfolioMember
from microopt.campaign.portfolio_input import MemberInput
from microopt.errors import CampaignError, MicrooptError, RosterError, UsageError
from microopt.files.reading import STANDARD_INPUT
from microopt.quantities.keys import match_key
from microopt.quantities.size_limits import MAX_CAMPAIGNS
from microopt.quantities.units import Cents
from microopt.readers.campaign_file import campaign_from_input, read_campaign_file
from microopt.readers.portfolio_keys import EXAMPLES, WrittenKeys
from microopt.readers.portfolio_values import PortfolioValues

FILES = ("file", "roster", "plan", "states", "results")
FILE_ERRORS = (CampaignError, RosterError, UsageError)  # what is wrong with a file of one campaign


class Members(Struct, frozen=True, kw_only=True):
    """The campaigns of a portfolio file.

    Attributes
    ----------
    members
        Those whose campaign file can be read.
    failures, unread
        By name: why that of another one cannot be; and these campaigns, without what their files say.
    categories, floors
        By name, of all of them: the category, empty without one; and what must be spent, where it is said.
    """

    members: tuple[PortfolioMember, ...]
    failures: Mapping[str, MicrooptError]
    unread: tuple[PortfolioMember, ...]
    categories: Mapping[str, str]
    floors: Mapping[str, Cents]


def read_members(written: Sequence[MemberInput | None], keys: WrittenKeys, values: PortfolioValues) -> Members:
    """Return the campaigns; what is wrong with their tables is noted in the keys."""
    if not written and keys.is_sound("campaign"):
        fix = 'begin each with a line [[campaign]], and name its files: file = "glow.toml" and roster = "creators.csv"'
        keys.fault("campaigns-missing", "campaign", "it names no campaigns", fix)
    if len(written) > MAX_CAMPAIGNS:
        problem = f"it names {len(written):,} campaigns, but the limit is {MAX_CAMPAIGNS:,}"
        keys.fault(
            "campaigns-many", "campaign", problem, "divide it in several files, such as march-1.toml and march-2.toml"
        )
        written = written[:MAX_CAMPAIGNS]
    members, unread, failures, floors = [], [], {}, {}
    named = list(_named(written, keys))
    for place, name, each in named:
        member, failure = _read_member(place, name, each, keys, values)
        if failure is not None:
            failures[name] = failure
            unread.append(member)
        else:
            members.append(member)
        if member.floor is not None:
            floors[name] = member.floor
    _refuse_one_plan_twice([*members, *unread], keys)
    categories = {name: (each.category or "").strip() for _, name, each in named}
    return Members(
        members=tuple(members), failures=failures, unread=tuple(unread), categories=categories, floors=floors
    )


def _named(written: Sequence[MemberInput | None], keys: WrittenKeys) -> Iterator[tuple[str, str, MemberInput]]:
    """Yield the place and the name of each campaign whose name is its own."""
    first: dict[str, str] = {}
    for number, each in enumerate(written, 1):
        if each is None:
            continue
        place, name = f"campaign[{number}]", (PurePath(each.file).stem if each.name is None else each.name).strip()
        key = match_key(name)
        if not key:
            problem, fix = f"{place}.name is empty", f"give it a name of its own: {EXAMPLES['campaign.name']}"
            keys.fault("campaign-unnamed", f"{place}.name", problem, fix)
        elif key in first:
            problem = f"{first[key]} and {place} are both called {name!r}"
            fix = f"give each a name of its own, such as name = {json.dumps(f'{name} 2', ensure_ascii=False)}"
            keys.fault("campaign-twice", f"{place}.name", problem, fix)
        else:
            first[key] = place
            yield place, name, each


def _read_member(
    place: str, name: str, each: MemberInput, keys: WrittenKeys, values: PortfolioValues
) -> tuple[PortfolioMember, MicrooptError | None]:
    """Return a campaign with its file as far as that can be read, and why it cannot be."""
    low, high = values.floor_and_cap(place, each)
    if each.plan is None and (each.states is not None or each.results is not None):
        problem = f"{place} has states or results, but no plan that they follow"
        keys.fault("plan-unnamed", f"{place}.plan", problem, f"name its last plan: {EXAMPLES['campaign.plan']}")
    paths = {key: _path(place, key, getattr(each, key), keys) for key in FILES}
    weight = values.weight(place, each)
    file = paths["file"]
    campaign, sha256, failure = Campaign(budget=None), "", None
    if file is not None:
        try:
            campaign, sha256 = _read_campaign(file)
        except FILE_ERRORS as error:
            failure = error
    member = PortfolioMember(
        name=name,
        file=file or "",
        sha256=sha256,
        roster=paths["roster"] or "",
        campaign=campaign,
        category=(each.category or "").strip(),
        weight=weight,
        floor=low,
        cap=high,
        plan=paths["plan"],
        states=paths["states"],
        results=paths["results"],
    )
    return member, failure


def _read_campaign(path: str) -> tuple[Campaign, str]:
    settings, sha256 = read_campaign_file(path)
    try:
        return campaign_from_input(settings), sha256
    except CampaignError as error:  # which names a flag that this command does not have
        fix = f"add a line such as budget = 20_000 to {path}"
        faults = [replace(each, fix=fix) if each.code == "budget-missing" else each for each in error.faults]
        raise CampaignError(error.message, fix=faults[0].fix, code=error.code, faults=faults) from None


def _path(place: str, key: str, named: str | None, keys: WrittenKeys) -> str | None:
    """Return a path from the folder of the portfolio file; None if none is named, or it is not that of a file."""
    if named is None:
        return None
    path = Path(keys.path).parent / named
    if not named.strip() or "\0" in named or not _may_be_read(path, key):
        problem = f"{place}.{key} = {json.dumps(named, ensure_ascii=False)} is not the path of a file"
        fix = f"name a file from the folder of the portfolio file: {EXAMPLES[f'campaign.{key}']}"
        keys.fault("value-kind", f"{place}.{key}", problem, fix)
        return None
    return f"./{path}" if str(path) == STANDARD_INPUT else str(path)


def _may_be_read(path: Path, key: str) -> bool:
    """Whether a path is that of a file, or of nothing so far; a pipe or a device could be read for ever."""
    try:
        mode = path.stat().st_mode
    except OSError:  # reading it says why
        return True
    return S_ISREG(mode) or (S_ISDIR(mode) and key == "roster")  # a folder of Parquet


def _refuse_one_plan_twice(members: Sequence[PortfolioMember], keys: WrittenKeys) -> None:
    first: dict[Path, str] = {}
    for each in members:
        if each.plan is not None:
            other = first.setdefault(Path(each.plan).absolute(), each.name)
            if other != each.name:
                problem = f"{other} and {each.name} have one plan, {each.plan}"
                fix = f"give each a file of its own: {EXAMPLES['campaign.plan']}"
                keys.fault("plan-twice", "campaign.plan", problem, fix)

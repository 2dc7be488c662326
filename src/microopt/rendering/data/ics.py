"""The days of a plan as a calendar file (RFC 5545): an event of a whole day for each post, approval and briefing.

Importing it again updates the events rather than adding them anew: each has an identifier that follows from the
campaign, the creator, the offer and the wave, and a number that rises with the time at which the plan was made. Nothing
in it comes from the clock, so that the same plan is the same file. It names no method (RFC 5546), since nobody is
invited.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import PurePath
from uuid import UUID, uuid5

import icalendar
from msgspec import Struct

from microopt.analysis.report.result import Report
from microopt.campaign.calendar import Calendar
from microopt.campaign.progress import KEPT_STATES, Contract
from microopt.inflight.contract_of_pick import contracts_of_picks
from microopt.plan.plan import Pick, Plan
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import shorten
from microopt.quantities.platforms import platform_key
from microopt.quantities.profile_links import build_profile_link
from microopt.rendering.language.language import Language, find_language
from microopt.rendering.sanitize import plain_text, valid_utf8
from microopt.rendering.story.disclosure import disclosure_line
from microopt.rendering.wording.no_calendar import no_calendar
from microopt.rendering.wording.plan_figures import format_offer

NAMESPACE = UUID("d0ae4f4e-0e3c-5c1c-8e26-5a9a3d0f2a11")  # of identifiers of events, never to be changed
FIRST_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)  # from which revisions are counted, and that of plans without a date
MAX_SEQUENCE = 2**31 - 1
MAX_NAME, MAX_URL = 200, 2_000  # characters
POST, APPROVAL, BRIEFING = "post", "approval", "briefing"


class Event(Struct, frozen=True, kw_only=True):
    """A day on which something is to be done for a pick.

    Attributes
    ----------
    kind
        `POST`, `APPROVAL` or `BRIEFING`.
    place
        Position of the pick in the plan.
    """

    day: date
    kind: str
    place: int


def plan_ics(plan: Plan) -> bytes:
    """Return the calendar file of a plan, in the language of its campaign.

    Raises
    ------
    UsageError
        If its campaign has no calendar.
    """
    return _file(plan, find_language(plan.campaign.report.language), (POST, APPROVAL, BRIEFING))


def report_ics(report: Report) -> bytes:
    """Return the calendar file of a report's plan; a client gets no briefings, which are between team and creators.

    Raises
    ------
    UsageError
        If its campaign has no calendar.
    """
    kinds = (POST, APPROVAL, BRIEFING) if report.edition.is_internal else (POST, APPROVAL)
    return _file(report.plan, find_language(report.edition.language), kinds)


def _file(plan: Plan, language: Language, kinds: Sequence[str]) -> bytes:
    if plan.campaign.calendar is None:
        raise no_calendar(plan.campaign)
    events = sorted(_events(plan, kinds), key=lambda event: (event.day, event.place, event.kind))
    return _Writer(plan, plan.campaign.calendar, language).file(events)


def _events(plan: Plan, kinds: Sequence[str]) -> Iterator[Event]:
    for place, pick in enumerate(plan.picks):
        days = {POST: pick.posting_date, APPROVAL: pick.approval_date, BRIEFING: pick.briefing_date}
        yield from (Event(day=day, kind=kind, place=place) for kind in kinds if (day := days[kind]) is not None)


class _Writer:
    """Writes the events of a plan."""

    def __init__(self, plan: Plan, calendar: Calendar, language: Language) -> None:
        self._plan, self._calendar, self._language = plan, calendar, language
        self._contracts = contracts_of_picks(plan)
        self._label = disclosure_line(plan, language)
        self._moment = _moment_of(plan)
        self._keys = _keys_of_picks(plan)

    def file(self, events: Sequence[Event]) -> bytes:
        """Return the file; without events it has the waves, as a file without any is not valid."""
        text, found = self._language.text, icalendar.Calendar()
        name = _line(self._plan.campaign.name or "") or text("Campaign plan")
        about = text("Suggested days. What is agreed with the creators counts.")
        for key, value in {
            "prodid": "-//microopt//microopt//EN",
            "version": "2.0",
            "calscale": "GREGORIAN",
            # Of properties that the standard does not name, the library would not escape the text.
            "x-wr-calname": icalendar.vText(name),
            "x-wr-caldesc": icalendar.vText(about),
        }.items():
            found.add(key, value)
        for event in events:
            found.add_component(self._event(event, self._plan.picks[event.place]))
        if not events:
            for wave in self._calendar.waves:
                summary = text("{wave}: no posts planned", wave=_line(wave.name))
                days = (wave.starts, wave.ends)
                found.add_component(self._days(days, _identify(self._plan, "wave", wave.name), summary))
        written: bytes = found.to_ical()
        return written

    def _event(self, event: Event, pick: Pick) -> icalendar.Event:
        contract = self._contracts[event.place]
        identifier = _identify(self._plan, event.kind, *self._keys[event.place])
        found = self._days((event.day, event.day), identifier, self._summary(event.kind, pick))
        found.add("description", "\n".join(self._description(event.kind, pick, contract)))
        found.add("categories", [_kind_names(self._language)[event.kind]])
        found.add("status", "CONFIRMED" if contract is not None and contract.state in KEPT_STATES else "TENTATIVE")
        link = build_profile_link(pick.platform, pick.creator)
        if 0 < len(link) <= MAX_URL:
            found.add("url", link)
        return found

    def _days(self, days: tuple[date, date], identifier: UUID, summary: str) -> icalendar.Event:
        """Return an event of whole days without what is said of it: the end of such an event is the day after it."""
        found = icalendar.Event()
        found.add("uid", str(identifier))
        found.add("dtstamp", self._moment)
        found.add("sequence", min(max(int((self._moment - FIRST_MOMENT).total_seconds()), 0), MAX_SEQUENCE))
        found.add("summary", summary)
        found.add("dtstart", days[0])
        if days[1] < date.max:  # without an end, it is the day of the start
            found.add("dtend", days[1] + timedelta(1))
        found.add("transp", "TRANSPARENT")  # nobody is busy all day
        return found

    def _summary(self, kind: str, pick: Pick) -> str:
        offer, platform = _line(format_offer(pick)), _line(pick.platform)
        what = ", ".join(part for part in (_line(pick.creator), offer, platform) if part)
        return f"{_kind_names(self._language)[kind]}: {what}"

    def _description(self, kind: str, pick: Pick, contract: Contract | None) -> Iterator[str]:
        text, day = self._language.text, self._language.day
        names = (_line(self._plan.campaign.name or ""), _line(pick.wave or ""))
        yield ", ".join(name for name in names if name)
        if kind != POST and pick.posting_date is not None:
            yield text("Post: {day}", day=day(pick.posting_date))
        if kind != APPROVAL and pick.approval_date is not None:
            yield text("Draft due: {day}", day=day(pick.approval_date))
        posting = None if contract is None else contract.posting
        is_agreed = kind == POST and posting is not None and posting.day == pick.posting_date
        yield text("The day is agreed.") if is_agreed else text("The day is a suggestion.")
        if kind != APPROVAL:
            yield self._label


def _kind_names(language: Language) -> dict[str, str]:
    text = language.text
    return {POST: text("Post"), APPROVAL: text("Approve"), BRIEFING: text("Brief")}


def _line(text: str) -> str:
    """Return a text of a roster or a campaign as one line without anything hidden."""
    return shorten(valid_utf8(plain_text(text)).strip(), MAX_NAME)


def _moment_of(plan: Plan) -> datetime:
    """Return when a plan was made: as it says, or else at the date of the report; never by the clock."""
    try:
        made_at = datetime.fromisoformat("" if plan.replan is None else plan.replan.made_at)
    except ValueError:
        stated = plan.campaign.report.date
        return FIRST_MOMENT if stated is None else datetime(stated.year, stated.month, stated.day, tzinfo=UTC)
    return made_at.replace(tzinfo=made_at.tzinfo or UTC).astimezone(UTC)


def _keys_of_picks(plan: Plan) -> list[tuple[str, ...]]:
    """Return what tells the picks of a plan apart, so that a later plan has the same for the same pick."""
    seen: Counter[tuple[str, ...]] = Counter()
    keys: list[tuple[str, ...]] = []
    for pick in plan.picks:
        key = (match_key(pick.creator), platform_key(pick.platform), match_key(pick.offer), match_key(pick.wave or ""))
        seen[key] += 1
        keys.append((*key, str(seen[key])))
    return keys


def _identify(plan: Plan, *parts: str) -> UUID:
    """Return the identifier of an event of a campaign, which a campaign without a name has of its list."""
    campaign = match_key(plan.campaign.name or "") or match_key(PurePath(plan.roster.source.path).name)
    whole = (campaign, match_key(plan.campaign.report.client), *parts)
    return uuid5(NAMESPACE, valid_utf8("\x1f".join(whole)))

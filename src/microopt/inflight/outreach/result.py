"""OutreachList: whom to ask today, whom next, and until when an answer is due."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import ClassVar

from msgspec import Struct

from microopt.quantities.units import Cents


class OutreachStatus(StrEnum):
    """What is to be done about a creator; each is a word that a file of contract states may have."""

    TO_ASK = "to ask today"
    OVERDUE = "overdue"  # asked, and the day on which the offer lapses is over
    ASKED = "asked"  # and the answer is not due yet
    LATER = "to ask later"  # its wave is far off, or if all say yes, the money does not suffice or a rule is broken
    FALLBACK = "fallback"  # only if somebody else says no
    ACCEPTED = "accepted"
    LIVE = "live"
    DONE = "done"
    DECLINED = "declined"


AGREED = (OutreachStatus.ACCEPTED, OutreachStatus.LIVE, OutreachStatus.DONE)


class OutreachRow(Struct, frozen=True, kw_only=True):
    """One offer of a list of whom to ask.

    Attributes
    ----------
    order
        In which order to go through the list, from 1; all offers of a creator have the same.
    fee
        Cents quoted for all units, None where the plan does not know the offer.
    agreed_fee
        Cents agreed for them, None if the file of states does not say.
    ask_on, answer_by
        When the creator was asked, or is to be asked, and the day on which the offer lapses; None where it is open.
    fallback_for
        The creators in whose place this one is to be asked.
    next_if_no
        The creator to ask next if this one says no, or empty.
    waits_for
        For whoever is to be asked later: the label of the rule that would be broken if everyone who was asked said yes,
        or `budget`.
    wave
        The wave of the calendar in which it is posted; None without a calendar.
    """

    order: int
    creator: str
    platform: str
    offer: str
    units: int
    fee: Cents | None
    status: OutreachStatus
    agreed_fee: Cents | None = None
    ask_on: date | None = None
    answer_by: date | None = None
    fallback_for: tuple[str, ...] = ()
    next_if_no: str = ""
    waits_for: str = ""
    wave: str | None = None


class OutreachList(Struct, frozen=True, kw_only=True):
    """Whom to ask today, whom next, and until when.

    Attributes
    ----------
    as_of
        Today.
    reply_days
        How many days a creator has to answer.
    spendable
        Cents of the budget, None without one.
    agreed, asked, to_ask
        Cents that are agreed; that cost those who were asked, if they say yes; and those to ask today.
    overdue, overdue_creators
        Cents that cost those whose offers have lapsed, if they say yes after all; and how many they are.
    notes
        What was assumed, in sentences without their full stop.
    warnings
        What is to be read before anybody is asked, in sentences without their full stop.
    """

    name: str | None
    currency: str
    as_of: date
    reply_days: int
    rows: tuple[OutreachRow, ...]
    spendable: Cents | None
    agreed: Cents
    asked: Cents
    to_ask: Cents
    overdue: Cents = 0
    overdue_creators: int = 0
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    schema_name: ClassVar[str] = "outreach"

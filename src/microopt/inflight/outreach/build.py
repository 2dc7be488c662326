"""Whom to ask today, whom next, and until when: a plan and what its creators have answered -> a list.

Everyone in the plan is asked at once. A fallback is asked when the creator before it has declined, or has let the day
pass on which the offer lapses. Nobody is asked with whom the budget or a rule would be exceeded if all who were asked
say yes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from microopt.campaign.progress import CampaignProgress, Contract
from microopt.inflight.merge_contracts import merge_contracts
from microopt.inflight.outreach.candidates import Candidate, cost_of_offer, find_candidates, known_contracts
from microopt.inflight.outreach.promises import BUDGET, Promises
from microopt.inflight.outreach.result import AGREED, OutreachList, OutreachRow, OutreachStatus
from microopt.inflight.outreach.rules import RulesOfPlan
from microopt.inflight.wave_contracts import Clock
from microopt.plan.plan import Plan
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import format_names, join_words
from microopt.roster.contract_status import sunk_cost

REPLY_DAYS = 3  # a design figure: days that a creator has to answer
ORDER = tuple(OutreachStatus)  # in which the list is gone through
OPEN = (OutreachStatus.DECLINED, OutreachStatus.OVERDUE)  # of those whose place a fallback may take
FILLED = (OutreachStatus.ASKED, *AGREED)


def build_outreach(
    plan: Plan,
    *,
    as_of: date,
    contracts: Sequence[Contract] | None = None,
    reply_days: int = REPLY_DAYS,
    notes: Sequence[str] = (),
) -> OutreachList:
    """Return whom to ask today, whom next, and until when.

    Parameters
    ----------
    as_of
        Today.
    contracts
        What a file of states says; by default the list goes by what the plan knows. What it does not mention stays as
        the plan knows it.
    reply_days
        How many days a creator has to answer.
    notes
        What is to be told with the list, in sentences without their full stop.
    """
    known = known_contracts(plan)
    if contracts is not None:
        calendar = plan.campaign.calendar
        clock = None if calendar is None else Clock(calendar=calendar, today=as_of)
        known = merge_contracts(plan.campaign.running, plan.picks, (contracts,), (), clock=clock)[0]
    spendable = plan.campaign.spendable
    if spendable is not None:
        spendable -= sunk_cost(known) - (0 if plan.campaign.running is None else plan.campaign.running.sunk_cost)
    candidates = find_candidates(plan, known, as_of, reply_days)
    rounds = _Rounds(
        candidates, as_of, Promises(candidates, RulesOfPlan.of_campaign(plan.campaign, candidates), spendable)
    )
    rounds.decide()
    return OutreachList(
        name=plan.campaign.name,
        currency=plan.roster.currency,
        as_of=as_of,
        reply_days=reply_days,
        rows=tuple(_rows(rounds, as_of, as_of + timedelta(days=reply_days))),
        spendable=spendable,
        agreed=rounds.cost_of(AGREED),
        asked=rounds.cost_of((OutreachStatus.ASKED,)),
        to_ask=rounds.cost_of((OutreachStatus.TO_ASK,)),
        overdue=rounds.cost_of((OutreachStatus.OVERDUE,)),
        overdue_creators=list(rounds.status.values()).count(OutreachStatus.OVERDUE),
        notes=(
            *notes,
            *_notes(rounds),
            *_not_of_plan(plan, rounds, contracts or ()),
            *_too_late(plan, rounds.candidates),
        ),
        warnings=tuple(_warnings(rounds, as_of)),
    )


class _Rounds:
    """Decides about everyone: those who were asked first, then the plan's creators, then the fallbacks.

    Parameters
    ----------
    candidates
        By match key.
    promises
        Of nobody yet.
    """

    def __init__(self, candidates: dict[str, Candidate], as_of: date, promises: Promises) -> None:
        self.candidates, self.promises = candidates, promises
        self.status = {key: each.status(as_of) for key, each in candidates.items()}
        self.waits_for: dict[str, str] = {}  # the rule, or the budget, that is in the way
        for key, status in self.status.items():
            if status in FILLED:
                promises.add(key)
        self.place_of: dict[str, str] = {}  # whose place a fallback takes
        self.next_of: dict[str, str] = {}  # who is to be asked where a creator says no, or has not answered in time
        self.unfilled: list[str] = []

    def decide(self) -> None:
        """Decide whom to ask today, and whom next."""
        for key, each in self.candidates.items():
            if each.in_plan and each.is_due and self.status[key] is OutreachStatus.LATER:
                self._ask_if_possible(key)
        for open_state in OPEN:  # whoever let the day pass may say yes after all
            for key, each in self.candidates.items():
                if each.in_plan and self.status[key] is open_state:
                    self._fill(key, each.fallbacks)
        for key, each in self.candidates.items():
            place = key if each.in_plan else self.place_of.get(key)
            if place is not None and self.status[key] not in (*OPEN, *AGREED):
                self.next_of[key] = next(self._possible(self.candidates[place].fallbacks), "")

    def cost_of(self, states: Sequence[OutreachStatus]) -> int:
        """Return what everyone in these states costs if they say yes, in cents."""
        return sum(
            cost_of_offer(offer)
            for key, each in self.candidates.items()
            for offer in each.offers
            if each.status_of(offer, self.status[key]) in states
        )

    def _ask_if_possible(self, key: str) -> None:
        """Ask a creator today, if budget and rules allow it even if all who were asked in time say yes."""
        obstacle = self.promises.obstacle(key)
        if obstacle:
            self.waits_for[key] = obstacle
            return
        self.status[key] = OutreachStatus.TO_ASK
        self.promises.add(key)

    def _fill(self, place: str, fallbacks: Sequence[str]) -> None:
        """Give a place to the first fallback who has not said no, and ask whoever was not asked yet."""
        before = place
        for key in fallbacks:
            if key in self.place_of:
                continue
            if self.status[key] is OutreachStatus.LATER:
                self._ask_if_possible(key)
            status = self.status[key]
            if status is not OutreachStatus.DECLINED:
                self.place_of[key], self.next_of[before] = place, key
                before = key
            if status not in OPEN:
                return
        self.unfilled.append(place)

    def _possible(self, fallbacks: Sequence[str]) -> Iterator[str]:
        """Yield the fallbacks who can still be asked."""
        return (key for key in fallbacks if key not in self.place_of and self.status[key] is OutreachStatus.LATER)

    def fallbacks_of(self) -> dict[str, list[str]]:
        """Return in whose place each fallback is, or may be, asked."""
        whose: dict[str, list[str]] = {key: [place] for key, place in self.place_of.items()}
        for place, each in self.candidates.items():
            if each.in_plan and self.status[place] not in AGREED:
                for key in self._possible(each.fallbacks):
                    whose.setdefault(key, []).append(place)
        return whose


def _rows(rounds: _Rounds, as_of: date, lapses: date) -> Iterator[OutreachRow]:
    """Yield the list in the order in which to go through it."""
    whose, names = rounds.fallbacks_of(), {key: each.creator for key, each in rounds.candidates.items()}
    listed = []
    for key, each in rounds.candidates.items():
        status = rounds.status[key]
        if status is OutreachStatus.LATER and not each.in_plan and key not in rounds.place_of:
            if key not in whose:
                continue  # nobody's fallback any more
            status = OutreachStatus.FALLBACK
        listed.append((status, key))
    listed.sort(key=lambda entry: ORDER.index(entry[0]))
    for order, (status, key) in enumerate(listed, 1):
        each = rounds.candidates[key]
        for offer in each.offers:
            of_offer = each.status_of(offer, status)
            is_today = of_offer is OutreachStatus.TO_ASK
            yield OutreachRow(
                order=order,
                creator=each.creator,
                platform=offer.platform,
                offer=offer.offer,
                units=offer.units,
                fee=offer.fee,
                agreed_fee=None if offer.contract is None else offer.contract.fee,
                status=of_offer,
                ask_on=as_of if is_today else offer.ask_from or each.ask_on,
                answer_by=lapses if is_today else None if offer.ask_from else each.answer_by,
                fallback_for=tuple(names[place] for place in whose.get(key, ())),
                next_if_no=names.get(rounds.next_of.get(key, ""), ""),
                waits_for=rounds.waits_for.get(key, "") if status is OutreachStatus.LATER else "",
                wave=offer.wave,
            )


def _notes(rounds: _Rounds) -> Iterator[str]:
    """Yield what was assumed, and where the list ends."""
    undated = [each.creator for each in rounds.candidates.values() if not each.dated]
    if undated:
        verb = "was" if len(undated) == 1 else "were"
        yield f"nothing says when {format_names(undated)} {verb} asked, so their days count from today: fill in ask_on"
    unpriced = [rounds.candidates[key].creator for key in _unpriced(rounds)]
    if unpriced:
        verb = "is" if len(unpriced) == 1 else "are"
        yield f"the plan knows no price of {format_names(unpriced)}, who {verb} counted with nothing"
    if rounds.unfilled:
        names = format_names([rounds.candidates[key].creator for key in rounds.unfilled])
        yield f"no fallback is left to ask for {names}: make the next plan with microopt replan"
    yield from _rule_notes(rounds)


def _too_late(plan: Plan, candidates: dict[str, Candidate]) -> Iterator[str]:
    """Yield which posts of the plan are in waves for which it is too late to ask."""
    listed = {(key, offer.wave) for key, each in candidates.items() for offer in each.offers}
    late = [pick for pick in plan.picks if pick.wave and (match_key(pick.creator), pick.wave) not in listed]
    if late:
        waves = join_words(sorted({pick.wave for pick in late if pick.wave}))
        names = format_names(list(dict.fromkeys(pick.creator for pick in late)))
        yield f"it is too late to ask {names} for posts in {waves}: make the next plan with microopt replan"


def _rule_notes(rounds: _Rounds) -> Iterator[str]:
    """Yield which rules let creators wait, which are broken if all say yes, and which cannot be judged."""
    waiting: dict[str, list[str]] = {}
    for key, reason in rounds.waits_for.items():
        if rounds.status[key] is OutreachStatus.LATER:
            waiting.setdefault(reason, []).append(rounds.candidates[key].creator)
    for reason, names in waiting.items():
        limit = "the budget would be exceeded" if reason == BUDGET else f"{reason!r} would be broken"
        yield f"ask {format_names(names)} later: {limit} if they and everyone who was asked said yes"
    promises = rounds.promises
    for label in promises.broken(is_whole=not rounds.unfilled and OutreachStatus.LATER not in rounds.status.values()):
        fix = "withdraw an offer, or make the next plan with microopt replan"
        yield f"if everyone who was asked says yes, {label!r} is broken: {fix}"
    outside = [key for key in promises.keys if not rounds.candidates[key].in_plan]
    labels = list(dict.fromkeys(promises.rules.not_judged_with(outside))) if outside else []
    if labels:
        names = [rounds.candidates[key].creator for key in outside]
        what = format_names([f"{label!r}" for label in labels])
        verb = "counts" if len(names) == 1 else "count"
        yield f"the plan does not say what {format_names(names)} {verb} in {what}: microopt replan checks that"


def _unpriced(rounds: _Rounds) -> list[str]:
    """Return who has a place, and no price that the plan knows, by match key."""
    return [key for key, each in rounds.candidates.items() if rounds.status[key] in FILLED and each.unpriced]


def _warnings(rounds: _Rounds, as_of: date) -> Iterator[str]:
    """Yield what is to be read before anybody is asked."""
    replaced = len(set(rounds.place_of.values()))
    if replaced > 1:
        yield (
            f"{replaced:,} places go to fallbacks at once, and each fallback was chosen as if only one place opened: "
            "run microopt replan first, which may choose others and checks all rules"
        )
    yield from _late_rules(rounds)
    later = [each.creator for each in rounds.candidates.values() if each.is_asked_after(as_of)]
    if later:
        verb = "was" if len(later) == 1 else "were"
        yield f"{format_names(later)} {verb} asked after {as_of}, the day of this list: check --as-of"


def _late_rules(rounds: _Rounds) -> Iterator[str]:
    """Yield which rules are broken if those say yes whose offers have lapsed; the money is told beside the budget."""
    overdue = [key for key, status in rounds.status.items() if status is OutreachStatus.OVERDUE]
    before = set(rounds.promises.broken(is_whole=False))
    for label in rounds.promises.broken(is_whole=False, also=overdue):
        if label not in before:
            who = "the overdue creator says" if len(overdue) == 1 else f"the {len(overdue):,} overdue creators say"
            yield f"if {who} yes too, {label!r} is broken: withdraw their offers before you ask others"


def _not_of_plan(plan: Plan, rounds: _Rounds, contracts: Sequence[Contract]) -> Iterator[str]:
    """Yield who of a file of states is neither in the plan nor known from an earlier night: maybe misspelled."""
    running = plan.campaign.running or CampaignProgress()
    known = {match_key(pick.creator) for pick in plan.picks}
    known |= {match_key(one.creator) for each in plan.fallbacks for one in each.substitutes}
    known |= {match_key(each.creator) for each in running.contracts}
    known |= {match_key(each.creator) for each in running.fallbacks}
    known |= {match_key(each.creator) for each in running.open_offers}
    known |= {match_key(name) for name in running.last_plan}
    known |= set(_unpriced(rounds))  # who are told already
    names = [each.creator for each in contracts if match_key(each.creator) not in known]
    if names:
        who = format_names(list(dict.fromkeys(names)))
        yield f"neither the plan nor its fallbacks name {who}: check the spelling"

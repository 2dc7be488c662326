"""What moved between the waves of a calendar from one night to the next, and why it left its wave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from microopt.campaign.campaign import Campaign
from microopt.campaign.progress import Contract
from microopt.inflight.merge_contracts import contracts_by_creator, has_declined
from microopt.inflight.transition import PlanTransition, available_creators
from microopt.plan.by_wave import ByWave
from microopt.plan.plan import Pick, Plan
from microopt.plan.replan_summary import MoveCause, MovedMoney, MoveReason
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import format_money

LEAST = 100  # cents below which nothing is said: fees change by cents

Costs = dict[str, dict[str, int]]  # cents by wave, then by match key of the creator


def moved_money(transition: PlanTransition, plan: Plan) -> Iterator[MovedMoney]:
    """Yield what waves have less than in the last plan, in order of time, and where that went.

    Waves that have more take it in order of time.

    Parameters
    ----------
    plan
        The new one.
    """
    calendar, last = plan.campaign.calendar, transition.last.plan
    if calendar is None or not transition.one_currency:
        return
    before, now = (_costs(each.picks) for each in (last, plan))
    more = {name: _sum(now, name) - _sum(before, name) for name in calendar.names}
    causes = _Causes(transition, plan.campaign)
    for source in calendar.names:
        left = -more[source]
        if left < LEAST:
            continue
        why = tuple(causes.why(source, before, now))
        for target in calendar.names:
            amount = min(left, more[target])
            if amount >= LEAST:
                yield MovedMoney(amount=amount, source=source, target=target, causes=why)
                more[target] -= amount
                left -= amount
        if left >= LEAST:
            yield MovedMoney(amount=left, source=source, target=None, causes=why)


def _costs(picks: Sequence[Pick]) -> Costs:
    costs: Costs = {}
    for pick in picks:
        wave, key = costs.setdefault(pick.wave or "", {}), match_key(pick.creator)
        wave[key] = wave.get(key, 0) + pick.cost
    return costs


def _sum(costs: Costs, wave: str) -> int:
    return sum(costs.get(wave, {}).values())


class _Causes:
    """Finds why money left a wave."""

    def __init__(self, transition: PlanTransition, campaign: Campaign) -> None:
        running = campaign.running
        self.names = {key: each.creator for key, each in transition.last_purchases.items()}
        self.available = available_creators(transition.problem, set(self.names))
        self.contracts: Mapping[str, Sequence[Contract]] = contracts_by_creator(running.contracts if running else ())
        self.better = transition.is_proven and transition.is_better_value
        self.closed = campaign.closed_waves

    def why(self, wave: str, before: Costs, now: Costs) -> Iterator[MoveCause]:
        """Yield why a wave has less, the strongest reason first; each creator who costs less there is in one."""
        old, new = before.get(wave, {}), now.get(wave, {})
        falls = {key: old[key] - new.get(key, 0) for key in old}
        told = min(LEAST, max(falls.values(), default=LEAST))  # several smaller amounts may add up to one that is told
        found: dict[MoveReason, list[str]] = {reason: [] for reason in MoveReason}
        for key in sorted(falls, key=lambda key: (-falls[key], key)):
            if falls[key] >= told:
                found[self._reason(key, wave, gone=key not in new)].append(self.names[key])
        yield from (MoveCause(reason=reason, creators=tuple(names)) for reason, names in found.items() if names)

    def _reason(self, key: str, wave: str, *, gone: bool) -> MoveReason:
        if has_declined(self.contracts.get(key, ()), wave):
            return MoveReason.DECLINED
        if not gone:
            return MoveReason.CHEAPER
        if wave in self.closed:
            return MoveReason.CLOSED
        if key not in self.available:
            return MoveReason.UNAVAILABLE
        return MoveReason.BETTER if self.better else MoveReason.LEFT_OUT


def carried_over(last: Plan, plan: Plan) -> Iterator[str]:
    """Yield what waves that have closed since the last plan left of their budgets to later ones."""
    calendar, running, before = plan.campaign.calendar, plan.campaign.running, last.campaign.running
    if calendar is None or running is None or not calendar.carry_over:
        return
    closed = calendar.closed_waves(running.today) - calendar.closed_waves(None if before is None else before.today)
    for wave in plan.by_wave:
        left = _left(wave)
        if wave.wave in closed and left >= LEAST and wave.wave != calendar.names[-1]:
            yield f"{wave.wave} left {format_money(left, plan.roster.currency)} of its budget to later waves"


def _left(wave: ByWave) -> int:
    return 0 if wave.at_most is None else wave.at_most - wave.spend

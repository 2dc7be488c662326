"""Money that moves between coming waves, and the reason that is told."""

from fractions import Fraction

from microopt.campaign.calendar import WaveBudget
from microopt.plan.replan_summary import MoveCause, MoveReason
from microopt.rendering.moved_in_english import moved_in_english
from tests.inflight.test_wave_contracts import night, plan_of, posts, state, team


def moves(plan):
    return [(each.amount, each.source, each.target, each.causes) for each in plan.replan.moved]


def why(reason, *creators):
    return MoveCause(reason=reason, creators=creators)


def test_money_of_a_creator_who_declines_one_wave_goes_to_another():
    listed = team(2, views=[9_000, 100])
    plan = plan_of(listed, "all count >= 1 in 2027-01..2027-02", budget=20_000)
    (first,), (second,) = ({wave for name, wave in posts(plan) if name == creator} for creator in ("@a", "@b"))
    after = night(plan, listed, "2026-12-01", state("@a", "declined", first))
    (left,) = {wave for _, wave in posts(after)} - {second}
    assert moves(after) == [(10_000, first, left, (why(MoveReason.DECLINED, "@a"),))]
    assert list(moved_in_english(after)) == [f"$100 moved from {first} to {left}: @a declined there."]


def test_a_quiet_night_moves_nothing():
    listed = team(2)
    plan = plan_of(listed, budget=20_000)
    assert moves(night(plan, listed, "2026-12-01")) == []


def test_money_of_a_wave_that_closed_moves_on():
    listed = team(3)
    plan = plan_of(listed, "all count >= 1 each wave", budget=30_000)
    after = night(plan, listed, "2027-02-01")
    (who,) = (creator for creator, wave in posts(plan) if wave == "2027-01")
    assert {wave for _, wave in posts(after)} == {"2027-02", "2027-03"}
    ((amount, source, target, causes),) = moves(after)
    assert (amount, source) == (10_000, "2027-01") and target in ("2027-02", "2027-03")
    assert causes == (why(MoveReason.CLOSED, who),)
    (told,) = moved_in_english(after)
    assert told.endswith(f": {who} has not agreed, and it is too late to book anybody there.")


def test_what_a_wave_leaves_of_its_budget_is_carried_over():
    listed = team(3)
    caps = {f"2027-0{month}": WaveBudget(high=Fraction(200)) for month in (1, 2, 3)}
    plan = plan_of(listed, "all count >= 1 each wave", budget=60_000, budgets=caps, carry_over=True)
    who = next(creator for creator, wave in posts(plan) if wave == "2027-01")
    after = night(plan, listed, "2027-02-01", state(who, "done", "2027-01"))
    assert sum(pick.cost for pick in after.picks if pick.wave == "2027-02") <= 30_000
    assert "2027-01 left $100 of its budget to later waves" in after.replan.notes
    quiet = night(after, listed, "2027-02-02", state(who, "done", "2027-01"))
    assert not any("of its budget" in note for note in quiet.replan.notes)


def test_money_that_cannot_be_spent_elsewhere_is_told_as_not_spent():
    listed = team(1)
    plan = plan_of(listed)
    after = night(plan, listed, "2026-12-01", state("@a", "declined", "2027-02"))
    assert moves(after) == [(10_000, "2027-02", None, (why(MoveReason.DECLINED, "@a"),))]
    assert list(moved_in_english(after)) == ["$100 of 2027-02 is not spent now: @a declined there."]


def test_every_creator_who_left_a_wave_is_in_one_of_the_reasons():
    listed = team(4)
    plan = plan_of(listed, "all count >= 4 in 2027-01")
    after = night(plan, listed, "2027-02-01", state("@a", "declined", "2027-01"), state("@b", "done", "2027-01"))
    of_january = [each for each in moves(after) if each[1] == "2027-01"]
    assert sum(amount for amount, *_ in of_january) == 30_000
    for *_, causes in of_january:
        assert causes == (why(MoveReason.DECLINED, "@a"), why(MoveReason.CLOSED, "@c", "@d"))


def test_small_amounts_of_several_creators_that_add_up_have_their_reason_too():
    listed = team(2)
    plan = plan_of(listed, "all count >= 2 in 2027-01", budget=20_000)
    agreed = state("@a", "signed", "2027-01", fee=9_950), state("@b", "signed", "2027-01", fee=9_940)
    after = night(plan, listed, "2026-12-01", *agreed)
    assert moves(after) == [(110, "2027-01", None, (why(MoveReason.CHEAPER, "@b"),))]

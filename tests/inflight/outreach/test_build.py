"""Whom to ask today, whom next, and until when."""

from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.campaign.decline_settings import DeclineSettings
from microopt.campaign.progress import Asked, CampaignProgress, Contract, ContractState
from microopt.campaign.rule_grammar import parse_rule
from microopt.inflight.outreach.build import build_outreach
from microopt.inflight.outreach.result import AGREED, OutreachStatus
from microopt.quantities.keys import match_key
from microopt.readers.contract_states import read_states
from microopt.rendering.data.outreach_csv import outreach_file
from microopt.rendering.terminal.outreach import outreach_table
from microopt.rendering.terminal.screen import Screen
from microopt.rendering.wording.outreach import outreach_sentences
from tests.inflight.test_fallbacks_first import naming
from tests.inflight.test_replan import first, state
from tests.planning.builders import CALM
from tests.scale import examples

TODAY = date(2026, 11, 30)
STATES = [*ContractState]


@cache
def plan():
    """Return the three best of six at $100 each, with two fallbacks for each."""
    return first(declines=DeclineSettings(fallbacks=2))[1]


def asked(creator, days_ago, what="offered", **facts):
    return Contract(
        creator=creator, state=ContractState(what), asked=Asked(day=TODAY - timedelta(days=days_ago)), **facts
    )


def listed(*contracts, of=None, **facts):
    return build_outreach(of or plan(), **{"as_of": TODAY, "contracts": contracts, **facts})


def statuses(outreach):
    return {row.creator: row.status.value for row in outreach.rows}


def row_of(outreach, creator):
    return next(row for row in outreach.rows if row.creator == creator)


def test_everyone_in_the_plan_is_asked_at_once_and_fallbacks_wait():
    outreach = build_outreach(plan(), as_of=TODAY)
    assert statuses(outreach) == {
        **dict.fromkeys(["@c0", "@c1", "@c2"], "to ask today"),
        **dict.fromkeys(["@c3", "@c4"], "fallback"),
    }
    head = outreach.rows[0]
    assert (head.order, head.ask_on, head.answer_by, head.next_if_no) == (1, TODAY, date(2026, 12, 3), "@c3")
    assert row_of(outreach, "@c3").fallback_for == ("@c0", "@c1", "@c2")
    assert (outreach.to_ask, outreach.asked, outreach.agreed, outreach.spendable) == (30_000, 0, 0, 30_000)


def test_whoever_was_asked_has_until_the_last_day_to_answer():
    outreach = listed(asked("@c0", 3), asked("@c1", 4))
    assert statuses(outreach) | {"@c3": "", "@c4": ""} == {
        **{"@c0": "asked", "@c1": "overdue", "@c2": "to ask today"},
        **{"@c3": "", "@c4": ""},
    }
    assert row_of(outreach, "@c0").answer_by == TODAY
    assert statuses(listed(asked("@c1", 4), reply_days=4))["@c1"] == "asked"


def test_a_day_that_was_agreed_with_the_creator_counts():
    told = Contract(creator="@c0", state=ContractState.OFFERED, asked=Asked(answer_by=TODAY + timedelta(days=9)))
    row = row_of(listed(told), "@c0")
    assert (row.status, row.ask_on, row.answer_by) == ("asked", None, date(2026, 12, 9))


@pytest.mark.parametrize("contract", [state("@c0", "declined"), asked("@c0", 9)])
def test_a_fallback_is_asked_once_its_creator_declined_or_let_the_day_pass(contract):
    outreach = listed(contract)
    assert statuses(outreach)["@c3"] == "to ask today"
    assert row_of(outreach, "@c3").fallback_for == ("@c0",)
    assert row_of(outreach, "@c0").next_if_no == "@c3"
    assert statuses(outreach)["@c4"] == "fallback"
    assert row_of(outreach, "@c1").next_if_no == "@c4"


def test_the_second_fallback_is_asked_once_the_first_is_out_too():
    outreach = listed(state("@c0", "declined"), asked("@c3", 8))
    assert (statuses(outreach)["@c3"], statuses(outreach)["@c4"]) == ("overdue", "to ask today")
    assert row_of(outreach, "@c3").next_if_no == "@c4"
    outreach = listed(state("@c0", "declined"), state("@c3", "declined"), state("@c4", "declined"))
    assert outreach.notes == ("no fallback is left to ask for @c0: make the next plan with microopt replan",)


def test_two_places_take_two_fallbacks():
    outreach = listed(state("@c0", "declined"), state("@c1", "declined"))
    assert {row.creator: row.fallback_for for row in outreach.rows if row.fallback_for} == {
        "@c3": ("@c0",),
        "@c4": ("@c1",),
    }
    assert "run microopt replan first" in outreach.warnings[0]


def test_whoever_is_asked_for_one_place_is_nobodys_plan_b():
    outreach = listed(asked("@c0", 9), state("@c1", "declined"))
    assert (row_of(outreach, "@c3").fallback_for, row_of(outreach, "@c4").fallback_for) == (("@c1",), ("@c0",))
    assert row_of(outreach, "@c3").next_if_no == ""


def test_a_fallback_who_accepted_fills_the_place():
    outreach = listed(state("@c0", "declined"), state("@c3", "signed"))
    assert statuses(outreach)["@c3"] == "accepted"
    assert row_of(outreach, "@c3").fallback_for == ("@c0",)
    assert statuses(outreach)["@c4"] == "fallback"


def test_nobody_is_asked_whom_the_budget_does_not_pay_if_all_say_yes():
    other = Contract(creator="@somebody", state=ContractState.OFFERED, fee=15_000, asked=Asked(day=TODAY))
    outreach = listed(other)
    assert statuses(outreach) == {
        "@c0": "to ask today",
        **{"@somebody": "asked", "@c1": "to ask later", "@c2": "to ask later"},
        **{"@c3": "fallback", "@c4": "fallback"},
    }
    assert outreach.asked + outreach.to_ask <= outreach.spendable


def ruled(*rules):
    """Return the three best of six under rules, with money for all six, and with two fallbacks for each."""
    return first(*rules, budget=60_000, declines=DeclineSettings(fallbacks=2))[1]


@pytest.mark.parametrize("rule", ["all count 1..3", "tier:micro,nano count <= 3", "all spend <= 300"])
def test_nobody_is_asked_with_whom_a_rule_would_be_broken_if_all_say_yes(rule):
    plan_with_room = ruled(rule)
    outside = asked("@c3", 0)
    outreach = listed(outside, state("@c0", "signed"), of=plan_with_room)
    assert statuses(outreach) | {"@c4": ""} == {
        **{"@c0": "accepted", "@c1": "to ask today", "@c2": "to ask later", "@c3": "asked", "@c4": ""}
    }
    assert row_of(outreach, "@c2").waits_for == rule
    assert f"ask @c2 later: {rule!r} would be broken if they and everyone who was asked said yes" in outreach.notes


def test_a_rule_that_is_broken_by_those_who_were_asked_is_told():
    outreach = listed(*(asked(f"@c{number}", 0) for number in range(4)), of=ruled("all count <= 3"))
    assert any("says yes, 'all count <= 3' is broken: withdraw an offer" in note for note in outreach.notes)


def test_a_rule_that_the_plan_cannot_judge_is_named():
    plan_of_tier = ruled("tier:micro,nano count <= 3", "all count <= 3")
    outreach = listed(asked("@somebody", 0), of=plan_of_tier)
    assert any(
        note
        == "the plan does not say what @somebody counts in 'tier:micro,nano count <= 3': microopt replan checks that"
        for note in outreach.notes
    )
    assert row_of(outreach, "@c2").waits_for == "all count <= 3"


def test_those_who_let_the_day_pass_are_counted_apart():
    outreach = listed(asked("@c0", 9), asked("@c1", 9), state("@c3", "signed"))
    assert (outreach.overdue, outreach.overdue_creators) == (20_000, 2)
    sentences = [text for _, text in outreach_sentences(outreach)]
    assert sentences[1] == (
        "It costs $500 if the 2 overdue creators say yes too, more than the $300: withdraw their offers."
    )
    (known,) = (text for _, text in outreach_sentences(listed(asked("@c0", 9), of=ruled())) if "overdue" in text)
    assert known.startswith("It costs $") and known.endswith(" if the overdue creator says yes too.")


def test_an_agreed_fee_takes_the_place_of_the_quote():
    outreach = listed(state("@c0", "signed", fee=4_000))
    assert (outreach.agreed, row_of(outreach, "@c0").agreed_fee, row_of(outreach, "@c0").fee) == (4_000, 4_000, 10_000)


def test_money_paid_to_somebody_who_declined_is_gone():
    assert listed(state("@c0", "declined", paid=5_000)).spendable == 25_000


def test_who_was_asked_on_an_unknown_day_counts_from_today_and_is_named():
    outreach = listed(state("@c0", "offered"))
    assert (row_of(outreach, "@c0").ask_on, row_of(outreach, "@c0").status) == (TODAY, "asked")
    assert outreach.notes == ("nothing says when @c0 was asked, so their days count from today: fill in ask_on",)


def test_a_creator_without_a_known_price_is_named():
    outreach = listed(asked("@somebody", 0))
    assert outreach.notes == ("the plan knows no price of @somebody, who is counted with nothing",)


@pytest.mark.parametrize("what", ["declined", "proposed"])
def test_whoever_neither_the_plan_nor_its_fallbacks_name_is_told(what):
    outreach = listed(state("@nobody", what), state("@c3", "declined"))
    assert outreach.notes == ("neither the plan nor its fallbacks name @nobody: check the spelling",)
    running = CampaignProgress(contracts=(state("@nobody", "declined"),))
    known = replace(plan(), campaign=replace(plan().campaign, running=running))
    assert listed(state("@nobody", what), of=known).notes == ()


def test_several_places_at_once_are_a_reason_to_plan_first():
    assert listed(state("@c0", "declined")).warnings == ()
    outreach = listed(state("@c0", "declined"), state("@c1", "declined"))
    assert outreach.warnings == (
        "2 places go to fallbacks at once, and each fallback was chosen as if only one place opened: run microopt "
        "replan first, which may choose others and checks all rules",
    )
    text = outreach_table(outreach, Screen(width=80))
    assert text.index("run microopt replan first") < text.index("@c2")


def test_a_rule_that_a_late_yes_would_break_is_told():
    limited = replace(plan(), campaign=replace(plan().campaign, rules=(parse_rule("all count <= 3"),)))
    told = (
        "if the overdue creator says yes too, 'all count <= 3' is broken: withdraw their offers before you ask others"
    )
    assert listed(asked("@c0", 9), of=limited).warnings == (told,)
    assert listed(asked("@c0", 1), of=limited).warnings == ()


def test_a_list_of_a_day_before_its_offers_says_so():
    outreach = listed(asked("@c0", 0), as_of=TODAY - timedelta(days=1))
    assert outreach.warnings == ("@c0 was asked after 2026-11-29, the day of this list: check --as-of",)
    assert listed(asked("@c0", 0)).warnings == ()


def test_no_name_or_reason_is_cut_on_a_usual_screen():
    outreach = listed(state("@c0", "declined"))
    names = {"creator": "@a.name.of.23.letters..", "fallback_for": ("@another.long.name",)}
    long = tuple(replace(row, **names) for row in outreach.rows)
    text = outreach_table(replace(outreach, rows=long), Screen(width=80))
    assert "…" not in text and "@a.name.of.23.letters.." in text and "@another.long.name" in text


def test_what_the_plan_knows_holds_until_a_file_says_another():
    running = CampaignProgress(contracts=(asked("@c0", 1), state("@c1", "signed")))
    known = replace(plan(), campaign=replace(plan().campaign, running=running))
    assert statuses(build_outreach(known, as_of=TODAY))["@c0"] == "asked"
    outreach = listed(state("@c0", "declined"), of=known)
    assert (statuses(outreach)["@c0"], statuses(outreach)["@c1"]) == ("declined", "accepted")


def test_without_fallbacks_the_list_is_that_of_the_plan():
    outreach = listed(state("@c0", "declined"), of=naming(plan()))
    assert statuses(outreach) == {"@c1": "to ask today", "@c2": "to ask today", "@c0": "declined"}
    assert "no fallback is left" in outreach.notes[0]


def test_the_list_can_be_filled_in_and_read_again(tmp_path):
    path = tmp_path / "outreach.csv"
    text = outreach_file(listed(asked("@c1", 9)))
    path.write_text(text.replace("to ask today", "declined", 1), encoding="utf-8")
    read = read_states(str(path))
    assert read.notes == ()
    assert {each.creator: each.state.value for each in read.contracts} == {
        **{"@c0": "declined", "@c1": "offered", "@c2": "proposed"},
        **{"@c3": "proposed", "@c4": "proposed"},
    }
    (second,) = (each for each in read.contracts if each.creator == "@c1")
    assert second.asked == Asked(day=date(2026, 11, 21), answer_by=date(2026, 11, 24))


def test_a_no_in_the_list_is_for_every_offer_of_the_creator(tmp_path):
    path = tmp_path / "filled.csv"
    header = "creator,platform,offer,status,next_if_no\n"
    path.write_text(f"{header}a,tiktok,video,declined,b\nb,tiktok,video,declined,\nb,tiktok,story,asked,\n", "utf-8")
    contracts = read_states(str(path)).contracts
    assert [(each.creator, each.offer, each.state.value) for each in contracts] == [
        ("a", None, "declined"),
        ("b", "video", "declined"),
        ("b", "story", "offered"),
    ]


PEOPLE = ["@c0", "@c1", "@c2", "@c3", "@c4"]


@settings(CALM, max_examples=examples(150))
@given(st.data())
def test_whatever_the_answers_the_money_holds_and_fallbacks_come_in_order(tmp_path_factory, data):
    contracts = [
        asked(name, data.draw(st.integers(0, 6)), data.draw(st.sampled_from(STATES)).value)
        for name in data.draw(st.lists(st.sampled_from(PEOPLE), unique=True))
    ]
    outreach = listed(*contracts)
    if outreach.agreed + outreach.asked <= outreach.spendable:
        assert outreach.agreed + outreach.asked + outreach.to_ask <= outreach.spendable
    else:
        assert outreach.to_ask == 0
    status, named = statuses(outreach), {each.creator: each.substitutes for each in plan().fallbacks}
    out = {name for name, word in status.items() if word in ("declined", "overdue")}
    for row in outreach.rows:
        if row.creator in ("@c3", "@c4") and row.status is OutreachStatus.TO_ASK:
            (place,) = row.fallback_for
            earlier = [each.creator for each in named[place]][: [e.creator for e in named[place]].index(row.creator)]
            assert place in out
            assert all(name in out or row_of(outreach, name).fallback_for for name in earlier)
    assert len({row.order for row in outreach.rows}) == len({match_key(row.creator) for row in outreach.rows})
    path = tmp_path_factory.mktemp("lists") / "list.csv"
    path.write_text(outreach_file(outreach), encoding="utf-8")
    again = listed(*read_states(str(path)).contracts)
    assert [replace(row, agreed_fee=None) for row in again.rows if row.status not in (*AGREED, "declined")] == [
        replace(row, agreed_fee=None) for row in outreach.rows if row.status not in (*AGREED, "declined")
    ]
    assert statuses(again) == status
    assert (again.agreed, again.asked, again.to_ask) == (outreach.agreed, outreach.asked, outreach.to_ask)


def test_a_plan_without_fallbacks_says_how_to_get_them():
    hint = "plan with --fallbacks 3"
    assert not any(hint in text for _, text in outreach_sentences(listed()))
    alone = replace(plan(), fallbacks=())
    assert any(hint in text for _, text in outreach_sentences(listed(of=alone)))

"""A rule on each wave is one row, of the wave that is nearest to the limit."""

from fractions import Fraction

from microopt.rendering.language.language import find_language
from microopt.rendering.story.rule_words import told_rules
from microopt.rendering.wording.rules import rule_rows
from microopt.rendering.wording.rules_of_waves import shown_rules
from tests.inflight.test_wave_contracts import night, posts, state, team
from tests.inflight.test_wave_contracts import plan_of as plan_over_waves
from tests.planning.test_rules_in_time import plan_of

BEAUTY = "niche:beauty count >= 1 each wave"


def rows(plan, **options):
    return [(row.label, row.used, row.allowed) for row in rule_rows(plan, **options)]


def test_the_wave_nearest_to_the_limit_stands_for_all():
    plan = plan_of(BEAUTY, "niche:beauty count <= 1 in 2027-02", "all count <= 9")
    assert rows(plan) == [
        (BEAUTY, "1 in 2027-02", ">= 1"),
        ("niche:beauty count <= 1 in 2027-02", "1", "<= 1"),
        ("all count <= 9", "3", "<= 9"),
    ]


def test_waves_with_the_same_are_not_told_apart():
    (shown,) = shown_rules(plan_of(BEAUTY))
    assert (shown.use.label, shown.use.used, shown.wave) == (BEAUTY, 3, "")


def test_with_details_each_wave_has_its_row():
    assert [label for label, _, _ in rows(plan_of(BEAUTY), each_wave=True)] == [
        f"niche:beauty count >= 1 in 2027-0{month}" for month in (1, 2, 3)
    ]


def test_a_client_reads_the_rule_in_words_and_the_wave():
    plan = plan_of(BEAUTY, "niche:beauty count <= 1 in 2027-02")
    first, _ = told_rules(plan, find_language("en"))
    assert (first.label, first.used) == ("At least 1 creator in beauty in each wave", "1 in 2027-02")
    german, _ = told_rules(plan, find_language("de"))
    assert german.label == "Mindestens 1 Creator im Themenfeld beauty in jeder Welle"


def test_a_broken_soft_rule_shows_its_worst_wave():
    soft = "all count >= 3 each wave (soft 0.01%)"
    plan = plan_of(soft, "all count <= 1 in 2027-02", "all count <= 2 in 2027-03")
    shown = shown_rules(plan)[0]
    assert (shown.use.label, shown.use.used, shown.use.beyond, shown.wave) == (soft, 1, Fraction(2), "2027-02")


def test_rules_that_keep_open_offers_in_several_waves_are_one_row():
    listed = team(3)
    plan = plan_over_waves(listed, max_posts=2)
    asked = [state("@a", "offered", wave) for creator, wave in posts(plan) if creator == "@a"]
    after = night(plan, listed, "2026-12-01", *asked)
    assert len(asked) == 2
    assert [label for label, *_ in rows(after)] == ["open offers kept"]
    waves = sorted(contract.wave for contract in asked)
    assert [label for label, *_ in rows(after, each_wave=True)] == [f"open offers kept in {wave}" for wave in waves]
    assert len(list(told_rules(after, find_language("en")))) == 1

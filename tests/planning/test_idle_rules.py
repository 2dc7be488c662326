"""Exclusive creators who are not in the plan: it says so, and what it advises brings them in."""

from microopt.campaign.campaign import Campaign, Goal
from microopt.campaign.rule_grammar import parse_rule
from microopt.planning.optimize import optimize
from microopt.rendering.wording.plan_figures import describe_binding, format_allowed
from tests.planning.wave_builders import calendar
from tests.solver.builders import roster


def plan_of(*rules, include=()):
    """Return the plan of three creators, of whom @a is the best, and all others together are better."""
    names = ["@a", "@b", "@c"]
    offers = roster(
        names,
        fee=[10_000] * 3,
        niche=["x", "y", "y"],
        numbers={"reach": [1_000.0, 900.0, 800.0]},
        followers=[9_000] * 3,
    )
    return optimize(
        offers,
        Campaign(
            budget=1_000_000,
            goal=Goal(name="reach"),
            calendar=calendar(2, max_posts=2, repetition=False),
            rules=tuple(map(parse_rule, rules)),
            include=include,
        ),
    )


def creators(plan):
    return {pick.creator for pick in plan.picks}


def about_idle(plan):
    return [note for note in plan.notes if "keeps nobody out" in note]


def test_an_exclusive_creator_who_is_not_in_the_plan_is_told_with_what_brings_them_in():
    plan = plan_of("creator:@a exclusive 60d")
    assert creators(plan) == {"@b", "@c"}
    (use,) = plan.rules
    assert (use.idle, format_allowed(use, "USD"), describe_binding(use, "USD")) == (True, "kept", "not in the plan")
    (note,) = about_idle(plan)
    assert note == (
        "creator:@a exclusive 60d keeps nobody out: @a is not in the plan (to have them in it: --include @a)"
    )
    brought = plan_of("creator:@a exclusive 60d", include=("@a",))
    assert "@a" in creators(brought)
    assert (brought.rules[0].idle, about_idle(brought)) == (False, [])


def test_several_creators_and_other_selectors_are_told_in_their_own_words():
    (note,) = about_idle(plan_of("creator:@a,@c exclusive 60d", "creator:@a,@c count <= 0"))
    assert note.endswith("@a and @c are not in the plan (to have them in it: --include @a --include @c)")
    (note,) = about_idle(plan_of("niche:x exclusive 60d"))
    assert note.endswith("nobody matching niche:x is in the plan (to have one: --rule 'niche:x count >= 1')")
    assert "@a" in creators(plan_of("niche:x exclusive 60d", "niche:x count >= 1"))


def test_a_selector_of_nobody_is_idle_and_has_no_advice():
    plan = plan_of("creator:@nobody exclusive 60d")
    assert ([use.idle for use in plan.rules], about_idle(plan)) == ([True], [])


def test_other_rules_are_never_idle():
    assert not any(use.idle for use in plan_of("creator:@a excludes creator:@b", "niche:z count <= 3").rules)

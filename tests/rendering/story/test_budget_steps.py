"""What each budget changes is told in words, and a flat frontier in one sentence."""

from msgspec.structs import replace

from microopt.rendering.language.language import find_language
from microopt.rendering.story.budget_steps import budget_steps, flat_sentence, is_flat
from tests.rendering.builders import frontier, frontier_point, metrics, pick, plan, report

ENGLISH = find_language("en")
OLD, OWN, NEW = (pick(creator=name, metrics=metrics(scale)) for name, scale in (("@old", 1), ("@own", 2), ("@new", 3)))


def steps(*points):
    of = plan((OWN, OLD))
    return budget_steps(report(of, frontier=frontier(of, *points)), ENGLISH)


def test_each_step_says_who_is_added_and_dropped_and_what_that_brings():
    first, second, third = steps(
        frontier_point(1_000_000, (OLD, OWN)),
        frontier_point(2_000_000, (NEW, OWN)),
        frontier_point(3_000_000, (NEW, OWN, OLD)),
    )
    assert first.sentence == "At $10,000, the plan has 2 creators."
    assert second.sentence == "At $20,000, @new replaces @old: +67% engagements, +67% conversions."
    assert [step.own for step in (first, second, third)] == [False, True, False]
    assert third.sentence == "At $30,000, @old is added: +20% engagements, +20% conversions."


def test_what_stays_the_same_is_said_to():
    same, other = steps(frontier_point(1_000_000, (OLD, OWN)), frontier_point(2_000_000, (OLD, OWN)))
    assert other.sentence == "At $20,000, the plan stays the same."
    assert same.changes == other.changes == ""


def test_the_same_creators_may_do_more():
    twice = replace(OWN, metrics=metrics(4))
    _, other = steps(frontier_point(1_000_000, (OWN,)), frontier_point(2_000_000, (twice,)))
    assert other.sentence == "At $20,000, the same creators do other work: +100% engagements, +100% conversions."


def test_fewer_creators_who_bring_more_do_more():
    twice = replace(OWN, metrics=metrics(4))
    _, other = steps(frontier_point(1_000_000, (OWN, OLD)), frontier_point(2_000_000, (twice,)))
    assert other.sentence == ("At $20,000, @old is dropped, and others do more: +33% engagements, +33% conversions.")


def test_a_budget_without_a_plan_says_why():
    none, late, first = steps(
        frontier_point(500_000, (), totals=None, status="infeasible"),
        frontier_point(600_000, (), totals=None, status="not looked at"),
        frontier_point(2_000_000, (OWN,)),
    )
    assert none.sentence == "At $5,000, no plan keeps the rules."
    assert late.sentence == "$6,000 was not looked at: time was up."
    assert first.sentence == "At $20,000, the plan has 1 creator."


def test_many_names_are_counted():
    many = tuple(replace(NEW, creator=f"@{number}") for number in range(6))
    _, step = steps(frontier_point(1_000_000, (OWN,)), frontier_point(2_000_000, (OWN, *many)))
    assert step.sentence.startswith("At $20,000, @0, @1, @2, and 3 others are added:")


def test_a_flat_frontier_is_one_sentence():
    of = plan((OWN, OLD))
    flat = report(of, frontier=frontier(of, *(frontier_point(cents, of.picks) for cents in (10**6, 2 * 10**6))))
    assert is_flat(flat)
    assert flat_sentence(flat, ENGLISH) == (
        "Any budget from $10,000 to $20,000 gives the same plan: money is not what limits it."
    )
    open_points = (frontier_point(cents, of.picks, status="feasible", bound=9) for cents in (10**6, 2 * 10**6))
    assert flat_sentence(report(of, frontier=frontier(of, *open_points)), ENGLISH) == (
        "The best plan found is the same for any budget from $10,000 to $20,000."
    )
    assert not is_flat(report(of))
    assert flat_sentence(report(of), ENGLISH) == ""
    assert budget_steps(report(of, frontier=None), ENGLISH) == ()


def test_where_no_budget_buys_anything_money_is_the_limit():
    of = plan(())
    nothing = report(of, frontier=frontier(of, frontier_point(1_000_000, ()), frontier_point(2_000_000, ())))
    assert is_flat(nothing)
    assert flat_sentence(nothing, ENGLISH) == "The best plan found is the same for any budget from $10,000 to $20,000."

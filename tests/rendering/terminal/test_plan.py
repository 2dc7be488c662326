"""The table for a person: at every width, for every handle, in color and without."""

import re
from fractions import Fraction

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from microopt.campaign.rule_grammar import parse_rule
from microopt.plan.plan import Ideal, RulePrice
from microopt.rendering.sanitize import plain_text
from microopt.rendering.terminal.plan import plan_table
from microopt.rendering.terminal.screen import Screen
from tests.rendering.builders import (
    HOSTILE,
    TIERS,
    difference,
    facts,
    metrics,
    pick,
    picks,
    plan,
    proof,
    rule,
    suspicion,
)

WIDTHS = (80, 120)
NARROW, WIDE = Screen(width=80), Screen(width=120)
CODE = re.compile(r"\x1b|\x9b")


def too_wide(text, width):
    return [line for line in text.splitlines() if cell_len(line) > width]


def matching_lines(text, word):
    return [line for line in text.splitlines() if word in line]


@pytest.mark.parametrize("width", [80, 81, 99, 100, 117, 118, 120, 200])
def test_no_line_is_longer_than_the_screen(width):
    assert too_wide(plan_table(plan(), Screen(width=width)), width) == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_keeps_its_place_and_its_line(width, name):
    text = HOSTILE[name]
    first = pick(0, creator=text, offer=text, platform=text, niche=(text,), tier=text, region=text)
    sample = plan(
        [first, *picks(3)],
        rules=(rule(label=text),),
        warnings=(text,),
        notes=(text,),
        unspent_reason=text,
        campaign={"name": text},
    )
    output = plan_table(sample, Screen(width=width))
    assert too_wide(output, width) == []
    assert not any((ord(c) < 32 and c != "\n") or c in "\u2028\u2029\u202e\u2066\x7f\x85\x9b\ud800" for c in output)
    assert matching_lines(output, "$450")


@pytest.mark.parametrize("width", WIDTHS)
def test_markup_in_a_handle_is_shown_and_not_obeyed(width):
    output = plan_table(plan([pick(creator="[red]@a[/red]", offer=":x:")]), Screen(width=width))
    assert "[red]@a[/red]" in output
    assert ":x:" in output


@pytest.mark.parametrize("color", [False, True])
def test_a_roster_cannot_write_color_codes_of_its_own(color):
    text = "\x1b[35mpurple"
    sample = plan(
        [pick(creator=text)],
        rules=(rule(label=text),),
        warnings=(text,),
        notes=(text,),
        unspent_reason=text,
        proof=proof(proven_by=text),
        roster=facts(currency="SEK"),
    )
    assert "\x1b[35m" not in plan_table(sample, Screen(width=120, color=color))


@pytest.mark.parametrize("width", WIDTHS)
def test_no_color_codes_where_color_is_off(width):
    assert not CODE.search(plan_table(plan(), Screen(width=width)))


def test_color_changes_nothing_but_the_colors():
    colored = plan_table(plan(), Screen(width=120, color=True))
    assert CODE.search(colored)
    plain = "\n".join(line.rstrip() for line in re.sub(r"\x1b\[[\d;]*m", "", colored).split("\n"))
    assert plain == plan_table(plan(), WIDE)


LARGE = [
    ("USD", 1_234_567_89, 1_000),
    ("SEK", 98_765_432_10, 100_000),
    ("JPY", 123_456_789_00, 1),
    ("USD", 999_999_999_99, 7_654_321),
    ("USD", 1, 1),
]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("currency", "cost", "scale"), LARGE)
def test_figures_are_never_cut_however_large(width, currency, cost, scale):
    chosen = picks(5, fee=cost, cost=cost, metrics=metrics(scale), creator="@" + "n" * 60, fee_estimated=True)
    output = plan_table(plan(chosen, roster=facts(currency=currency)), Screen(width=width))
    assert too_wide(output, width) == []
    rows = [line for line in output.splitlines() if line.startswith("@nn")]
    assert len(rows) == 5
    for row in rows:
        fee, *rest = row.partition("~")[2].split()
        assert re.search(r"\d", fee)
        assert "…" not in fee + "".join(rest)


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_the_fee_stays_on_the_narrowest_screen(width):
    output = plan_table(plan(picks(5, fee=10**13, cost=10**13)), Screen(width=width))
    assert output.count("$100,000,000,000 ") + output.count("$100,000,000,000\n") == 5


@pytest.mark.parametrize("width", WIDTHS)
def test_every_pick_has_its_tier_from_the_largest(width):
    rows = matching_lines(plan_table(plan(picks(10)), Screen(width=width)), "@creator.")
    assert [row.split()[1] for row in rows] == [tier.capitalize() for tier in TIERS for _ in range(2)]
    assert [row.split()[0] for row in rows[:2]] == ["@creator.0", "@creator.5"]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_table_begins_with_the_answer_and_then_says_what_was_planned(width):
    output = plan_table(plan(), Screen(width=width))
    assert output.startswith("$3,150 -> 6,300 engagements · 14 conversions\nProven best for your goal and rules: ")
    for word in ("Creator", "Tier", "Post", "Cost", "Reach", "CPE", "CPA", "Mix", "Rule", "used", "allowed"):
        assert word in output
    for text in ("Spring launch", "900 creators", "budget $20,000", "goal balanced", "than picking by engagement rate"):
        assert text in output
    assert "$16,850 left: the cheapest creator who would improve the plan costs $35." in " ".join(output.split())


def test_the_title_leaves_out_what_does_not_fit_and_details_tell_all_of_it():
    long = plan(campaign={"name": "A campaign whose name is rather long"})
    title = matching_lines(plan_table(long, NARROW), "A campaign")
    assert title == ["A campaign whose name is rather long · budget $20,000 · goal balanced"]
    everything = " ".join(plan_table(long, NARROW, details=True).split())
    assert "long · roster.csv · 900 creators (12 filtered out) · budget $20,000 · goal balanced" in everything


def test_details_tell_the_proof_and_every_warning():
    sample = plan(warnings=("one", "two", "three", "four"))
    short, long = (" ".join(plan_table(sample, WIDE, details=details).split()) for details in (False, True))
    assert "Warning: three." in short
    assert "Warning: four." not in short
    assert "How it was proven, 1 more warning and 1 more note: --details." in short
    assert "Warning: four." in long
    assert "Proven optimal in 0.31 s" in long
    assert "Proven optimal" not in short
    assert "--details" not in long


def test_a_wide_page_adds_impressions_and_cpm():
    assert "CPM" in plan_table(plan(), WIDE)
    assert "Impr." in plan_table(plan(), WIDE)
    assert "CPM" not in plan_table(plan(), NARROW)


def test_a_column_that_no_pick_fills_is_left_out():
    bare = tuple(replace(item, platform="", offer="", niche=()) for item in picks(3))
    output = plan_table(plan(bare), WIDE)
    assert "Post" not in output
    assert "Niche" not in output
    assert {"Post", "Niche"} <= set(plan_table(plan(picks(3)), WIDE).split())


def test_totals_sum_the_picks():
    total = matching_lines(plan_table(plan(picks(7)), WIDE), "7 creators ")[0]
    assert "$3,150" in total
    assert "6,300" in total
    assert " 14 " in total


def test_the_mix_gives_each_tier_its_shares():
    chosen = (pick(0, cost=30_000), pick(3, cost=10_000, metrics=metrics(3)))
    mega, micro = (
        matching_lines(plan_table(plan(chosen), WIDE).split("Mix")[1], tier)[0] for tier in ("Mega", "Micro")
    )
    assert re.findall(r"\d+%", mega) == ["75%", "25%", "25%"]
    assert re.findall(r"\d+%", micro) == ["25%", "75%", "75%"]
    assert "█" in mega


def test_nearly_all_of_the_spend_is_not_called_all_of_it():
    chosen = (pick(0, cost=9_970_000), pick(3, cost=30_000, metrics=metrics(3)))
    mega, micro = (
        matching_lines(plan_table(plan(chosen), WIDE).split("Mix")[1], tier)[0] for tier in ("Mega", "Micro")
    )
    assert ">99%" in mega
    assert "<1%" in micro


def test_sixty_picks_are_all_shown():
    output = plan_table(plan(picks(60)), NARROW)
    assert len(matching_lines(output, "@creator.")) == 60
    assert "more: write them all" not in output


def test_of_more_than_sixty_picks_fifty_are_shown_and_the_rest_is_somewhere():
    output = plan_table(plan(picks(61)), NARROW)
    assert len(matching_lines(output, "@creator.")) == 50
    assert "11 more" in output
    assert "-o plan.csv" in output
    assert "61 creators" in output


@pytest.mark.parametrize(("count", "hinted"), [(50, False), (51, True)])
def test_many_picks_bring_a_hint_at_fewer(count, hinted):
    output = plan_table(plan(picks(count)), WIDE)
    assert (f"{count} creators is a lot to manage: --creators ..20 limits them." in output) is hinted


def test_a_number_of_creators_that_a_rule_sets_is_not_called_too_many():
    rules = (parse_rule("all count 40..120"),)
    assert "a lot to manage" not in plan_table(plan(picks(51), campaign={"rules": rules}), WIDE)


def test_estimated_fees_are_marked_and_explained():
    output = plan_table(plan([pick(fee_estimated=True)]), NARROW)
    assert "~$450" in output
    assert "~ fee estimated" in output
    assert "~" not in plan_table(plan([pick()]), NARROW)


@pytest.mark.parametrize("width", WIDTHS)
def test_an_empty_plan_is_still_a_page(width):
    output = plan_table(plan([], baseline=None), Screen(width=width))
    assert output.startswith("$0 -> no creators\n")
    assert "$20,000 left" in output
    assert too_wide(output, width) == []


def test_an_empty_plan_has_no_tables_of_nothing_and_its_reason_once():
    reason = "your rule each creator spend <= 20 allows nobody: @a (row 2) comes nearest, at $25"
    empty = plan((), mix={}, unspent_reason=reason, warnings=(f"the plan is empty: {reason}",))
    text = " ".join(plan_table(empty, Screen(width=80)).split())
    assert text.count("allows nobody") == 1
    assert "Creator " not in text
    assert "Mix " not in text


def test_one_creator_is_no_creators():
    assert re.search(r"^1 creator  ", plan_table(plan([pick()]), WIDE), re.MULTILINE)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_long_rule_folds_and_keeps_its_figures(width):
    label = "niche:" + ",".join(f"value-{number}" for number in range(60)) + " count 2..5"
    output = plan_table(plan(rules=(rule(label=label),)), Screen(width=width))
    assert too_wide(output, width) == []
    folded = "".join(line[: width - 42].strip() for line in output.split("allowed")[1].splitlines())
    assert "value-59" in folded.replace(" ", "")
    assert "2..5" in output


@pytest.mark.parametrize(
    ("value", "used", "allowed"),
    [
        (rule(at_least=None), "5", "<= 5"),
        (rule(used=Fraction(9, 20), at_least=None, at_most=Fraction(1, 2), share=True), "45%", "<= 50%"),
        (rule(used=Fraction(9_400), at_least=None, at_most=Fraction(9_500), money=True), "$9,400", "<= $9,500"),
        (rule(used=Fraction(9_400), at_least=Fraction(9_000), at_most=None, money=True), "$9,400", ">= $9,000"),
        (rule(used=None, at_least=None, at_most=None), "", "kept"),
        (rule(used=Fraction(0), at_least=Fraction(0), at_most=Fraction(0)), "0", "= 0"),
    ],
)
def test_a_rule_shows_what_it_used_and_allows(value, used, allowed):
    row = matching_lines(plan_table(plan(rules=(value,)), WIDE), value.label)[0].removeprefix(value.label)
    assert row.split(maxsplit=1)[0] == used or not used
    assert allowed in row


@pytest.mark.parametrize("width", WIDTHS)
def test_the_figures_of_a_rule_are_never_cut(width):
    money = [Fraction(amount) for amount in (1_234_567, 1_000_000, 2_000_000)]
    sample = rule("x" * 70, used=money[0], at_least=money[1], at_most=money[2], money=True, binding=True)
    output = plan_table(plan(rules=(sample,)), Screen(width=width))
    assert too_wide(output, width) == []
    assert re.search(r"\$1,234,567 +\$1,000,000\.\.\$2,000,000", output)


def test_a_binding_rule_says_so():
    assert "limit reached" in plan_table(plan(rules=(rule(binding=True),)), NARROW)
    assert "limit reached" not in plan_table(plan(rules=(rule(binding=False),)), NARROW)


def test_what_a_rule_costs_stands_in_a_column_or_on_a_narrow_screen_below_it():
    gain = difference(Fraction(1), metrics={**metrics(), "engagements": 630_000, "conversions": 0})
    labels = ("all count <= 9", "niche:beauty count 2..5")
    prices = (
        RulePrice(label=labels[0], status="optimal", change=gain),
        RulePrice(label=labels[1], status="optimal", change=difference(Fraction(0))),
    )
    sample = plan(rules=tuple(map(rule, labels)), rule_prices=prices)
    narrow = plan_table(sample, NARROW).splitlines()
    places = [next(number for number, line in enumerate(narrow) if line.startswith(label)) for label in labels]
    assert narrow[places[0] + 1] == "  Without it: +10% engagements"
    assert narrow[places[1] + 1] == "  Without it: no change"
    wide = plan_table(sample, WIDE).splitlines()
    assert [line.split("  ")[-1] for line in wide if line.startswith(labels)] == [
        "+10% engagements",
        "no change",
    ]


def test_a_plan_without_rules_has_no_table_of_them():
    assert "allowed" not in plan_table(plan(rules=()), WIDE)


def test_standard_input_is_named_in_words():
    source = facts().source
    overrides = facts(source=type(source)(path="-", sha256=source.sha256))
    assert "standard input" in plan_table(plan(roster=overrides), WIDE)


def test_an_unproven_plan_never_claims_to_be_optimal():
    stopped = proof(status="feasible", limit="time", bound=Fraction(2), seconds=60.0)
    output = plan_table(plan(proof=stopped), WIDE)
    assert "Not proven best (stopped at the time limit): a plan up to 6.96% better may exist." in output
    assert "Proven" not in output
    details = " ".join(plan_table(plan(proof=stopped), WIDE, details=True).split())
    assert "Not proven optimal (stopped at the time limit after 60.00 s)" in details
    assert "6.96% better" in details
    assert "Proven" not in details


def test_an_ideal_that_was_not_proven_is_said_with_care():
    ideal = Ideal(metric="engagements", total=6_300_000, bound=12_600_000)
    assert "at least 50% of the best possible engagements" in plan_table(plan(ideals=(ideal,)), WIDE, details=True)


def test_plain_is_what_the_table_shows_of_a_handle():
    name = "@a\x1b[31mb\nc"
    assert plain_text(name) in plan_table(plan([pick(creator=name)]), WIDE)


def test_a_fee_out_of_proportion_is_named_before_the_table_and_only_there():
    fee = "$14 for 1.2M followers is 1/2,600 of the usual fee: is it $14,000?"
    sample = plan(suspicions=(suspicion("@x", code="suspicious-fee", text=fee), suspicion("@y")))
    lines = plan_table(sample, Screen(width=120)).splitlines()
    assert f"Warning: @x: {fee}" in lines[:5]
    assert lines.index(f"Warning: @x: {fee}") < lines.index("")
    assert sum(fee in line for line in lines) == 1
    assert sum("@y (5M likes, 20k followers)" in line for line in lines[-6:]) == 1

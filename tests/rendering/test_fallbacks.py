"""The fallbacks of a plan in tables and Markdown: compact, in order, and harmless whatever the names are."""

import io
import zipfile
from fractions import Fraction

import pytest
from msgspec.structs import replace

from microopt.analysis.report.result import report_of_plan
from microopt.campaign.progress import CampaignProgress
from microopt.campaign.rule_grammar import parse_rule
from microopt.plan.fallbacks import Fallback, Substitute, SubstituteOffer
from microopt.rendering.html.page import report_html
from microopt.rendering.markdown import plan_markdown
from microopt.rendering.plan_b_markdown import plan_b_markdown
from microopt.rendering.terminal.plan import plan_table
from microopt.rendering.terminal.plan_b import plan_b_table
from microopt.rendering.terminal.screen import Screen
from microopt.rendering.wording.fallbacks import fallback_notes
from microopt.rendering.workbook.workbook import report_xlsx
from tests.rendering.builders import HOSTILE, decline_case, difference, plan, plan_b
from tests.rendering.wording.test_after_declines import AFTER


def substitute(name, cost=42_000, share=Fraction(-3, 100), **facts):
    offer = SubstituteOffer(offer="reel", platform="instagram", units=1, fee=cost, cost=cost)
    change = replace(difference(share), share=share, spend=-1_000)
    return Substitute(creator=name, tier="micro", offers=(offer,), change=change, **facts)


def with_fallbacks(*fallbacks):
    return replace(plan(), fallbacks=fallbacks)


def test_substitutes_stand_in_the_order_in_which_to_ask():
    sample = with_fallbacks(Fallback(creator="@anna", substitutes=(substitute("@ben"), substitute("@cleo", 30_000))))
    assert "@anna            @ben $420 (-3.0%), @cleo $300 (-3.0%)" in plan_table(sample, Screen(width=80))
    assert "| @anna | @ben $420 (-3.0%), @cleo $300 (-3.0%) |" in plan_markdown(sample)


def test_it_is_said_why_nobody_can_take_a_place():
    nobody = (
        Fallback(creator="@anna", substitutes=(), broken=("niche:beauty count >= 2",)),
        Fallback(creator="@ben", substitutes=(), without=replace(difference(Fraction(-1, 10)), share=Fraction(-1, 10))),
    )
    text = plan_table(with_fallbacks(*nobody), Screen(width=120))
    assert "nobody alone, because of niche:beauty count >= 2; see microopt plan-b" in text
    assert "no one else within your rules adds to the plan (-10% without them)" in text


def test_who_is_named_twice_and_who_may_decline_too_are_told():
    likely = substitute("@ben", acceptance=Fraction(7, 10))
    text = plan_table(
        with_fallbacks(*(Fallback(creator=name, substitutes=(likely,)) for name in ("@a", "@b"))), Screen(width=120)
    )
    assert "@ben $420 (-3.0%, 70% likely to accept)" in text
    assert "takes the first place that opens" in text


def better_note(**facts):
    """Return what is said of a substitute with whom the plan would be better."""
    fallback = Fallback(creator="@anna", substitutes=(substitute("@ben", share=Fraction(22, 1000)),))
    sample = replace(plan(), fallbacks=(fallback,), **facts)
    return [note for note in fallback_notes(sample) if "would be better" in note]


def test_it_is_said_why_a_substitute_with_whom_the_plan_would_be_better_is_not_in_it():
    sample = plan()
    told = "With @ben in the place of @anna the plan would be better. @ben was left out because "
    required = replace(sample.campaign, include=("Anna",))
    assert better_note(campaign=required) == [f"{told}you require @anna, unless they decline."]
    running = CampaignProgress(stability=("in_last_plan:yes count >= 8", "in_last_plan:yes count >= 9 (soft 0.5%)"))
    kept = replace(sample.campaign, running=running)
    assert better_note(campaign=kept) == [f"{told}in_last_plan:yes count >= 8 must hold, unless somebody declines."]
    own = CampaignProgress(stability=("open_offer:yes count >= 10", "taken_fallback:yes count >= 4"))
    (note,) = better_note(campaign=replace(sample.campaign, running=own))
    assert note == f"{told}open offers and substitutes are kept."
    early = replace(sample.proof, status="feasible")
    assert better_note(proof=early) == [f"{told}the search ended before it found that plan."]
    after = replace(AFTER, share=Fraction(1, 2))
    assert better_note(after_declines=after)[0].startswith(
        f"{told}the plan was chosen for what it brings after declines"
    )
    assert better_note() == []
    cheapest = replace(sample.campaign, goal=replace(sample.campaign.goal, name="least cost"), include=("@anna",))
    assert better_note(campaign=cheapest) == []  # it would cost more


def test_several_for_one_place_are_named_only_where_the_plan_may_have_more_creators():
    dear = replace(substitute("@ben", 10_000), change=replace(difference(Fraction(-1, 10)), spend=-50_000))
    sample = with_fallbacks(Fallback(creator="@anna", substitutes=(dear,)))
    assert "microopt plan-b plan.json @anna." in " ".join(fallback_notes(sample))
    assert "microopt plan-b 'my plan.json' @anna." in plan_table(sample, Screen(width=200), file="my plan.json")
    everyone = len({pick.creator for pick in sample.picks})
    full = replace(sample, campaign=replace(sample.campaign, rules=(parse_rule(f"all count 1..{everyone}"),)))
    assert not any(note.startswith("Several creators together") for note in fallback_notes(full))
    in_wave = replace(sample.campaign, rules=(parse_rule(f"all count 1..{everyone} in first wave"),))
    assert any(
        note.startswith("Several creators together") for note in fallback_notes(replace(sample, campaign=in_wave))
    )


def test_a_plan_without_fallbacks_says_nothing_of_them():
    assert "If they decline" not in plan_table(plan(), Screen()) + plan_markdown(plan())


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_hostile_names_do_no_harm(name):
    sample = with_fallbacks(Fallback(creator=name, substitutes=(substitute(name),), broken=(name,)))
    case = decline_case(name, clash=(name,))
    for text in (plan_table(sample, Screen(width=80)), plan_b_table(plan_b(case), Screen(width=80))):
        assert "\x1b" not in text and "\u202e" not in text
    for text in (plan_markdown(sample), plan_b_markdown(plan_b(case, paired=(name,)))):
        assert "<script" not in text and "\x1b" not in text


@pytest.mark.parametrize("width", [60, 80, 120])
def test_nothing_is_wider_than_the_screen(width):
    long = "@a_creator_with_a_name_that_is_much_longer_than_others"
    sample = with_fallbacks(Fallback(creator=long, substitutes=(substitute(long), substitute("@b"))))
    named = plan_b(decline_case(long), asked=(long,), freely=decline_case(long, keeps_rest=False), after=plan())
    for text in (
        plan_table(sample, Screen(width=width)),
        plan_b_table(named, Screen(width=width)),
        plan_b_table(plan_b(decline_case(long), decline_case(long, "@b")), Screen(width=width)),
    ):
        assert max(map(len, text.splitlines())) <= width


@pytest.mark.parametrize(("audience", "is_there"), [("team", True), ("client", False)])
def test_a_workbook_of_the_team_has_a_sheet_of_them(audience, is_there):
    anna = Fallback(creator="@anna", substitutes=(substitute("@ben", tight=("all count <= 2",)),))
    nobody = Fallback(creator="@eve", substitutes=(), broken=("tier:mega count >= 1",))
    sample = report_of_plan(with_fallbacks(anna, nobody))
    packed = report_xlsx(replace(sample, edition=replace(sample.edition, audience=audience)))
    with zipfile.ZipFile(io.BytesIO(packed)) as book:
        sheets, texts = (book.read(f"xl/{name}.xml").decode() for name in ("workbook", "sharedStrings"))
    assert ('name="Fallbacks"' in sheets) == is_there
    for text in ("@ben", "all count &lt;= 2", "nobody alone", "tier:mega count &gt;= 1"):
        assert (f">{text}<" in texts) == is_there


def test_what_an_interrupt_left_out_is_said_and_nothing_is_claimed():
    case = decline_case("@old", status="not looked at", change=None, booked=())
    text = plan_b_table(plan_b(case, asked=("@old",), stopped=True), Screen(width=120))
    assert "no plan that keeps everyone else was found in time" in text
    assert "Not everything was looked at" in text and "Proven" not in text


def test_the_page_of_the_team_names_whom_to_ask_and_the_client_s_does_not():
    likely = substitute("@ben", acceptance=Fraction(7, 10))
    nobody = Fallback(creator="@cleo", substitutes=(), broken=("niche:beauty count >= 2",))
    sample = with_fallbacks(Fallback(creator="@anna", substitutes=(likely,)), nobody)
    report = report_of_plan(sample)
    page = report_html(report)
    assert 'href="#fallbacks"' in page
    assert "@ben $420 (-3%, 70% likely to accept)" in page
    assert "nobody alone, because of niche:beauty count &gt;= 2" in page
    without_fees = report_html(replace(report, edition=replace(report.edition, fees=False)))
    assert "@ben (-3%, 70% likely to accept)" in without_fees
    assert "Wen bei einer Absage" in report_html(replace(report, edition=replace(report.edition, language="de")))
    assert 'id="fallbacks"' not in report_html(replace(report, edition=replace(report.edition, audience="client")))
    assert 'id="fallbacks"' not in report_html(report_of_plan(plan()))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_name_of_a_substitute_leaves_its_place_on_the_page(text):
    sample = with_fallbacks(Fallback(creator=text, substitutes=(substitute(text),)))
    assert "<script>alert" not in report_html(report_of_plan(sample))

"""Every text of a page, a workbook, slides and pictures has a translation, which fills the same places."""

import string
import subprocess
import sys
from datetime import date
from fractions import Fraction
from gettext import NullTranslations
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from msgspec.structs import replace

from microopt.analysis.report.result import CLIENT, CreatorProfile, Edition, Negotiation
from microopt.campaign.campaign import Goal
from microopt.campaign.progress import Contract, ContractState, Posting, PostResults
from microopt.campaign.report_settings import ReportSettings
from microopt.plan.plan import NetReach, RulePrice
from microopt.rendering import plan_renderer, report_renderer
from microopt.rendering.language.language import find_language
from tests.rendering.builders import (
    added_creator,
    dropped_creator,
    frontier,
    frontier_point,
    pick,
    picks,
    plan,
    proof,
    replanned,
    report,
    rule,
)

ROOT = Path(__file__).parents[3]
GERMAN = "de"


def messages(code=GERMAN):
    with files("microopt.rendering.language").joinpath(f"{code}.po").open("rb") as source:
        return [message for message in read_po(source, locale=code) if message.id]


def places(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def forms(message):
    """Yield each translation of a message with the English text that it stands for."""
    if isinstance(message.id, tuple):
        yield from zip(message.id, message.string, strict=True)
    else:
        yield message.id, message.string


def test_every_text_of_the_code_is_in_the_catalogue_and_translated():
    check = subprocess.run(
        [sys.executable, ROOT / "docs" / "make_texts.py", "--check"],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (check.returncode, check.stdout) == (0, "")


def test_translations_fill_the_same_places():
    assert len(messages()) > 300
    for message in messages():
        for english, german in forms(message):
            assert places(german) == places(english), message.id


def test_translations_begin_and_end_as_the_texts_do():
    for message in messages():
        for english, german in forms(message):
            assert german == german.strip(), message.id
            assert german.endswith((".", ":")) == english.endswith((".", ":")), message.id


def test_no_translation_has_an_english_apostrophe_or_quotation_mark():
    for message in messages():
        for _, german in forms(message):
            assert not {"’", '"', "'", "”"}.intersection(german), german


def test_comments_of_translators_stay_when_texts_change(tmp_path):
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        import make_texts
    finally:
        sys.path.remove(str(ROOT / "docs"))
    source = make_texts.CATALOGUES / "de.po"
    assert make_texts.updated(source, make_texts.collect()) == source.read_text(encoding="utf-8")
    assert "# Glossary" in source.read_text(encoding="utf-8")


class Strict(NullTranslations):
    """What is asked for a text that the catalogue lacks: it fails."""

    def gettext(self, message):
        raise AssertionError(f"no translation of {message!r}")

    def ngettext(self, one, many, count):
        raise AssertionError(f"no translation of {one!r}, {many!r}, {count}")


@pytest.fixture
def strict(monkeypatch):
    monkeypatch.setattr(find_language(GERMAN).catalogue, "_fallback", Strict())


STATED = {"report": ReportSettings(client="Weber", version="2", language=GERMAN, countries=("DE", "FR", "SE"))}


def many_creators():
    rare = pick(99, usual_fee=1_000, fee_high=True, units=2, niche=(), region="")
    return plan((*picks(19), rare), campaign={**STATED, "order_value": 4_500})


def with_costs():
    chosen = [pick(cost=60_000, extra_costs=dict.fromkeys(("usage", "handling", "travel"), 4_000)), pick(1)]
    money = {"budget": 200_000, "contingency": Fraction(1, 10)}
    return plan(chosen, campaign={**STATED, **money}, rule_prices=(RulePrice(label="budget", status="infeasible"),))


def of_least_cost():
    goal = Goal(name="least cost", targets={"engagements": Fraction(1)})
    unproven = proof(status="feasible", limit="time", objective=Fraction(3), bound=Fraction(2))
    return plan(campaign={**STATED, "goal": goal, "budget": None}, proof=unproven)


def of_different_people():
    net = NetReach(people=41_000_000, at_least=8_000_000, at_most=56_000_000, frequency=Fraction(2), outside_pools=0)
    return plan(campaign={**STATED, "goal": Goal(name="net reach")}, net_reach=net)


def of_worth():
    goal = Goal(name="worth", worths={"conversions": Fraction(30)})
    return plan(campaign={**STATED, "goal": goal}, rules=(rule(), rule("micro spend >= 30%", at_most=None)))


def running():
    chosen = [pick(creator="@a"), pick(creator="@b"), pick(creator="@c")]
    days = {"starts": date(2026, 5, 1), "ends": date(2026, 5, 24)}
    contracts = (
        Contract(creator="@a", state=ContractState.LIVE, offer="reel", fee=40_000, paid=1_000),
        Contract(creator="@b", state=ContractState.SIGNED, offer="reel", fee=40_000, posting=Posting(note="x")),
    )
    results = (PostResults(creator="@a", engagements=600.0, conversions=2.0),)
    switches = (added_creator(), dropped_creator())
    of = replanned(*switches, before=plan(chosen, campaign=STATED | days), contracts=contracts, results=results)
    progress = replace(of.campaign.running, as_of=date(2026, 5, 6))
    return replace(of, campaign=replace(of.campaign, running=progress))


PLANS = {
    "many creators": many_creators,
    "costs": with_costs,
    "least cost": of_least_cost,
    "different people": of_different_people,
    "worth": of_worth,
    "running": running,
    "empty": lambda: plan((), campaign=STATED),
}


def german_report(of, **edition):
    profiles = tuple(CreatorProfile(engagement_rate=0.03, contact="Kim") for _ in of.picks)
    told = Negotiation(pick=0, highest_fee=50_000, exact=True)
    points = (
        frontier_point(1_000_000, picks(2)),
        frontier_point(of.campaign.budget or 2_000_000, of.picks),
        frontier_point(4_000_000, (*of.picks, pick(77)), status="feasible"),
        frontier_point(5_000_000, status="infeasible", totals=None, objective=None, mix={}, creators=()),
    )
    return report(
        of,
        edition=Edition(language=GERMAN, **edition),
        profiles=profiles,
        negotiations=(told,) if of.picks else (),
        frontier=frontier(of, *points) if of.campaign.budget else None,
    )


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("edition", [{}, {"audience": CLIENT, "fees": False}], ids=["team", "client"])
@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("written", ["html", "xlsx", "pptx"])
def test_nothing_asks_for_a_text_that_the_catalogue_lacks(written, name, edition):
    assert report_renderer(written)(german_report(PLANS[name](), **edition))


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("written", ["svg", "square.svg"])
@pytest.mark.parametrize("name", PLANS)
def test_no_picture_asks_for_a_text_that_the_catalogue_lacks(written, name):
    assert plan_renderer(written)(PLANS[name]())


@pytest.mark.usefixtures("strict")
def test_the_strict_catalogue_fails_on_a_text_that_it_lacks():
    with pytest.raises(AssertionError, match="no translation of 'nothing says this'"):
        find_language(GERMAN).text("nothing says this")

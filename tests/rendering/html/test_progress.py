"""The tables of a campaign that runs are in the language of the page."""

from datetime import date
from fractions import Fraction

from msgspec.structs import replace

from microopt.analysis.report.result import Edition
from microopt.campaign.progress import Contract, ContractState, PostResults
from microopt.rendering.html.page import report_html
from microopt.rendering.html.progress import contracts_table, pacing_table
from microopt.rendering.language.language import find_language
from microopt.rendering.story.switches import switch_gain, switches_sentence, told_gain
from microopt.rendering.wording.replan import reportable_pacing
from microopt.rendering.workbook.workbook import report_xlsx
from tests.rendering.builders import added_creator, difference, dropped_creator, pick, plan, replanned, report
from tests.rendering.cells import cells

ENGLISH, GERMAN = find_language("en"), find_language("de-AT")
DAYS = {"starts": date(2026, 5, 1), "ends": date(2026, 5, 24)}


def running(*switches):
    before = plan([pick(creator="@a"), pick(creator="@b")], campaign=DAYS)
    signed = (Contract(creator="@b", state=ContractState.SIGNED, offer="reel", fee=40_000),)
    results = (PostResults(creator="@a", engagements=600.0, conversions=2.0),)
    of = replanned(*switches, before=before, contracts=signed, results=results)
    return replace(of, campaign=replace(of.campaign, running=replace(of.campaign.running, as_of=date(2026, 5, 6))))


def test_the_results_stand_beside_the_plan():
    table = pacing_table(running(), reportable_pacing(running()), ENGLISH)
    assert table.headings == ("Day 6 of 24", "First planned", "To date", "Share", "Projected", "Change")
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["Spend"][0] == "$20,000"
    assert rows["Engagements"][:3] == ("60K", "600", "1%")
    assert rows["Engagements"][4].startswith("−")


def test_without_fees_a_page_has_no_money_that_may_be_the_fee_of_the_only_creator_who_posted():
    of = running()
    assert 'class="figures money"' in report_html(report(of))
    page = report_html(report(of, edition=Edition(audience="client", fees=False)))
    assert 'id="verdict"' in page
    assert 'class="figures money"' not in page
    assert "Together" not in page
    rows = pacing_table(of, reportable_pacing(of), ENGLISH, fees=False).rows
    assert "Spend" not in [row[0] for row in rows]
    for fees in (True, False):
        sheet = cells(report_xlsx(report(of, edition=Edition(audience="client", fees=fees))))["So far"]
        assert ("Spend" in [cell.value for cell in sheet.values()]) is fees


def test_a_german_page_has_german_tables():
    of = running()
    pacing = reportable_pacing(of)
    assert pacing_table(of, pacing, GERMAN).headings[:3] == ("Tag 6 von 24", "Ursprünglich geplant", "Bisher")
    contracts = contracts_table(pacing, GERMAN)
    assert contracts.headings[:3] == ("Creator", "Status", "Interaktionen geplant")
    assert contracts.rows[0][:2] == ("@b", "unterschrieben")


def test_who_was_exchanged_is_told():
    of = running(added_creator(), dropped_creator())
    assert switches_sentence(of.replan, ENGLISH) == "Since the last plan: 1 added, 1 dropped."
    assert switches_sentence(of.replan, GERMAN) == "Seit dem letzten Plan: 1 dazugekommen, 1 entfallen."
    assert [switch_gain(one, GERMAN) for one in of.replan.switches] == ["-", "notwendig"]
    assert switches_sentence(running().replan, GERMAN).startswith("Seit dem letzten Plan ist niemand")


def test_what_all_switches_gain_is_in_the_language_of_the_page():
    switches = running(added_creator(), dropped_creator()).replan
    for share, english, german in (
        (Fraction(1, 10), "This plan brings 10% more than keeping", "Dieser Plan bringt 10\xa0% mehr"),
        (Fraction(-1, 10), "This plan brings 10% less than keeping", "Dieser Plan bringt 10\xa0% weniger"),
        (Fraction(0), "The best plan keeps everyone", "Im besten Plan bleiben alle"),
    ):
        told = replace(switches, gain=difference(share, share=share), obstacle="")
        assert told_gain(told, ENGLISH).startswith(english)
        assert told_gain(told, GERMAN).startswith(german)
    assert told_gain(replace(switches, switches=()), ENGLISH) == ""

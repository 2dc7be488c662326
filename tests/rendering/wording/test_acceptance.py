"""What is said of plans some of whose creators may say no."""

import io
import zipfile
from fractions import Fraction

from msgspec.structs import replace

from microopt.analysis.report.result import report_of_plan
from microopt.plan.expected_spend import can_decline, expected_spend
from microopt.plan.likely_range import LikelyRange
from microopt.rendering.data.csv import plan_csv
from microopt.rendering.html.page import report_html
from microopt.rendering.terminal.plan import plan_table
from microopt.rendering.terminal.screen import Screen
from microopt.rendering.wording.acceptance import acceptance_sentences, earnings_after_declines
from microopt.rendering.wording.plan_sentences import plan_sentences
from microopt.rendering.workbook.workbook import report_xlsx
from tests.rendering.builders import pick, plan


def declining(*chances, **facts):
    chosen = tuple(
        pick(number, acceptance=chance, cost=100_000, fee=100_000, revenue=180_000)
        for number, chance in enumerate(chances)
    )
    return plan(chosen, **facts)


def test_expected_spend_is_the_sum_of_chance_times_cost():
    found = expected_spend(declining(Fraction(1, 2), Fraction(4, 5), Fraction(1)))
    assert found is not None
    assert (found.spend, found.creators) == (230_000, Fraction(23, 10))


def test_two_offers_of_a_creator_are_accepted_together():
    both = (pick(0, acceptance=Fraction(1, 2)), pick(0, offer="video", acceptance=Fraction(1, 2)))
    found = expected_spend(plan(both))
    assert found is not None
    assert found.creators == Fraction(1, 2)


def test_nothing_is_said_where_everyone_is_sure():
    for chances in ((None, None), (Fraction(1), None)):
        sure = declining(*chances)
        assert not can_decline(sure)
        assert not [*acceptance_sentences(sure), *filter(None, [earnings_after_declines(sure)])]
        assert "chance_of_yes" not in plan_csv(sure)
        assert "Chance of yes" not in plan_table(sure, Screen(width=200))


def test_the_sentence_names_the_expected_spend_and_that_if_all_accept():
    [(kind, sentence)] = acceptance_sentences(declining(Fraction(1, 2), Fraction(4, 5)))
    assert kind == "fact"
    assert sentence == (
        "Results count that some decline: of 2 creators, about 1.3 accept (65%), which costs $1,300 on average. "
        "If all accept, the plan costs $2,000."
    )


def test_tables_show_the_chance_of_yes():
    may_decline = declining(Fraction(1, 2), None)
    assert "Chance of yes" in plan_table(may_decline, Screen(width=200))
    header, first, second, *_ = plan_csv(may_decline).splitlines()
    assert header.endswith(",chance_of_yes")
    assert {first.rpartition(",")[2], second.rpartition(",")[2]} == {"0.500", "1.000"}


def test_earnings_say_which_cost_they_count():
    may_decline = declining(Fraction(1, 2), Fraction(4, 5))
    earning = plan(may_decline.picks, totals=_with_revenue(may_decline))
    assert earnings_after_declines(earning) == (
        "ROAS counts the revenue after declines, but the cost if all accept, $2,000; at the expected spend of $1,300, "
        "ROAS is 2.77x."
    )


def test_earnings_name_the_profit_at_the_expected_spend():
    may_decline = declining(Fraction(1, 2), Fraction(4, 5))
    kept = plan(may_decline.picks, totals=_with_revenue(may_decline, profit=-20_000))
    assert earnings_after_declines(kept).endswith("ROAS is 2.77x and profit is $500.")


def _with_revenue(made, **facts):
    return replace(made.totals, revenue=360_000, **facts)


def test_the_page_of_the_team_has_the_chance_of_yes_and_the_client_s_only_what_it_means():
    may_decline = declining(Fraction(1, 2), Fraction(4, 5))
    report = report_of_plan(plan(may_decline.picks, totals=_with_revenue(may_decline)))
    page = report_html(report)
    assert 'data-label="Chance of yes" class="number">80%' in page
    client = report_html(replace(report, edition=replace(report.edition, audience="client")))
    assert "Chance of yes" not in client
    for text in (page, client):
        assert "65% of them accept on average, for a spend of $1,300; if all accept, it is $2,000." in text
        assert "at the spend of $1,300 that is then expected, ROAS is 2.77." in text
    sure = report_html(report_of_plan(declining(None, None)))
    assert "Chance of yes" not in sure
    assert "accept on average" not in sure


def test_details_say_what_the_likely_ranges_assume():
    ranged = plan(likely={"engagements": LikelyRange(low=1_000, high=9_000)})
    sentences = [text for _, text in plan_sentences(ranged)]
    [meaning] = [text for text in sentences if text.startswith("The likely ranges hold 8 of 10 outcomes")]
    assert "microopt simulate" in meaning
    final = plan(likely={"engagements": LikelyRange(low=1_000, high=1_000)})
    for silent in (plan(), final):
        assert not any("likely ranges hold" in text for _, text in plan_sentences(silent))


def test_the_workbook_of_the_team_has_the_chance_of_yes():
    report = report_of_plan(declining(Fraction(1, 2), Fraction(4, 5)))
    client = replace(report, edition=replace(report.edition, audience="client"))
    assert "Chance of yes" in _texts_of(report_xlsx(report))
    assert "Chance of yes" not in _texts_of(report_xlsx(client))
    assert "Chance of yes" not in _texts_of(report_xlsx(report_of_plan(declining(None, None))))


def _texts_of(book):
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        return "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))

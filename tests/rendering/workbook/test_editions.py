"""What each edition of a workbook shows: a team works in it, a client reads it, and single fees can be left out."""

import re

import pytest
from msgspec.structs import replace

from microopt.analysis.report.result import CLIENT, CreatorProfile, Edition, Report
from microopt.campaign.progress import CampaignProgress, Contract, ContractState, Posting
from microopt.rendering.workbook.workbook import report_xlsx
from tests.rendering.builders import added_creator, frontier, pick, plan, replanned, rule
from tests.rendering.cells import cells, column, parts

WORKING = {"Agreed fee", "Notes", "Contact", "Usual fee", "Times usual", "Remarks", "As written by microopt"}
CHOSEN = [
    pick(0, fee=123_451, cost=123_451, usual_fee=20_000, fee_high=True),
    pick(1, fee=54_322, cost=55_322),
    pick(2, fee=65_433, cost=66_433),
]
PROFILES = (
    CreatorProfile(link="https://www.instagram.com/creator.0", contact="Kim"),
    CreatorProfile(contact="<script>x</script>"),
    CreatorProfile(),
)


def report(sample=None, **edition):
    sample = plan(CHOSEN, campaign={"include": ("@creator.1",)}) if sample is None else sample
    return Report(plan=sample, seal="", microopt="", profiles=PROFILES, edition=Edition(**edition))


def headers(book):
    return {cell.value for at, cell in book["Creators"].items() if re.fullmatch(r"[A-Z]+2", at)}


def values(book):
    return [cell.value for sheet in book.values() for cell in sheet.values()]


def sheet_part(packed, name):
    return parts(packed)[f"xl/worksheets/sheet{list(cells(packed)).index(name) + 1}.xml"]


def test_the_team_has_the_columns_to_work_in_and_whom_to_contact():
    book = cells(report_xlsx(report()))
    assert headers(book) >= {*WORKING, "Status", "Post date", "Link"}
    place = column(book["Creators"], "Contact", 2)
    assert [book["Creators"][f"{place}{row}"].value for row in (3, 4, 5)] == ["Kim", "<script>x</script>", None]


def test_a_client_has_neither_the_columns_of_the_team_nor_the_sheet_for_creators():
    book = cells(report_xlsx(report(audience=CLIENT)))
    assert not headers(book) & WORKING
    assert headers(book) >= {"Fee", "Cost", "CPE", "Status", "Post date"}
    assert "For creators" not in book
    assert not [text for text in values(book) if "usual" in str(text)]


@pytest.mark.parametrize("audience", ["team", CLIENT])
def test_without_fees_no_cell_tells_what_one_creator_costs(audience):
    rules = (rule(label="tier:mega spend <= 2000", money=True),)
    signed = Contract(creator="@creator.0", state=ContractState.SIGNED, fee=123_451, planned={"engagements": 7_000})
    sample = replanned(
        added_creator(causes=("fee fell from $2,000 to $1,234.51",)),
        contracts=(signed,),
        before=plan(CHOSEN, campaign={"include": ("@creator.1",)}, rules=rules),
    )
    made = replace(report(sample, audience=audience, fees=False), frontier=frontier(sample))
    book = cells(report_xlsx(made))
    fees = [pick.fee / 100 for pick in CHOSEN] + [pick.cost / 100 for pick in CHOSEN]
    amounts = [value for value in values(book) if isinstance(value, float)]
    assert not [value for value in amounts if any(value == pytest.approx(fee) for fee in fees)]
    assert not [text for text in values(book) if "1,234" in str(text)]
    assert not headers(book) & {"Fee", "Agreed fee", "Cost", "CPE", "CPA", "CPM", "ROAS", "Usual fee"}
    assert book["Plan"]["C6"].value == sample.totals.spend / 100


def test_the_method_names_the_seal_and_the_version_of_the_plan_file_itself():
    made = replace(report(), seal="5ea1" * 16, microopt="0.0.1")
    told = [str(cell.value) for cell in cells(report_xlsx(made))["Method"].values()]
    assert [text[:64] for text in told if text.endswith("which microopt verify checks")] == ["5ea1" * 16]
    assert any(text.startswith("microopt 0.0.1, solver ") for text in told)


def test_the_sheet_for_creators_follows_the_sheet_creators_and_has_no_money():
    posting = Posting(note="secret")
    signed = Contract(creator="@creator.0", state=ContractState.SIGNED, posting=posting)
    sample = plan(CHOSEN, campaign={"running": CampaignProgress(contracts=(signed,))})
    packed = report_xlsx(report(sample))
    sheet = cells(packed)["For creators"]
    assert [sheet[f"{letter}4"].value for letter in "ABCDE"] == [
        "Creator",
        "Deliverable",
        "Platform",
        "Post date",
        "Disclosure",
    ]
    assert [sheet[f"A{row}"].value for row in (5, 6, 7)] == ["@creator.0", "@creator.1", "@creator.2"]
    assert sheet["A5"].formula == 'IFERROR(Creators!A3&"","")'
    assert "advertising" in sheet["E5"].value
    fees = column(cells(packed)["Creators"], "Fee", 2)
    assert not [cell for cell in sheet.values() if cell.formula and f"!{fees}" in cell.formula]
    assert not [cell for cell in sheet.values() if isinstance(cell.value, float) or "secret" in str(cell.value)]


def test_what_may_be_filled_in_is_said_where_it_is_filled_in():
    checks = {
        check.get("sqref"): check
        for check in sheet_part(report_xlsx(report()), "Creators").iter()
        if check.tag.endswith("}dataValidation")
    }
    book = cells(report_xlsx(report()))["Creators"]
    places = {
        name: f"{column(book, name, 2)}3:{column(book, name, 2)}5" for name in ("Status", "Agreed fee", "Post date")
    }
    assert {name: checks[place].get("type") for name, place in places.items()} == {
        "Status": None if checks[places["Status"]].get("type") is None else "list",
        "Agreed fee": "decimal",
        "Post date": "date",
    }
    assert checks[places["Status"]].get("error") == ("Choose one of: proposed, offered, signed, live, done, declined.")
    assert all(check.get("errorTitle") and len(check.get("error")) <= 255 for check in checks.values())


def test_fees_far_above_the_usual_are_marked_beside_the_usual_fee():
    packed = report_xlsx(report())
    sheet, book = sheet_part(packed, "Creators"), cells(packed)["Creators"]
    styles = {cell.get("r"): cell.get("s") for cell in sheet.iter() if cell.tag.endswith("}c")}
    fee, usual, times = (column(book, name, 2) for name in ("Fee", "Usual fee", "Times usual"))
    assert (book[f"{usual}3"].value, book[f"{times}3"].value) == (200, pytest.approx(6.17, abs=0.01))
    assert styles[f"{fee}3"] != styles[f"{fee}4"]
    assert styles[f"{times}3"] != styles[f"{times}4"]


def test_a_link_opens_the_profile_and_only_that():
    packed = report_xlsx(report())
    links = [
        node.get("Target")
        for name, part in parts(packed).items()
        if name.startswith("xl/worksheets/_rels/")
        for node in part
        if node.get("TargetMode") == "External"
    ]
    assert links == ["https://www.instagram.com/creator.0"]


def test_a_german_workbook_has_no_sentence_in_two_languages_and_room_for_what_is_proven():
    sample = plan(CHOSEN, assumed={"conversions": 1.0})
    made = replace(report(sample, audience=CLIENT, language="de"), frontier=frontier(sample))
    packed = report_xlsx(made)
    assert "All conversions are industry estimates; the creator list has no data on them." in values(cells(packed))
    (proof,) = [
        one for one in sheet_part(packed, "Budgets").iter() if one.tag.endswith("}col") and one.get("min") == "2"
    ]
    assert float(proof.get("width")) > len("nachweislich am besten")


def test_a_long_name_is_whole_in_a_higher_row():
    names = ["@short", "@" + "long" * 20, "@" + "漢" * 40]
    sheet = sheet_part(report_xlsx(report(plan([pick(creator=name) for name in names]))), "Creators")
    heights = [float(row.get("ht", 18)) for row in sheet.iter() if row.tag.endswith("}row")][2:5]
    assert heights[0] < heights[1] <= heights[2]


def test_each_chart_has_one_axis_of_values():
    packed = parts(report_xlsx(replace(report(), frontier=frontier(plan(CHOSEN)))))
    charts = [part for name, part in packed.items() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
    assert charts
    for chart in charts:
        axes = [node for node in chart.iter() if node.tag.endswith(("}valAx", "}catAx"))]
        assert len(axes) == 2


def test_every_sheet_prints_one_page_wide():
    packed = report_xlsx(replace(report(), frontier=frontier(plan(CHOSEN))))
    for name, part in parts(packed).items():
        if name.startswith("xl/worksheets/sheet"):
            setup = next(node for node in part.iter() if node.tag.endswith("}pageSetup"))
            assert setup.get("fitToWidth", "1") == "1"

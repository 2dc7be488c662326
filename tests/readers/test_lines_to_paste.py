"""Every line for the campaign file that microopt prints can be pasted where it says, whatever the file holds."""

import re

import pytest

from microopt.campaign.flag_values import describe_list_settings
from microopt.errors import CampaignError, RosterError
from microopt.quantities.unset_rates import describe_unset_rates
from microopt.readers.campaign_file import campaign_from_input, read_campaign_file
from microopt.readers.options import roster_options
from microopt.readers.roster import read_roster

NAMES = ["niche", "Post type", "a.b", 'say "hi"', "back\\slash", "Kategorie für Größe", "类别", "it's", "del\x7f"]
KEYS = 'name = "Spring"\nbudget = "300 EUR"\n'
TABLES = "[worth]\nconversions = 30\n[units]\nengagement_rate = 'percent'\n"


def paste(text, fix):
    """Return a campaign file with the lines of a fix where the fix says that they go."""
    sentence, *lines = fix.split("\n")
    if not lines:  # they are within the sentence
        found = re.search(r"put (.+) (?:at the top|under \[)", sentence)
        lines = found[1].split("; ")
    if heading := re.search(r"under (\[\w+\])", sentence):
        before, found, after = text.partition(heading[1])
        assert found
        return "\n".join([before + heading[1], *lines, after])
    if "at the end" in sentence.rpartition(". ")[2]:
        return "\n".join([text, *lines])
    assert "at the top" in sentence
    return "\n".join([*lines, text])


@pytest.fixture
def read(tmp_path):
    """Return a function that reads a campaign file of this text."""

    def read(text):
        path = tmp_path / "campaign.toml"
        path.write_text(text, encoding="utf-8")
        return read_campaign_file(str(path))[0]

    return read


@pytest.mark.parametrize("tables", ["", TABLES])
@pytest.mark.parametrize("count", [1, 2, len(NAMES)])
@pytest.mark.parametrize("separators", ["", ",", '"\\', "、"])
def test_settings_of_lists_can_be_pasted(read, tables, count, separators):
    for columns in (NAMES[:count], NAMES[-count:]):
        settings = dict.fromkeys(columns, separators)
        fix = describe_list_settings(columns, separators)
        assert read(paste(KEYS + tables, fix)).lists == settings
        fix = describe_list_settings(columns, separators, has_table=True)
        assert read(paste(f'{KEYS}{tables}[lists]\nregion = "/"\n', fix)).lists == {"region": "/"} | settings


def test_settings_of_several_lists_are_one_line_or_said_to_be_several():
    assert describe_list_settings(["niche", "region"], ",").startswith('put lists = { niche = ",", region = "," } at')
    under_table = [describe_list_settings(NAMES[:count], ",", has_table=True) for count in (1, 2)]
    assert ["each on a line of its own" in fix for fix in under_table] == [False, True]


@pytest.mark.parametrize("tables", ["", TABLES])
@pytest.mark.parametrize("codes", [["GBP"], ["GBP", "USD", "CHF"]])
def test_exchange_rates_can_be_pasted(read, tables, codes):
    rates = dict.fromkeys(codes, "0.00")
    fix = describe_unset_rates(codes, "EUR", has_table=False)
    assert read(paste(KEYS + tables, fix)).exchange == rates
    fix = describe_unset_rates(codes, "EUR", has_table=True)
    assert read(paste(f"{KEYS}{tables}[exchange]\nSEK = 0.09\n", fix)).exchange == {"SEK": "0.09"} | rates


MIXED = "creator,followers,fee\n@a,100,€100\n@b,200,200 USD\n@c,300,£200\n"


@pytest.mark.parametrize(
    ("roster", "text"),
    [
        (MIXED, 'name = "Spring"\n'),
        (MIXED, f'name = "Spring"\n{TABLES}'),
        (MIXED, KEYS + TABLES),
        (MIXED, f"{KEYS}{TABLES}[exchange]\nGBP = 1.1\n"),
        ("creator,followers,fee\n@a,100,$5\n@b,200,$6\n", KEYS + TABLES),
        ('x y,"a ""b""",fee\n@a,100,5\n@b,200,6\n', KEYS),
        ("größe,sum.all,fee\n@a,100,5\n@b,200,6\n", KEYS + TABLES),
        ("größe,sum.all,fee\n@a,100,5\n@b,200,6\n", f'{KEYS}{TABLES}[columns]\n"Rate card" = "fee"\n'),
    ],
)
def test_the_lines_of_each_fix_can_be_pasted_into_the_campaign_at_hand(read, tmp_path, roster, text):
    campaign = campaign_from_input(read(text), budget_needed=False)
    path = tmp_path / "roster.csv"
    path.write_text(roster, encoding="utf-8")
    with pytest.raises(RosterError) as caught:
        read_roster(str(path), roster_options(campaign, skip_bad_rows=False, sheet=None, max_unpacked=10**9))
    fixes = [fix for fix in (caught.value.fix, *(fault.fix for fault in caught.value.faults)) if "\n" in fix]
    assert fixes
    for fix in fixes:
        filled = paste(text, fix).replace("0.00", "1.10")
        pasted = campaign_from_input(read(filled), budget_needed=False)
        assert pasted.exchange.keys() | pasted.columns.keys() > campaign.exchange.keys() | campaign.columns.keys()


@pytest.mark.parametrize(
    "text",
    ['lists.a = ","\n[lists]\nb = ","\n', "budget = 1\nbudget = 2\n", 'lists = { a = "," }\nlists.b = ","\n'],
)
def test_what_is_there_twice_is_named(read, text):
    with pytest.raises(CampaignError, match=r"line \d repeats a key or table") as caught:
        read(text)
    assert caught.value.code == "key-repeated"
    assert "below one heading" in caught.value.fix

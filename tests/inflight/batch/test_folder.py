"""What a folder holds for a batch, and what is said about the rest."""

from pathlib import Path

import pytest

from microopt.errors import UsageError
from microopt.inflight.batch.folder import find_campaigns

PLAN = '{"schema": "microopt.plan/1"}'
CAMPAIGN = "budget = 100\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a function that fills the current folder, and looks at it."""
    monkeypatch.chdir(tmp_path)

    def fill(**files):
        for name, text in files.items():
            Path(name.replace("__", ".")).write_text(text, encoding="utf-8")
        return find_campaigns(".")

    return fill


def only(found):
    (campaign,) = found.campaigns
    return campaign


def test_a_campaign_has_the_tables_of_its_name(folder):
    campaign = only(
        folder(glow__toml=CAMPAIGN, glow__csv="x", glow__states__csv="x", glow__results__xlsx="x", roster__csv="x")
    )
    assert (campaign.file, campaign.plan, campaign.is_planned) == ("glow.toml", "glow.json", False)
    assert (campaign.roster, campaign.states, campaign.results) == ("glow.csv", "glow.states.csv", "glow.results.xlsx")
    assert campaign.fault is None


@pytest.mark.parametrize("suffix", ["csv", "csv.gz", "tsv", "xlsx", "ods", "parquet", "CSV"])
def test_a_list_may_have_any_format(folder, suffix):
    assert only(folder(**{"glow__toml": CAMPAIGN, f"glow.{suffix}": "x"})).roster == f"glow.{suffix}"


def test_a_campaign_without_a_list_takes_that_of_the_folder(folder):
    assert only(folder(glow__toml=CAMPAIGN, roster__csv="x")).roster == "roster.csv"


def test_a_plan_alone_is_a_campaign_on_the_list_that_it_states(folder):
    campaign = only(folder(glow__json=PLAN, roster__csv="x", glow__states__csv="x"))
    assert (campaign.file, campaign.roster, campaign.is_planned) == (None, None, True)
    assert campaign.states == "glow.states.csv"


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"glow__csv": "x", "glow__xlsx": "x"}, "batch-lists"),
        ({"roster__csv": "x", "roster__tsv": "x"}, "batch-lists"),
        ({"roster__csv": "x", "glow__states__csv": "x", "glow__states__tsv": "x"}, "batch-twice"),
        ({"roster__csv": "x", "glow__json": '{"schema": "microopt.diagnosis/1"}'}, "batch-plan"),
        ({}, "roster-missing"),
    ],
)
def test_what_cannot_be_told_is_a_fault_of_the_campaign(folder, files, code):
    found = folder(glow__toml=CAMPAIGN, **files)
    assert only(found).fault.code == code
    assert "glow" in only(found).fault.message


def test_a_list_for_all_settles_which_list_counts(folder):
    folder(glow__toml=CAMPAIGN, glow__csv="x", glow__xlsx="x", dew__toml=CAMPAIGN)
    campaigns = find_campaigns(".", "all.csv").campaigns
    assert [(each.roster, each.fault) for each in campaigns] == [("all.csv", None)] * 2


def test_what_is_no_campaign_is_left_alone_and_named(folder):
    found = folder(
        glow__toml=CAMPAIGN,
        roster__csv="x",
        agency__toml='budget = 5\n[[campaign]]\nfile = "glow.toml"\n',
        pyproject__toml="[tool.x]\na = 1\n",
        why__json='{"schema": "microopt.diagnosis/1"}',
        other__csv="x",
        summary__json='{"schema": "microopt.batch/1"}',
        glow__plan__csv="x",
        page__html="x",
    )
    assert only(found).name == "glow"
    text = "\n".join(found.notes)
    for name in (
        "agency.toml is a portfolio",
        "pyproject.toml is not a campaign",
        "why.json is not a plan",
        "other.csv",
    ):
        assert name in text
    for name in ("summary.json", "glow.plan.csv", "page.html", "roster.csv"):
        assert name not in text


@pytest.mark.parametrize("text", ["budget = [", "budgt = 5\n"])
def test_a_campaign_file_that_is_wrong_is_a_campaign_all_the_same(folder, text):
    assert only(folder(glow__toml=text, glow__csv="x")).file == "glow.toml"


def test_hidden_files_and_folders_are_not_looked_at(folder, tmp_path):
    (tmp_path / "history").mkdir()
    (tmp_path / "history" / "old.json").write_text(PLAN, encoding="utf-8")
    (tmp_path / ".hidden.toml").write_text(CAMPAIGN, encoding="utf-8")
    (tmp_path / "~$glow.xlsx").write_text("x", encoding="utf-8")
    (tmp_path / "folder.toml").mkdir()
    found = folder(glow__toml=CAMPAIGN, glow__csv="x")
    assert only(found).name == "glow"
    assert found.notes == ()


def test_a_link_to_a_list_that_is_gone_is_the_list_all_the_same(folder, tmp_path):
    (tmp_path / "glow.csv").symlink_to("gone.csv")
    assert only(folder(glow__toml=CAMPAIGN, roster__csv="x")).roster == "glow.csv"


def test_an_empty_folder_says_what_to_put_there(folder):
    with pytest.raises(UsageError, match="there is no campaign") as error:
        folder()
    assert "glow.toml" in error.value.fix

"""The next plan of a campaign as a page: it shows all that `microopt report` shows of the plan's file."""

import json
from pathlib import Path

import pytest

pytest.importorskip("jinja2")
pytest.importorskip("vl_convert")
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path d="M0 0h2v1h-2z"/></svg>'


@pytest.fixture
def replanned(run, desk):
    """Return a function that plans with a logo, then replans with a signed creator."""

    def replan(*args, logo="logo.svg"):
        Path("logo.svg").write_text(LOGO, "utf-8")
        with Path("campaign.toml").open("a", encoding="utf-8") as file:
            file.write(f'[report]\nlogo = "{logo}"\n')
        assert run("plan", "roster.csv", "-c", "campaign.toml", "-o", "plan.json", "-q").exit_code == 0
        Path("states.csv").write_text("creator,status,fee\n@anna,signed,350\n", "utf-8")
        return run("replan", "plan.json", "--states", "states.csv", *args)

    return replan


def test_the_page_of_a_next_plan_holds_what_a_report_of_it_holds(run, replanned):
    done = replanned("-o", "next.json", "-o", "next.html")
    assert done.exit_code == 0, done.output
    page = Path("next.html").read_text("utf-8")
    for part in ('class="logo"', 'id="budgets"', 'id="ranges"', "www.instagram.com/anna"):
        assert part in page
    assert run("report", "next.json", "-o", "again.html", "-q").exit_code == 0
    assert Path("again.html").read_text("utf-8") == page


def test_the_days_of_results_are_in_the_plan_which_every_command_reads(run, desk):
    with Path("campaign.toml").open("a", encoding="utf-8") as file:
        file.write("starts = 2026-11-01\nends = 2026-11-30\n")
    text = "date,creator,url,engagements\n2026-11-02,@anna,x,700\n2026-11-04,@anna,x,50\n2026-11-04,@ben,y,20\n"
    Path("results.csv").write_text(text, "utf-8")
    assert run("plan", "roster.csv", "-c", "campaign.toml", "-o", "plan.json", "-q").exit_code == 0
    done = run(
        *("replan", "plan.json", "--results", "results.csv", "--store", "campaign.db"),
        *("-o", "next.json", "-o", "next.html"),
    )
    assert done.exit_code == 0, done.output
    by_day = json.loads(Path("next.json").read_text("utf-8"))["campaign"]["running"]["results_by_day"]
    assert [(each["day"], each["engagements"], each["clicks"]) for each in by_day] == [
        ("2026-11-02", 700.0, None),
        ("2026-11-04", 70.0, None),
    ]
    assert 'class="chart-pace-large"' in Path("next.html").read_text("utf-8")
    for command in (
        ("verify", "next.json"),
        ("report", "next.json", "-o", "again.html", "-q"),
        ("compare", "plan.json", "next.json"),
        ("history", "campaign.db"),
        ("store", "check", "campaign.db"),
        ("replan", "next.json", "-o", "third.json"),
    ):
        assert run(*command).exit_code == 0, command


def test_a_last_plan_does_not_choose_a_file_elsewhere_as_its_logo(replanned, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "logo.svg"
    elsewhere.write_text(LOGO, "utf-8")
    done = replanned("-o", "next.html", logo=elsewhere.as_posix())
    assert done.exit_code == 0, done.output
    page = Path("next.html").read_text("utf-8")
    assert 'class="logo"' not in page
    assert "names a logo outside its folder" in page


def test_a_missing_logo_is_told_before_the_work(run, desk, monkeypatch):
    with Path("campaign.toml").open("a", encoding="utf-8") as file:
        file.write('[report]\nlogo = "missing.svg"\n')
    monkeypatch.setattr("microopt.planning.optimize.optimize", lambda *_, **__: pytest.fail("it was planned"))
    done = run("plan", "roster.csv", "-c", "campaign.toml", "-o", "plan.json", "-o", "plan.html")
    assert done.exit_code == 2, done.output
    assert "missing.svg cannot be read" in done.stderr
    assert not Path("plan.json").exists()

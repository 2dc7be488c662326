"""`microopt forecast`: what each offer brings, within which range, and from where."""

import csv
import io

import pytest

from tests.cli.conftest import ROSTER, files, only_object


def test_the_table_shows_figures_ranges_and_origins(run, desk):
    before = files(desk)
    done = run("forecast", "roster.csv")
    assert (done.exit_code, done.stderr) == (0, "")
    adjusted = "adjusted for small samples, account growth and paid posts"
    for text in ("@anna", "5 offers", "80% likely range", adjusted, "industry estimates"):
        assert text in " ".join(done.stdout.split())
    assert files(desk) == before


@pytest.mark.parametrize("width", ["60", "80", "120"])
def test_no_line_is_wider_than_the_screen_and_no_figure_is_cut(run, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", width)
    lines = run("forecast", "roster.csv").stdout.splitlines()
    assert max(map(len, lines)) <= int(width)
    header = next(line for line in lines if line.startswith("Creator"))
    assert ("Engagements" if width == "120" else "Eng.") in header.split()
    assert ("Impressions" in header) is (width == "120")
    assert not any("…" in line for line in lines)


def test_json_is_one_object_with_every_offer(run):
    value = only_object(run("forecast", "roster.csv", "--format", "json", "--order-value", "45").stdout)
    assert value["schema"] == "microopt.forecast/1"
    assert len(value["offers"]) == 5
    first = value["offers"][0]
    for name in ("reach", "impressions", "engagements", "clicks", "conversions"):
        figure = first["figures"][name]
        assert figure["low"] < figure["mean"] < figure["high"]
        assert figure["origin"] in ("own", "shrunk", "default", "estimated")
    assert first["rates"]["roas"] == pytest.approx(
        first["figures"]["conversions"]["mean"] * 45 / first["cost"], rel=1e-2
    )


def test_csv_has_a_row_an_offer_and_is_safe_to_open(run, desk):
    (desk / "roster.csv").write_text(ROSTER.replace("@anna", "=cmd()"), encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(run("forecast", "roster.csv", "--format", "csv").stdout)))
    assert len(rows) == 5
    assert {row["creator"] for row in rows} >= {"'=cmd()", "@ben"}
    assert all(float(row["engagements_low"]) < float(row["engagements"]) for row in rows)


def test_files_are_written_beside_the_table(run, desk):
    done = run("forecast", "roster.csv", "-o", "f.csv", "-o", "f.json", "-o", "f.txt")
    assert done.exit_code == 0
    assert "@anna" in done.stdout
    assert {"f.csv", "f.json", "f.txt"} <= files(desk).keys()


@pytest.mark.parametrize("target", ["f.md", "f.docx", "none/f.csv", "roster.csv"])
def test_a_target_that_cannot_be_written_is_told_before_the_work(run, desk, target):
    before = files(desk)
    done = run("forecast", "roster.csv", "-o", target)
    assert done.exit_code == 2
    assert "Fix:" in done.stderr
    assert files(desk) == before


def test_no_shrink_takes_the_rates_as_they_are(run, desk):
    (desk / "c.toml").write_text('shrink = false\n[forecast.sponsored]\nrates_from = "sponsored"\n')
    value = only_object(run("forecast", "roster.csv", "-c", "c.toml", "--format", "json").stdout)
    anna = next(offer for offer in value["offers"] if offer["creator"] == "@anna")
    assert anna["figures"]["engagements"]["mean"] == pytest.approx(18_300 * 0.05)
    assert anna["figures"]["engagements"]["origin"] == "own"
    again = only_object(run("forecast", "roster.csv", "--no-shrink", "--format", "json").stdout)
    assert next(o for o in again["offers"] if o["creator"] == "@anna")["figures"]["engagements"]["origin"] == "own"


def test_a_wrong_default_is_a_fault_with_its_place(run, desk):
    (desk / "c.toml").write_text("[forecast.shrinkage]\npost = 3\n")
    done = run("forecast", "roster.csv", "-c", "c.toml", "--format", "json")
    fault = only_object(done.stdout)["faults"][0]
    assert done.exit_code == 2
    assert (fault["code"], fault["column"]) == ("forecast-unknown", "forecast.shrinkage.post")
    assert "posts" in fault["fix"]


def test_fitting_tells_what_it_found_or_that_creators_are_too_few(run, desk):
    assert "the defaults stay" in run("forecast", "roster.csv", "--fit-benchmarks").stdout
    rows = [f"@c{n},instagram,reel,x,US,{12_000 + n},100,{3 + n % 5}%,1" for n in range(40)]
    (desk / "roster.csv").write_text("\n".join([ROSTER.splitlines()[0], *rows]) + "\n", encoding="utf-8")
    assert "(default 2.7%)" in " ".join(run("forecast", "roster.csv", "--fit-benchmarks").stdout.split())


def test_claims_are_told_with_their_verdicts(run):
    done = run("claims", "roster.csv")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "of 6 common claims about micro and mega creators, 1 holds and 5 lack data." in " ".join(done.stdout.split())
    assert done.stdout.count("Not enough data: needs 5 micro and 5 mega creators") == 1
    value = only_object(run("claims", "roster.csv", "--format", "json").stdout)
    assert value["schema"] == "microopt.claims/1"
    assert len(value["claims"]) == 6
    assert [tier["tier"] for tier in value["tiers"]] == ["mega", "mid", "micro", "nano"]


@pytest.mark.parametrize("command", ["forecast", "claims"])
def test_a_broken_roster_and_a_missing_fee_end_as_they_do_for_a_plan(run, desk, command):
    (desk / "roster.csv").write_text(ROSTER.replace("45000", "lots"), encoding="utf-8")
    assert run(command, "roster.csv").exit_code == 3
    assert run(command, "none.csv").exit_code == 3
    (desk / "roster.csv").write_text("creator,followers\na,5000\n", encoding="utf-8")
    assert run(command, "roster.csv").exit_code == (3 if command == "forecast" else 0)  # claims on rates need no fees
    assert run(command, "roster.csv", "--estimate-fees").exit_code == 0


def test_creators_with_many_sponsored_posts_or_minors_stay_out(run, desk):
    rows = [
        "creator,followers,fee,sponsored_share,features_minor",
        "a,5000,10,10%,no",
        "b,5000,10,60%,",
        "c,5000,10,,yes",
    ]
    (desk / "roster.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")

    def forecast_rows(*flags):
        value = only_object(run("plan", "roster.csv", "-b", "100", "--format", "json", *flags).stdout)
        return {pick["creator"] for pick in value["picks"]}, value["roster"]["filtered"]

    assert forecast_rows() == ({"a", "b"}, 1)
    assert forecast_rows("--max-sponsored-share", "40%") == ({"a"}, 2)
    assert forecast_rows("--with-minors", "--max-sponsored-share", "0.4") == ({"a", "c"}, 1)
    assert forecast_rows("--include", "c") == ({"a", "b", "c"}, 0)
    refused = run("plan", "roster.csv", "-b", "100", "--max-sponsored-share", "lots")
    assert refused.exit_code == 2
    assert "40%" in refused.stderr


def test_what_one_row_says_of_a_creator_holds_for_every_offer(run, desk):
    head = "creator,offer,followers,fee,sponsored_share,features_minor"
    rows = [head, "a,post,5000,10,,yes", "a,reel,5000,10,,", "b,post,5000,10,90%,", "b,reel,5000,10,,", "c,,5000,10,,"]
    (desk / "roster.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    done = run("plan", "roster.csv", "-b", "100", "--max-sponsored-share", "40%", "--format", "json")
    assert {pick["creator"] for pick in only_object(done.stdout)["picks"]} == {"c"}


def test_check_and_claims_do_not_ask_what_only_a_plan_needs(run, desk):
    (desk / "roster.csv").write_text("creator,followers,fee,commission\na,5000,10,10%\n", encoding="utf-8")
    assert run("check", "roster.csv").exit_code == 0
    assert run("claims", "roster.csv").exit_code == 0
    refused = run("plan", "roster.csv", "-b", "100")
    assert refused.exit_code == 2
    assert "--order-value" in refused.stderr
    output = run("plan", "roster.csv", "-b", "100", "--order-value", "45").stdout
    assert "Cost" in output
    assert any(line.startswith("Commissions") for line in output.splitlines())


def test_a_limit_on_a_column_that_is_not_there_is_told(run):
    done = run("plan", "roster.csv", "-b", "5000", "--max-sponsored-share", "40%")
    assert "your list has no 'sponsored_share' column" in " ".join(done.stdout.split())

"""`microopt licenses`: a table for people, an object for programs."""

from importlib.metadata import version

from tests.cli.conftest import only_object


def test_the_table_names_each_part_with_its_licence(run):
    done = run("licenses")
    assert (done.exit_code, done.stderr) == (0, "")
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["microopt", version("microopt"), "Apache-2.0", "-"] in rows
    assert any(row[:3] == ["CBC", "-", "EPL-2.0"] for row in rows) or any(row[0] == "highspy" for row in rows)
    assert "the notices that its licenses ask for" in done.stdout


def test_json_is_one_object(run):
    value = only_object(run("licenses", "--format", "json").stdout)
    assert value["schema"] == "microopt.licenses/1"
    assert all(part["license"] for part in value["parts"])

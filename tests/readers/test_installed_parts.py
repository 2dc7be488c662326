"""The list of parts has what is needed and installed, with a licence for each, and nothing for development."""

import tomllib
from pathlib import Path

import pytest

from microopt.errors import UsageError
from microopt.readers import installed_parts as module
from microopt.readers.installed_parts import UNKNOWN, installed_parts


@pytest.fixture
def packages(monkeypatch):
    """Return a function that installs packages: their metadata by name."""

    def packages(**metadata):
        class Package:
            def __init__(self, name):
                self.facts = {"Name": name, **metadata[name]}
                self.version, self.requires = "1.0", metadata[name].get("requires")

            @property
            def metadata(self):
                class Metadata(dict):
                    def get_all(self, key):
                        value = self.get(key)
                        return [value] if isinstance(value, str) else value

                return Metadata(self.facts)

        def distribution(name):
            if name not in metadata:
                raise module.PackageNotFoundError(name)
            return Package(name)

        monkeypatch.setattr(module, "distribution", distribution)
        return installed_parts().parts

    return packages


def test_the_real_list_has_the_real_parts():
    parts = {part.name: part for part in installed_parts().parts}
    assert next(iter(parts)) == "microopt"
    assert parts["microopt"].license == "Apache-2.0"
    assert {"pandas", "numpy", "typer", "msgspec"} <= set(parts)
    assert (parts["numpy"].needed_by, parts["MarkupSafe"].needed_by) == ("microopt", "Jinja2")
    assert [name for name in parts if name in ("pytest", "mypy", "ruff", "hypothesis", "ortools")] == []
    assert [part.name for part in parts.values() if part.license == UNKNOWN] == []


def test_no_extra_for_users_is_forgotten():
    facts = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    assert {*facts["project"]["optional-dependencies"]} - {"all", "test", "bench", "dev"} <= {*module.EXTRAS}


def test_what_packages_bring_is_listed(packages):
    parts = packages(microopt={"requires": ["pulp>=3"]}, pulp={"License-Expression": "MIT"})
    assert [(part.name, part.license, part.needed_by) for part in parts[1:]] == [
        ("CBC", "EPL-2.0", "pulp"),
        ("pulp", "MIT", "microopt"),
    ]


def test_extras_of_other_packages_and_for_development_are_not_parts(packages):
    requires = ["a", 'b; extra == "report"', "c; extra == 'test'", "missing>=2", "d ; python_version < '3'"]
    parts = packages(microopt={"requires": requires}, a={"requires": ['e; extra == "excel"']}, b={}, c={}, d={}, e={})
    assert [part.name for part in parts] == ["microopt", "a", "b", "d"]


def test_packages_that_need_each_other_are_listed_once(packages):
    parts = packages(microopt={"requires": ["a"]}, a={"requires": ["b"]}, b={"requires": ["a", "microopt"]})
    assert [part.name for part in parts] == ["microopt", "a", "b"]


@pytest.mark.parametrize(
    ("metadata", "license"),
    [
        ({"License-Expression": "MIT", "License": "other"}, "MIT"),
        ({"License": "BSD"}, "BSD"),
        (
            {"License": "A text\nof many lines", "Classifier": ["License :: OSI Approved :: MIT License", "X :: Y"]},
            "MIT License",
        ),
        ({"License": "x" * 100}, UNKNOWN),
        ({}, UNKNOWN),
    ],
)
def test_a_licence_is_what_the_package_states(packages, metadata, license):
    assert packages(microopt={"requires": ["a"]}, a=metadata)[1].license == license


def test_without_metadata_of_its_own_microopt_says_that_it_is_not_installed(packages):
    with pytest.raises(UsageError, match="microopt is not installed") as caught:
        packages()
    assert caught.value.fix == "install it with: pip install microopt"

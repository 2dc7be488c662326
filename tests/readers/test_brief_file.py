"""The text file that `brief_file` of a campaign names."""

import pytest

from microopt.errors import CampaignError
from microopt.quantities.size_limits import MAX_BRIEF_CHARACTERS
from microopt.readers.campaign_file import campaign_from_input, read_campaign_file


def campaign(folder, table='brief_file = "brief.txt"'):
    path = folder / "campaign.toml"
    path.write_text(f"budget = 5000\n[fit]\n{table}\n", encoding="utf-8")
    return campaign_from_input(read_campaign_file(str(path))[0])


def wrong(folder, table='brief_file = "brief.txt"'):
    with pytest.raises(CampaignError) as caught:
        campaign(folder, table)
    assert caught.value.fix
    return caught.value


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_its_words_are_those_of_the_campaign_from_the_folder_of_that(tmp_path, start):
    (tmp_path / "brief.txt").write_bytes(start + "Ein Serum für die Haut\r\n".encode())
    assert campaign(tmp_path).fit.brief == "Ein Serum für die Haut"


def test_a_file_that_is_not_there_is_a_fault(tmp_path):
    assert wrong(tmp_path).code == "file-missing"


@pytest.mark.parametrize("data", [b"\xff\xfeA\x00", b"PK\x03\x04\x00\x00", b"a" * (4 * MAX_BRIEF_CHARACTERS + 1)])
def test_what_is_no_short_text_is_a_fault(tmp_path, data):
    (tmp_path / "brief.txt").write_bytes(data)
    assert wrong(tmp_path).code == "fit-brief"


@pytest.mark.parametrize("name", [".", "a\\u0000b", "folder"])
def test_what_is_no_file_is_a_fault(tmp_path, name):
    (tmp_path / "folder").mkdir()
    assert wrong(tmp_path, f'brief_file = "{name}"').code == "fit-brief"


def test_an_empty_file_and_one_beside_a_brief_are_faults(tmp_path):
    (tmp_path / "brief.txt").write_text(" \n", encoding="utf-8")
    assert wrong(tmp_path).code == "fit-brief"
    assert wrong(tmp_path, 'brief_file = "brief.txt"\nbrief = "A serum"').code == "fit-brief"


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ("niche = { beauty = 1 }", "key-unknown"),
        ("niches = 3", "value-kind"),
        ('use = "yes"\nbrief = "a"', "value-kind"),
        ("niches = { beauty = [1] }", "value-kind"),
        ("", "fit-empty"),
    ],
)
def test_mistakes_in_the_table_are_told_by_their_key(tmp_path, table, code):
    error = wrong(tmp_path, table)
    assert (error.code, error.faults[0].column.split(".")[0]) == (code, "fit")

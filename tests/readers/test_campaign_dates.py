"""Days that a campaign file has as texts."""

from datetime import date

import pytest

from microopt.errors import CampaignError
from microopt.readers.campaign_file import campaign_from_input, read_campaign_file

WAVE = '{ name = "launch", starts = "1.3.2027", ends = "14 March 2027" }'


@pytest.fixture
def days_of(tmp_path):
    """Return the days of the waves of a campaign file, and of its campaign."""

    def read(text):
        path = tmp_path / "campaign.toml"
        path.write_text(f"budget = 20000\n{text}")
        campaign = campaign_from_input(read_campaign_file(str(path))[0])
        waves = [(wave.starts, wave.ends) for wave in campaign.calendar.waves] if campaign.calendar else []
        return waves, (campaign.starts, campaign.ends)

    return read


def test_days_of_a_campaign_and_its_calendar_are_read_as_people_write_them(days_of):
    march = (date(2027, 3, 1), date(2027, 3, 31))
    assert days_of('starts = "1.3.2027"\nends = "Mar 31, 2027"') == ([], march)
    assert days_of('starts = "2027-03"\nends = "March 2027"') == ([], march)
    assert days_of('[calendar]\nstarts = "1. März 2027"\nends = "2027/03/31"\nevery = "month"')[0] == [march]
    assert days_of(f"[calendar]\nwaves = [{WAVE}]")[0] == [(date(2027, 3, 1), date(2027, 3, 14))]
    assert days_of('[calendar]\nwaves = ["launch=1.3.2027..31.3.2027"]')[0] == [march]


def test_the_day_of_a_report_is_one_day(tmp_path):
    path = tmp_path / "campaign.toml"
    path.write_text('budget = 20000\n[report]\ndate = "1 March 2027"')
    assert read_campaign_file(str(path))[0].report.date == date(2027, 3, 1)
    path.write_text('budget = 20000\n[report]\ndate = "March 2027"')
    with pytest.raises(CampaignError, match="should be a date"):
        read_campaign_file(str(path))


@pytest.mark.parametrize("written", ["3/4/2027", "next Monday", "March"])
def test_a_text_that_is_no_day_or_could_be_two_is_a_fault_that_quotes_it(days_of, written):
    for text in (f'starts = "{written}"', f'[calendar]\nevery = "week"\nstarts = "{written}"\nends = "2027-05-31"'):
        with pytest.raises(CampaignError) as caught:
            days_of(text)
        (fault,) = caught.value.faults
        assert (fault.code, fault.column.rpartition(".")[2]) == ("value-kind", "starts")
        assert f'"{written}" should be a date' in fault.message
        assert "starts = 2026-11-01" in fault.fix

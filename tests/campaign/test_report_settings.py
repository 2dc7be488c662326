"""The table [report]: what is taken as it is meant, and what is refused."""

from datetime import date

import pytest

from microopt.campaign.report_settings import ReportInput, ReportSettings, parse_report_settings
from microopt.errors import CampaignError


def test_a_campaign_without_the_table_states_nothing():
    assert parse_report_settings(None) == ReportSettings()


def test_values_are_taken_as_they_are_meant():
    table = ReportInput(
        client=" Glow ", date=date(2026, 12, 1), language="Deutsch", countries=("uk", "de", "DE"), logo="a/Logo.PNG"
    )
    assert parse_report_settings(table) == ReportSettings(
        client="Glow", date=date(2026, 12, 1), language="de", countries=("GB", "DE"), logo="a/Logo.PNG"
    )


@pytest.mark.parametrize(
    ("written", "language"), [("EN_gb", "en-GB"), ("en-US", "en"), ("german", "de"), ("de-at", "de-AT")]
)
def test_languages_are_found_in_any_spelling(written, language):
    assert parse_report_settings(ReportInput(language=written)).language == language


def test_every_value_that_is_not_possible_is_named_at_once():
    table = ReportInput(client="x" * 201, accent="red", logo="logo.exe", language="klingon", countries=("Germany",))
    with pytest.raises(CampaignError) as caught:
        parse_report_settings(table)
    columns = [fault.column for fault in caught.value.faults]
    assert columns == [f"report.{name}" for name in ("client", "accent", "logo", "language", "countries")]
    assert all(fault.fix for fault in caught.value.faults)

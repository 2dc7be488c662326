"""Fees of a house that are about the list of a campaign."""

from fractions import Fraction

from microopt.campaign.agreed_fees import AgreedFee
from microopt.planning.house_fees import fees_on_list
from tests.planning.builders import build_campaign
from tests.solver.builders import roster as plain_roster

FIVE, OFF = AgreedFee(amount=500), AgreedFee(off=Fraction(1, 10))


def on_list(fees, rate=Fraction(1)):
    roster = plain_roster(["@anna", "@ben", "@cleo"], followers=[20_000, 30_000, 2_000_000])
    return fees_on_list(build_campaign(), roster, fees, rate)


def test_a_fee_is_rounded_up_to_the_cent_of_the_campaign():
    fees = on_list({"@anna": AgreedFee(amount=30_000), "@ben": OFF}, Fraction(27, 25))
    assert fees == {"@anna": AgreedFee(amount=27_778), "@ben": OFF}


def test_names_that_mean_nobody_on_the_list_are_left_out():
    fees = {"@ANNA": FIVE, "@nobody": OFF, "nosuch:column": OFF, "tier:nano": OFF, "tier:mega": OFF}
    assert set(on_list(fees)) == {"@ANNA", "tier:mega"}


def test_a_fee_of_a_wave_waits_for_the_calendar():
    assert set(on_list({"creator:@anna & wave:march": FIVE})) == {"creator:@anna & wave:march"}

"""The profiles of the creators in a plan, from what the roster says of them."""

import numpy as np

from microopt.analysis.report.profiles import creator_profiles
from tests.readers.builders import read


def test_a_contact_is_the_person_named_or_else_the_mail_address():
    roster = read("creator,followers,fee,contact,email\n@a,100,5,Kim,kim@x.com\n@b,100,5,,ben@x.com\n@c,100,5,,\n")
    contacts = {roster.text("creator", row): each.contact for row, each in enumerate(_profiles(roster))}
    assert contacts == {"@a": "Kim", "@b": "ben@x.com", "@c": ""}


def _profiles(roster):
    return creator_profiles(roster, np.arange(len(roster)))

"""The profiles of the creators in a plan, from what the roster says of them."""

import numpy as np
import pytest

from microopt.analysis.report.profiles import creator_profiles
from tests.readers.builders import read


def test_a_contact_is_the_person_named_or_else_the_mail_address():
    roster = read("creator,followers,fee,contact,email\n@a,100,5,Kim,kim@x.com\n@b,100,5,,ben@x.com\n@c,100,5,,\n")
    contacts = {roster.text("creator", row): each.contact for row, each in enumerate(_profiles(roster))}
    assert contacts == {"@a": "Kim", "@b": "ben@x.com", "@c": ""}


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("https://www.instagram.com/a", "https://www.instagram.com/a"),
        ("instagram.com/a", "https://instagram.com/a"),
        ("HTTPS://www.instagram.com/a", "https://www.instagram.com/a"),
        ("https://www.instagram.com/x\u202ey", "https://www.instagram.com/a"),
        ("https://www.instagram.com/x\u200by", "https://www.instagram.com/a"),
        ("javascript:alert(1)//instagram.com/a", "https://www.instagram.com/a"),
        ("https://instagram.com@evil.example/a", "https://www.instagram.com/a"),
        ("//evil.example/instagram.com/a", "https://www.instagram.com/a"),
    ],
)
def test_a_link_leads_to_a_profile_and_hides_nothing(written, link):
    (profile,) = _profiles(read(f"creator,platform,followers,fee,url\n@a,instagram,100,5,{written}\n"))
    assert profile.link == link


def _profiles(roster):
    return creator_profiles(roster, np.arange(len(roster)))

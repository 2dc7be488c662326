"""The platform of a list that names none."""

from tests.readers.builders import cells, read


def test_every_offer_of_a_list_without_platforms_has_the_default_one():
    assert cells(_read("tiktok"), "platform") == ["tiktok"] * 2


def _read(default, head="", first="", second=""):
    text = f"handle,followers,fee{head}\n@ann,20000,300{first}\n@ben,30000,200{second}\n"
    return read(text, platform_default=default)


def test_named_platforms_stay():
    roster = _read("tiktok", ",platform", ",IG", ",")
    assert cells(roster, "platform") == ["instagram", "tiktok"]
    assert roster.notes == ("1 offer has no platform: tiktok is used (--platform-default)",)


def test_a_platform_in_a_price_header_stays():
    roster = read("handle,followers,IG price,Story price\n@ann,20000,300,200\n", platform_default="tiktok")
    assert cells(roster, "platform") == ["instagram", "tiktok"]


def test_without_a_default_nothing_is_added():
    assert "platform" not in _read(None).texts

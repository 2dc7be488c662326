"""A logo is a picture, or it is refused."""

import pytest

from microopt.errors import CampaignError
from microopt.readers.logo import JPEG, PNG, SVG, read_logo

SQUARE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1"/></svg>'


@pytest.mark.parametrize(
    ("data", "media_type"),
    [(SQUARE, SVG), (b"\x89PNG\r\n\x1a\n...", PNG), (b"\xff\xd8\xff...", JPEG), (b"<?xml version='1.0'?>" + SQUARE, SVG)],
)
def test_pictures_are_known_by_what_they_hold(tmp_path, data, media_type):
    path = tmp_path / "logo.svg"
    path.write_bytes(data)
    logo = read_logo(str(path))
    assert (logo.media_type, logo.data) == (media_type, data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"<html/>",
        b"<svg",
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>',
        SQUARE.replace(b"svg", b"png"),
        b"#!/bin/sh",
    ],
)
def test_other_files_are_refused(tmp_path, data):
    path = tmp_path / "logo.svg"
    path.write_bytes(data)
    with pytest.raises(CampaignError, match="is not an SVG, PNG or JPEG picture"):
        read_logo(str(path))


def test_a_large_file_is_refused(tmp_path):
    path = tmp_path / "logo.svg"
    path.write_bytes(SQUARE + b" " * 200_000)
    with pytest.raises(CampaignError, match="larger than 200,000 bytes"):
        read_logo(str(path))


def test_a_missing_file_is_named_with_its_neighbor(tmp_path):
    (tmp_path / "logo.svg").write_bytes(SQUARE)
    with pytest.raises(CampaignError, match="cannot be read") as caught:
        read_logo(str(tmp_path / "lgoo.svg"))
    assert "logo.svg" in caught.value.fix

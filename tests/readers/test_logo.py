"""A logo is a picture, or it is refused."""

import os
import zlib
from io import BytesIO
from struct import pack

import pytest
from PIL import Image

from microopt.errors import CampaignError
from microopt.readers.logo import JPEG, PNG, SVG, read_logo

SQUARE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1"/></svg>'


def draw(kind, size=(30, 20)):
    out = BytesIO()
    Image.new("RGB", size).save(out, kind)
    return out.getvalue()


def png_of(width, height):
    """Return a PNG file that states a size, whatever it holds."""
    whole = draw("PNG")
    header = b"IHDR" + pack(">II", width, height) + whole[24:29]
    return whole[:12] + header + pack(">I", zlib.crc32(header)) + whole[33:]


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (SQUARE, SVG),
        (draw("PNG"), PNG),
        (draw("JPEG"), JPEG),
        (draw("PNG", (4_000, 1)), PNG),
        (b"<?xml version='1.0'?>" + SQUARE, SVG),
        ('<svg xmlns="http://www.w3.org/2000/svg"><text>é</text></svg>'.encode(), SVG),
    ],
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
        b'<svg width="1" height="1"/>',
        SQUARE.decode().encode("utf-16"),
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


@pytest.mark.parametrize("data", [draw("PNG"), draw("JPEG")], ids=["png", "jpeg"])
@pytest.mark.parametrize("kept", [8, 16, 40, -12])
def test_a_damaged_picture_is_refused(tmp_path, data, kept):
    path = tmp_path / "logo.png"
    path.write_bytes(data[:kept])
    with pytest.raises(CampaignError, match="is damaged"):
        read_logo(str(path))


@pytest.mark.parametrize("size", [(60_000, 60_000), (4_001, 1), (1, 2**32 - 1)])
def test_a_picture_that_needs_much_memory_is_refused(tmp_path, size):
    path = tmp_path / "logo.png"
    path.write_bytes(png_of(*size))
    with pytest.raises(CampaignError, match="pixels, but the limit is 4,000 on each side"):
        read_logo(str(path))


@pytest.mark.parametrize("size", [(0, 0), (0, 5)])
def test_a_picture_without_pixels_is_refused(tmp_path, size):
    path = tmp_path / "logo.png"
    path.write_bytes(png_of(*size))
    with pytest.raises(CampaignError, match="is damaged"):
        read_logo(str(path))


@pytest.mark.parametrize("name", ["image", "feImage", "script", "foreignObject"])
def test_a_drawing_that_takes_in_other_files_is_refused(tmp_path, name):
    path = tmp_path / "logo.svg"
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg"><g><{name} href="secret.png"/></g></svg>', "utf-8")
    with pytest.raises(CampaignError, match=f"has an element <{name}>"):
        read_logo(str(path))


def test_a_drawing_of_many_elements_within_each_other_is_refused(tmp_path):
    path = tmp_path / "logo.svg"
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">{"<g>" * 20_000}{"</g>" * 20_000}</svg>', "utf-8")
    with pytest.raises(CampaignError, match="more than 100 elements within each other"):
        read_logo(str(path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path):
    path = tmp_path / "logo.svg"
    os.mkfifo(path)
    with pytest.raises(CampaignError, match="is not a regular file"):
        read_logo(str(path))

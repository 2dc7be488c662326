"""A logo on slides is a picture of a size of our own, drawn from itself alone."""

from io import BytesIO

import pytest
from PIL import Image

from microopt.errors import OutputError
from microopt.readers.logo import PNG, SVG, Logo
from microopt.rendering.slides.logo_picture import logo_picture

BLUR = (
    '<filter id="a" x="-9" y="-9" width="99" height="99"><feGaussianBlur stdDeviation="99"/></filter>'
    '<rect width="9" height="9" filter="url(#a)"/>'
)


def drawn_size(text):
    return Image.open(BytesIO(logo_picture(Logo(media_type=SVG, data=text.encode())))).size


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('viewBox="0 0 4 1"', (960, 240)),
        ('viewBox="0,0, 4 1" width="9000000" height="9000000"', (960, 240)),
        ('width="60mm" height="30mm"', (480, 240)),
        ('width="100%" height="30"', (480, 240)),
        ('width="9000000" height="9000000"', (240, 240)),
        ('width="100000" height="1"', (1200, 1)),
        ('viewBox="0 0 0 0" width="abc" height="-5"', (480, 240)),
        ('viewBox="nan 0 inf 1"', (480, 240)),
        ("", (480, 240)),
    ],
)
def test_a_drawing_of_any_size_has_the_size_of_a_logo(attributes, size):
    assert drawn_size(f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{BLUR}</svg>') == size


def test_a_drawing_keeps_its_shapes():
    text = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path fill="#f00" d="M0 0h1v1h-1z"/></svg>'
    picture = Image.open(BytesIO(logo_picture(Logo(media_type=SVG, data=text.encode())))).convert("RGBA")
    assert picture.getpixel((60, 120)) == (255, 0, 0, 255)
    assert picture.getpixel((420, 120))[3] == 0


def test_a_picture_of_pixels_stays_as_it_is():
    assert logo_picture(Logo(media_type=PNG, data=b"any")) == b"any"


def test_a_drawing_that_grows_without_end_is_refused():
    parts = "".join(f'<g id="a{n + 1}">' + f'<use href="#a{n}"/>' * 10 + "</g>" for n in range(9))
    text = f'<svg xmlns="http://www.w3.org/2000/svg"><rect id="a0" width="1" height="1"/>{parts}</svg>'
    with pytest.raises(OutputError, match="the logo cannot be drawn on slides"):
        drawn_size(text)

"""Formats have one list of spellings, which forecast, rules, headers, fees and platforms share."""

import pytest

from microopt.benchmarks.offer_names import format_name, format_position, parse_offer_name, positions_by_name
from microopt.benchmarks.table import PLATFORMS, default_benchmarks
from microopt.quantities.format_words import FORMAT_SPELLINGS, all_format_words, format_spellings, words_of_format
from microopt.quantities.platforms import PLATFORM_SPELLINGS, parse_platform
from microopt.readers.cells.quote_phrases import read_phrase
from microopt.readers.words.price_headers import is_price_header, split_header

SPELLED = [(name, spelling) for name in FORMAT_SPELLINGS for spelling in format_spellings(name)]
WITH_FIGURES = ("post", "reel", "video", "carousel", "story", "dedicated", "short")


def test_no_spelling_is_that_of_two_formats_or_of_a_platform():
    spellings = [spelling for _, spelling in SPELLED]
    assert len(set(spellings)) == len(spellings)
    assert not all_format_words() & PLATFORM_SPELLINGS.keys() - {"threads"}


@pytest.mark.parametrize(("name", "spelling"), SPELLED)
def test_a_spelling_is_known_in_headers_of_prices_in_fees_and_beside_platforms(name, spelling):
    for word in spelling.split():
        assert word in words_of_format(name)
        assert is_price_header(f"{word} rate")
        assert read_phrase(f"000 / {word}") is not None
    assert parse_platform(f"Instagram {spelling}").rest == tuple(spelling.split())


@pytest.mark.parametrize("name", WITH_FIGURES)
def test_a_spelling_names_its_format_in_rules(name):
    for spelling in format_spellings(name):
        assert format_name(spelling) == name
        assert format_name(f"{spelling} May") == name


def test_names_of_the_benchmarks_are_formats_or_platforms():
    for platform in PLATFORMS:
        for block in default_benchmarks().table(f"format.{platform}").values():
            assert set(block["names"]) <= {*FORMAT_SPELLINGS, platform}


@pytest.mark.parametrize(
    ("platform", "label", "expected"),
    [
        ("instagram", "Vídeo", "reel"),
        ("tiktok", "Beitrag", "video"),
        ("youtube", "Рилс", "short"),
        ("youtube", "Интеграция", "video"),
        ("instagram", "Foto", "post"),
        ("tiktok", "Foto", None),
        ("instagram", "Publicacion", "post"),
    ],
)
def test_a_platform_has_the_formats_whose_names_it_lists(platform, label, expected):
    formats = default_benchmarks().formats(platform)
    place = format_position(parse_offer_name(label), positions_by_name(formats))
    assert (None if place is None else list(formats)[place]) == expected


def test_a_header_without_accents_is_the_same_format():
    assert split_header("Preço Publicação")[1] in words_of_format("post")

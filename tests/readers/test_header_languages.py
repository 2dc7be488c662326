"""The language of a file's headers."""

import pytest

from microopt.readers.header_languages import find_languages


@pytest.mark.parametrize(
    ("headers", "own", "languages"),
    [
        (["usuario", "Seguidores", "Precio"], "Seguidores", {"es"}),
        (["creator", "Takipçi", "fee"], "Takipçi", {"tr"}),
        (["creator", "followers", "sector"], "followers", set()),
        (["creator", "followers", "fee"], "fee", set()),
        (["Kullanıcı adı", "Takipçi", "fee"], "fee", {"tr"}),
    ],
)
def test_the_language_of_most_headers_counts(headers, own, languages):
    found = find_languages(headers, own)
    assert languages <= found
    assert bool(found) == bool(languages)

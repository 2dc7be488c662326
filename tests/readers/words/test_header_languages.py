"""The language of a file's headers."""

import pytest

from microopt.readers.words.header_languages import find_languages, is_chinese


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


@pytest.mark.parametrize(
    ("headers", "cells", "chinese"),
    [
        (["昵称", "粉丝数", "报价"], [], True),
        (["暱稱", "粉絲數", "報價(¥)"], ["さくら"], True),
        (["名前", "登録者数", "価格"], [], False),
        (["氏名", "報酬"], [], False),
        (["名前", "フォロワー", "料金"], ["时尚小姐姐"], False),
        (["クリエイター", "フォロワー", "リーチ"], ["时尚小姐姐"], False),
        (["creator", "followers", "fee"], ["时尚小姐姐"], True),
        (["creator", "followers", "fee"], ["田中花子", "旅行日記"], False),
        (["creator", "followers", "fee"], ["さくら", "时尚小姐姐"], False),
        (["creator", "followers", "fee"], ["@a"], False),
        (["creator", "followers", "价格"], [], True),
        (["creator", "followers", "価格"], [], False),
        (["creator", "followers", "人数"], [], False),
    ],
)
def test_a_list_is_chinese_by_its_headers_or_else_by_its_words(headers, cells, chinese):
    assert is_chinese(headers, cells) is chinese

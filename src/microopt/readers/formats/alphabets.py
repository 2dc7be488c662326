"""What the letters of languages tell about an encoding: how often each occurs among those beyond ASCII.

The figures are rough, since only their order of magnitude matters: no language has words with both `ø` and `č`, and
Czech has many with `ř` and `á`. A language is listed for each encoding in which its files come.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

# Lower-case letters of each language, by weight, some before a certain letter: `ão` is Portuguese, `ăo` not Romanian.
_LATIN = {
    "German": "ü30 ö22 ä25 ß12 é2",
    "French": "é45 è9 ç6 ë5 ï4 ê3 ô3 à3 î2 â2 û1 ù1 œ1",
    "Spanish": "í22 á18 ó18 é15 ñ15 ú7 ü1",
    "Portuguese": "ão15 ãe2 ã2 ç12 á14 é12 í9 ó8 ê5 â5 ú4 ô4 õe3 à2",
    "Italian": "è20 ò20 à25 ì10 ù15 é4",
    "Catalan": "à15 è15 é10 í12 ò12 ó12 ç8 ï5 ú6 ü2",
    "Nordic": "ö24 ø22 å20 ä20 æ10 é4 ü1",
    "Dutch": "ë40 é20 ï15 è5 ö5 ü5",
    "Icelandic": "ó15 á15 í14 ö13 ð13 é8 ú8 þ6 ý4 æ6",
}
_CENTRAL = {
    "Polish": "ł30 ó14 ę12 ą12 ż11 ś12 ć7 ń10 ź2",
    "Czech": "á20 í18 é9 ě10 š14 č14 ř13 ž12 ý10 ů3 ú3 ó1 ť1 ď1 ň3",
    "Slovak": "á22 č14 š12 ž10 ý8 í14 ľ6 é6 ú6 ô3 ť3 ň3 ä2 ó4 ď2 ĺ1 ŕ1",
    "Hungarian": "á30 é22 ó12 ö12 ő12 őe.2 í6 ü6 ű4 ú4",
    "Romanian": "ă30 ăo.1 ş18 ţ16 â10 î8",
    "South Slavic": "ć26 č22 š20 ž14 đ8",
    "German": _LATIN["German"],
}
_TURKISH = {"Turkish": "ı26 ş20 ü16 ç12 ğ13 ö12 i̇1 â1 î1", **{name: _LATIN[name] for name in ("German", "French")}}
_RUSSIAN = (
    "о110 а95 е84 и80 н67 т55 с52 р50 в48 л48 к42 м34 д30 п26 у26 я30 ы16 ь16 г18 з16 б16 ч14 й14 х9 ж9 ш9 ю8 ц5 щ4 "
    "э4 ф5 ъ1 ё2"
)
_CYRILLIC = {
    "Russian": _RUSSIAN,
    "Ukrainian": "о94 а90 н65 и60 і60 в52 т50 р48 е48 с40 к42 л45 у32 д32 м30 п28 з22 я25 ь18 б17 г16 ч14 й14 х11 ц7 "
    "ж9 ї8 ю9 ш9 є8 щ5 ф4 ґ1",
    "Bulgarian": "а115 и90 о87 е85 т70 н70 р56 с50 в48 л40 к38 д34 п28 м27 з22 ъ20 я20 г20 б18 у18 ч16 ц9 ж8 щ6 х6 ю2 "
    "ш6 й7 ф3 ь1",
    "Serbian": "а115 о90 и95 е85 н60 т45 с50 р50 ј45 в42 к40 л40 д38 м37 п25 у40 г18 з18 б17 ч12 ћ12 ц8 ш9 ж8 х6 ђ5 њ6 "
    "љ6 ф3 џ1",
}

_BALTIC = {
    "Latvian": "ā20 ē8 ī12 ū6 š12 ž5 č4 ķ4 ļ5 ņ8 ģ3",
    "Lithuanian": "ė20 š15 ž12 ū8 ų8 ą6 č6 ę3 į4",
    "Estonian": "ä25 õ20 ü20 ö15 š1 ž1",
}
_GREEK = {
    "Greek": "α12 ο10 ι8 ε7 τ7 ν7 σ5 η4 υ4 ρ4 π4 κ4 μ4 λ3 ς5 ά3 ί3 ό3 έ2 ή2 ύ1 ώ1 γ2 δ2 θ1.5 ω2 φ1 χ1 β.7 ξ.5 ζ.5 ψ.2"
}
_ARABIC = {
    "Arabic": "ا13 ل12 ي8 م7 و6 ن7 ر6 ت5 ب5 ع4 د4 س4 ه4 ف3 ح3 ك3 ق3 أ3 ش2 ج2 ص2 خ1.5 ط1 ض1 ذ1 ث1 غ1 ز1 ى1 ة3 "
    "ئ.5 ؤ.3 إ1 آ.3 ء.5 ظ.3"
}
_HEBREW = {"Hebrew": "י11 ה10 ו10 ל7 א6 ת6 ר6 מ6 ב5 ש5 נ5 ם3 ע3 ד3 ח2.5 ק2 פ2 כ2.5 ט1.5 ן2 ג1.5 ס1.5 ז1 צ1 ך.8 ץ.2 ף.3"}

# Characters that are frequent in the names and headers of each, so that each of them says more than a rare one.
_SIMPLIFIED = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾"
    "丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万小大美丽"
    "明华文晓玲子阿妹红食旅行生活日记家妈爱时尚妆护肤穿搭游戏科技达人博主粉丝数量报价平台名称账"
    "号昵称互动率类别价格的一是不了在有我这国上海北京"
)
_TRADITIONAL = (
    "王李張劉陳楊趙黃周吳徐孫胡朱高林何郭馬羅梁宋鄭謝韓唐馮于董蕭程曹袁鄧許傅沈曾彭呂蘇盧蔣蔡賈"
    "丁魏薛葉閻余潘杜戴夏鍾汪田任姜范方石姚譚廖鄒熊金陸郝孔白崔康毛邱秦江史顧侯邵孟龍萬小大美麗"
    "明華文曉玲子阿妹紅食旅行生活日記家媽愛時尚妝護膚穿搭遊戲科技達人博主粉絲數量報價平台名稱帳"
    "號暱稱互動率類別價格費用的一是不了在有我這國上海北京台灣"
)
_KANJI = (
    "田中佐藤鈴木高橋伊渡辺山本村小林加吉井上松清斎崎森池橋石前岡長谷川近後遠青坂福西原太三野竹"
    "金和美子奈優香結愛莉菜花咲真由紀恵理大翔健一郎二旅日記東京女男食生活料理名前数単価報酬価格"
    "登録者国"
)
_HANGUL = (
    "김이박최정강조윤장임한오서신권황안송류홍전고문양손배백허유남심노하곽성차주우구민진지현수영"
    "은준서예원아연경미희선혜재상동인기태호철용나라다리마바사자카타파하가의여행맛집뷰티패션일상"
    "먹방게임유튜버이름계정팔로워단가비용가격플랫폼카테고리국가"
)

# Languages of each encoding, the most usual encoding first: of equals it is taken.
SINGLE_BYTE: Mapping[str, Mapping[str, str]] = {
    "cp1252": _LATIN,
    "cp1250": _CENTRAL,
    "cp1254": _TURKISH,
    "cp1251": _CYRILLIC,
    "mac_roman": _LATIN,
    "iso8859_2": _CENTRAL,
    "koi8_r": {"Russian": _RUSSIAN},
    "cp1257": _BALTIC,
    "cp1253": _GREEK,
    "cp1255": _HEBREW,
    "cp1256": _ARABIC,
}
WHOLE_WORDS = frozenset({"cp1251", "koi8_r", "cp1253", "cp1255", "cp1256"})  # beyond ASCII, which is another script
# For each encoding of ideographs: the frequent characters, and the first bytes of the usual ones.
DOUBLE_BYTE: Mapping[str, tuple[str, range]] = {
    "gb18030": (_SIMPLIFIED, range(0xB0, 0xD8)),
    "big5hkscs": (_TRADITIONAL, range(0xA4, 0xC7)),
    "cp932": (_KANJI, range(0x88, 0x98)),
    "cp949": (_HANGUL, range(0xB0, 0xC9)),
    "euc_jp": (_KANJI, range(0xB0, 0xD0)),
}
# What speaks for an encoding beforehand (natural logarithm of a likelihood): cp1252 is first among equals.
PRIORS = {
    "cp1252": 1.5,
    "mac_roman": -2.0,
    "iso8859_2": -4.0,
    "koi8_r": -4.0,
    "cp1257": -2.0,
    "cp1253": -1.0,
    "cp1255": -2.0,
    "cp1256": -2.0,
    "euc_jp": -2.0,
}
NAMES = {
    "cp1252": "Windows-1252 (cp1252)",
    "cp1250": "Windows-1250 (cp1250, Central European)",
    "cp1251": "Windows-1251 (cp1251, Cyrillic)",
    "cp1254": "Windows-1254 (cp1254, Turkish)",
    "cp932": "Shift-JIS (cp932, Japanese)",
    "euc_jp": "EUC-JP (Japanese)",
    "gb18030": "GB18030 (simplified Chinese)",
    "big5hkscs": "Big5 (traditional Chinese)",
    "cp949": "EUC-KR (cp949, Korean)",
    "mac_roman": "Mac Roman",
    "iso8859_2": "ISO 8859-2 (Central European)",
    "koi8_r": "KOI8-R (Cyrillic)",
    "cp1257": "Windows-1257 (cp1257, Baltic)",
    "cp1253": "Windows-1253 (cp1253, Greek)",
    "cp1255": "Windows-1255 (cp1255, Hebrew)",
    "cp1256": "Windows-1256 (cp1256, Arabic)",
}


@cache
def letter_shares(letters: str) -> dict[str, float]:
    """Return the share of each letter, from a line of `SINGLE_BYTE`."""
    weights = {match[1]: float(match[2]) for match in re.finditer(r"(\D+?)\u0307?([\d.]+) ?", letters)}
    total = sum(weights.values())
    return {letter: weight / total for letter, weight in weights.items()}

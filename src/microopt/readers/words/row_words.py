"""The words of rows that are not creators: totals and averages, notes, and titles of sections."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import Enum

from microopt.quantities.format_words import all_format_words
from microopt.readers.words.price_headers import ENGLISH_MONTHS, TAX_WORDS, TOTAL, platform_words
from microopt.roster.value_words import TIER_WORDS

# Totals, besides those that headers say too, and averages in the languages of headers.csv.
TOTALS = ", ".join(sorted(TOTAL)) + (
    ", grand total, sub total, subtotal, subtotals, sum, sums, running total, total general, gesamtsumme, "
    "insgesamt, summe, zwischensumme, subtotaal, totali, subtotale, somma, suma total, soma, somme, sous total, "
    "ara toplam, genel toplam, ogolem, suma czesciowa, łącznie, ogółem, celkem, celkova, osszesen, jumlah, tong, "
    "tong cong, summa, totalt, delsumma, mellansumma, yhteensa, yhteensä, mezisoučet, részösszeg, итог, итоги, "
    "сумма, подытог, подитог, промежуточный итог, общий итог, разом, усього, підсумок, проміжний підсумок, общо, "
    "小計, 総計, 总计, 總計, 小计, 共计, 共計, 汇总, 합계, 총계, 소계, 총합, المجموع, الإجمالي, कुल, योग"
)
AVERAGES = (
    "average, averages, avg, mean, median, durchschnitt, mittelwert, schnitt, gemiddelde, moyenne, promedio, media, "
    "media general, média, mediana, ortalama, średnia, srednia, prumer, átlag, rata rata, trung binh, "
    "genomsnitt, keskiarvo, среднее, в среднем, середнє, 平均, 平均値, 平均值, 평균, المتوسط, औसत"
)
# How many creators or cells there are, below totals.
COUNTS = (
    "count, counta, number, quantity, anzahl, aantal, nombre, cantidad, recuento, quantidade, contagem, conteggio, "
    "liczba, adet, sayi, počet, darab, antal, antall, lukumäärä, jumlah data, số lượng, "
    "no of creators, no of influencers, number of rows, anzahl zeilen, nombre d'influenceurs, liczba twórców, "
    "liczba influencerów, numero di influencer, número de influencers, número de influenciadores, kişi sayısı, "
    "количество, кол-во, число, количество блогеров, кількість, брой, "
    "件数, 件數, 人数, 人數, 数量, 數量, 個数, 计数, 計數, 計数, 개수, 인원수, العدد, गिनती"
)
# The least and the greatest figures, below totals and averages; some are names of people.
_EXTREMES = (
    "min, max, minimum, maximum, mín, máx, mínimo, máximo, минимум, максимум, 最小, 最大, 最小値, 最大値, 최소, 최대"
)
_QUALIFIERS = (
    "grand overall all of the for per post row rows count creator creators influencer influencers kol kols talent "
    "spend spending budget fee fees cost costs price investment amount follower followers reach campaign general "
    "selected net gross usd eur gbp der die das"
)
# With which notes begin.
_NOTE_WORDS = (
    "note, notes, nb, n.b, source, sources, updated, last updated, last update, as of, prices, price, "
    "prices exclude, all prices, rates, all rates, fees, excl, excluding, incl, including, exported, "
    "generated, created, prepared, status, stand, quelle, hinweis, anmerkung, alle preise, preise, zzgl, "
    "aktualisiert, fuente, nota, notas, actualizado, precios, tarifas, fonte, atualizado, preços, "
    "aggiornato, remarque, tarifs, mis à jour, bron, prijzen, bijgewerkt, kaynak, not, güncelleme, "
    "źródło, uwaga, ceny, aktualizacja, источник, примечание, цены, обновлено, 備考, 注, 注意, 备注, 來源, 来源, 出典, "
    "更新, 비고, 출처, 참고, confidential, disclaimer, please, contact, copyright, legend, tbc, draft"
)
# Of money below a list, besides taxes: the budget, and what is left of it.
_BELOW = (
    "budget, remaining, remainder, balance, buffer, puffer, rest, restbudget, left, leftover, contingency, reserve, "
    "netto, brutto, difference, differenz, diferencia, différence, "
    "presupuesto, restante, orçamento, saldo, bütçe, kalan, budżet, бюджет, остаток, 予算, 残り, 预算"
)
_LINKS_BELOW = "incl, including, inkl, excl, excluding, exkl, plus, zzgl, with, q1, q2, q3, q4"
# In titles of sections, besides the names of tiers, platforms and months.
_SECTION_WORDS = (
    "tier tiers celebrity celebrities influencer influencers creator creators kol kols "
    "shortlist longlist list batch wave phase group backup backups reserve reserves confirmed pending declined "
    "option options priority round team market "
    "q1 q2 q3 q4 ambassadors "
    "page part seite pagina strona "
    "bloggers youtubers tiktokers streamers must-have nice-to-have"
)
# Titles that stand alone in a row, besides the words above, formats and platforms: tiers in other languages, niches,
# and what stands between two of these.
_LONE_TITLES = (
    "mikro makro midtier микро макро мега нано мікро ナノ マイクロ ミドル マクロ メガ 나노 마이크로 매크로 메가 "
    "头部达人 腰部达人 尾部达人 头部 腰部 尾部 koc kocs beauty makeup skincare fashion style food cooking fitness "
    "gym sport sports travel lifestyle gaming games tech technology music dance parenting moms dads family kids "
    "health wellness finance money business education comedy humor entertainment art design home decor interior diy "
    "pets animals cars automotive photography books luxury nutrition schönheit mode essen reisen familie gesundheit "
    "technik musik belleza moda comida viajes deportes familia salud música beleza viagem esportes beauté voyage "
    "cuisine santé musique bellezza cibo viaggi uroda podróże jedzenie rodzina zdrowie güzellik yemek seyahat spor "
    "kecantikan makanan kuliner olahraga красота мода еда путешествия спорт семья здоровье игры 美妆 美食 时尚 旅行 "
    "母婴 健身 科技 游戏 美容 グルメ ファッション フィットネス ゲーム 뷰티 패션 여행 음식 게임 육아"
)
_JOINS = frozenset(("and", "und", "y", "e", "et", "i", "ve", "dan", "и", "the", "of", "content", "niche", "only"))
_SIZE = r"\d(?:\s*+[\d.,])*+(?:\s*+(?:k|m|mio\.?|mln\.?|tys\.?|тыс\.?|млн\.?|万|萬|만))?"
_BAND = re.compile(
    rf"(?:{_SIZE}\s*+(?:[-–—~]|to|bis|до)\s*+{_SIZE}|{_SIZE}\s*+\+"
    rf"|(?:over|under|above|below|up to|more than|less than|über|unter|ab|bis|[><≥≤])\s*+{_SIZE})"
    r"(?:\s++(?:followers?|subs|subscribers))?",
    re.IGNORECASE,
)
_BULLETS = "*†‡¹²³•※→—–-#"
_STRIP = re.compile(r"[\W_]+")
_BETWEEN_WORDS = re.compile(r"[\s\d_:;()\[\]*.,!|/&+-]+")
_SIGNS = re.compile(r"^(?:∑|Σ|Ø|⌀|x̄)\W*$")
_SIGN_BEFORE = re.compile(r"^(?:∑|Σ|Ø|⌀|x̄)\W+\w")
_SIGNS_IN = re.compile(r"^[∑ΣσØø⌀](?:\W.*)?$", re.MULTILINE)


class TotalName(Enum):
    """Whether a name is that of a total."""

    NONE = "no"
    PLAIN = "yes"  # nothing but words for one: `TOTAL (12 creators)`
    PART = "in part"  # with other words: `Total Fitness`
    EXTREME = "min or max"
    COUNT = "count"


def _plain(text: str) -> str:
    """Return a text in lower case without accents, its words separated by single spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return _STRIP.sub(" ", unicodedata.normalize("NFKC", bare)).strip()


def _words(text: str) -> frozenset[str]:
    return frozenset(map(_plain, text.split(",")))


_TOTAL_WORDS = _words(TOTALS) | _words(AVERAGES)
_SINGLE_WORDS = frozenset(word for word in _TOTAL_WORDS if " " not in word)
_EXTREME_WORDS = _words(_EXTREMES)
_COUNT_WORDS = _words(COUNTS)
_LONG_STARTS = tuple(f"{phrase} " for phrase in _TOTAL_WORDS if " " in phrase)
_BELOW_WORDS = _words(_BELOW) | TAX_WORDS
_PARTS = frozenset(word for phrase in _TOTAL_WORDS for word in phrase.split())
_AS_WRITTEN = (
    _SINGLE_WORDS
    | _EXTREME_WORDS
    | frozenset(re.split(r"[\s,-]+", f"{TOTALS}, {AVERAGES}"))
    | frozenset(word for phrase in COUNTS.split(", ") for word in re.split(r"[\s-]+", phrase)[:1])
)
_EXTRA_WORDS = frozenset(_QUALIFIERS.split())
_WORDS_BELOW = _BELOW_WORDS | _SINGLE_WORDS | _EXTRA_WORDS | _words(_LINKS_BELOW)
_NOTE_STARTS = tuple(sorted(_words(_NOTE_WORDS), key=len, reverse=True))
_SHORT = 4  # letters; a name of a platform that is not longer may be that of a person
_TITLE_WORDS = frozenset(
    map(
        _plain,
        [
            *_SECTION_WORDS.split(),
            *ENGLISH_MONTHS,
            *TIER_WORDS,
            *(word for word in platform_words() if len(word) > _SHORT),
        ],
    )
)
_LONE_WORDS = _TITLE_WORDS | frozenset(map(_plain, [*_LONE_TITLES.split(), *all_format_words(), *platform_words()]))
TOTAL_SPELLINGS = sorted(
    {
        variant + tail
        for word in [part.strip() for part in f"{TOTALS}, {AVERAGES}".split(",")]
        for variant in (word, word.upper(), word.capitalize(), word.title())
        for tail in ("", ":")
    }
)


def words_of_totals(text: str) -> list[str]:
    """Return the words for totals that occur in a text of lower case, as they are written in it."""
    return [*(_AS_WRITTEN & set(_BETWEEN_WORDS.split(text))), *_SIGNS_IN.findall(text)]


def total_name(name: str) -> TotalName:
    """Return whether a name is that of a total or an average; a handle never is."""
    if not name or len(name) > 60 or name.startswith("@"):
        return TotalName.NONE
    if _SIGNS.match(name):
        return TotalName.PLAIN
    if _SIGN_BEFORE.match(name):
        return TotalName.PART
    plain = _plain(name)
    if plain in _TOTAL_WORDS:
        return TotalName.PLAIN
    if plain in _EXTREME_WORDS:
        return TotalName.EXTREME
    words = plain.split()
    if plain in _COUNT_WORDS or _is_count(words):
        return TotalName.COUNT
    if not any(word in _PARTS for word in words) or "_" in name or ("." in name.strip(".") and " " not in name):
        return TotalName.NONE
    rest = [word for word in words if word not in _EXTRA_WORDS and not word.isdigit()]
    if " ".join(rest) in _TOTAL_WORDS or all(word in _SINGLE_WORDS for word in rest):
        return TotalName.PLAIN
    is_part = words[0] in _SINGLE_WORDS or words[-1] in _SINGLE_WORDS or plain.startswith(_LONG_STARTS)
    return TotalName.PART if is_part else TotalName.NONE


def _is_count(words: list[str]) -> bool:
    """Whether words say how many rows there are: `Count of creators`, `Anzahl Influencer`."""
    rest = [word for word in words if not word.isdigit()]
    return any(word in _COUNT_WORDS for word in rest) and all(word in _COUNT_WORDS | _EXTRA_WORDS for word in rest)


def is_below_list(name: str) -> bool:
    """Whether a name is that of money below a list: `Budget`, `Remaining`, `incl. 19% VAT`."""
    words = {word for word in _plain(name).split() if not word.isdigit()}
    return not name.startswith("@") and bool(words & _BELOW_WORDS) and words <= _WORDS_BELOW


def begins_like_note(text: str) -> bool:
    """Whether a text begins with a mark or a word of notes: `* prices exclude VAT`, `Source: Modash`."""
    if len(text) <= 3 or text.startswith("@"):
        return False
    words = text.split()
    if text[0] in _BULLETS or text.startswith("(") or (text.endswith((".", "!", ":")) and len(words) >= 2):
        return True
    plain = _plain(text)
    starts = any(plain == start or plain.startswith(start + " ") for start in _NOTE_STARTS)
    return starts and (len(words) >= 2 or ":" in text or not text.isascii())


def is_note(text: str, *, may_be_name: bool) -> bool:
    """Whether a text is a note rather than a name.

    Parameters
    ----------
    may_be_name
        Whether the text is where a name should be, so that only a sentence counts, and not any three words.
    """
    if text.startswith("@"):
        return False
    return begins_like_note(text) or len(text.split()) >= (5 if may_be_name else 3)


def is_section_title(text: str) -> bool:
    """Whether a text alone in its row is the title of a section rather than a name."""
    if text.startswith("@") or "_" in text or len(text) > 60:
        return False
    words = _plain(text).split()
    if any(word in _TITLE_WORDS for word in words):
        return len(words) >= 2 or not text.islower() or text.endswith(":")
    return (text.isupper() and len(words) >= 2 and text.isascii()) or (text.endswith(":") and len(text) > 2)


def plain_labels(texts: Iterable[str]) -> frozenset[str]:
    """Return texts in lower case without accents and marks, as `is_lone_title` compares them."""
    return frozenset(map(_plain, texts))


def is_lone_title(text: str, niches: frozenset[str], *, may_be_name: bool) -> bool:
    """Whether a text without any figure is a title: of a tier, a platform, a format, a niche or a range of followers.

    Parameters
    ----------
    niches
        The niches of the list, by `plain_labels`.
    may_be_name
        Whether the text is where a name should be, so that one word in lower case may be a handle.
    """
    if text.startswith("@") or "_" in text:
        return False
    plain = _plain(text)
    if plain in niches or _BAND.fullmatch(text):
        return bool(plain)
    words = [word for word in plain.split() if word not in _JOINS]
    is_handle = may_be_name and len(words) == 1 and text.islower()
    return bool(words) and not is_handle and all(word in _LONE_WORDS for word in words)

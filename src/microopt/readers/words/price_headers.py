"""Recognize headers of prices, and what they price: `Story Price`, `pricePerReel`, `Preis Story`, `Fee (min)`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

from msgspec import Struct

from microopt.quantities.currencies import CURRENCY_CODES, currency_pattern, find_currency, shared_sign
from microopt.quantities.format_words import all_format_words
from microopt.quantities.platforms import PLATFORM_SPELLINGS, platform_name
from microopt.readers.words.range_ends import END_WORDS, HIGH_WORDS, LOW_WORDS, find_ends, is_high, is_low, word_set

PRICE_PREFIX = "fee:"  # of the columns that hold the price of one format each
LOW_END = "fee_low"  # the column of the low end of each fee; with the number of a price column where there are several


# Words for an amount of money that a creator asks, without accents; a test compares them with `headers.csv`.
_AMOUNT_WORDS = word_set(
    "price prices fee fees cost costs pricing tarifa tarifas precio precios cache coste costes costo costos preco "
    "precos valor valores honorar gage preis preise kosten tarif tarifs cachet prix cout couts compenso tariffa "
    "tariffe prezzo prezzi tarief prijs stawka cena ceny arvode pris priser ucret fiyat harga gia гонорар цена цены "
    "стоимость ціна вартість 报价 報價 价格 價格 费用 費用 料金 報酬 単価 価格 价 價 額 额 단가 가격 가 비용 السعر कीमत"
)
_PRICE_WORDS = _AMOUNT_WORDS | word_set("rate rates")
_CODES = frozenset(code.casefold() for code in CURRENCY_CODES)
_FILLERS = word_set(
    "a an the per for in my our avg average base standard flat sponsored single each card one pro je fur por para par "
    "pour un une uno una ein eine einen di de do da del la le der die das i na za в на за від 1 一条 每条 平均"
)
TAX_WORDS = word_set(
    "vat tax taxes gst hst iva tva mwst ust btw moms kdv ppn dph afa jst steuer mehrwertsteuer umsatzsteuer ндс пдв 税"
)
# Words of headers that are not the price of an offer: of costs on top of it,
PAID_TO_OTHERS = word_set(
    "shipping delivery handling postage product agency processing usage rights whitelisting whitelist allowlisting "
    "exclusivity boosting boost seeding sample samples gifting production editing travel licensing license buyout "
    "management bonus expenses gift gifts agent agents manager mcn courier licence royalties "
    # es, pt, fr, it
    "agencia agente representacion derechos licencia exclusividad muestras regalo producto productos envio envios "
    "flete produccion direitos licenca exclusividade amostras brinde produto produtos frete producao agence droits "
    "exclusivite echantillons cadeau produit produits livraison envoi expedition agenzia diritti licenza esclusiva "
    "campioni omaggi prodotto prodotti spedizione produzione "
    # de, nl, pl, tr, id
    "agentur nutzungsrechte bildrechte lizenz exklusivitat muster produkt versand porto bureau rechten verzending "
    "agencji agencyjna agenta prawa praw licencji wyłacznosc wyłacznosci probki probek produktu produktow prezentu "
    "wysyłka wysyłki dostawa dostawy przesyłki produkcji ajans menajer hakkı munhasırlık numune hediye urun kargo "
    "agensi agen hak lisensi eksklusivitas sampel hadiah produk kirim pengiriman "
    # ru, uk, ko
    "агентства агента агентская права прав лицензии эксклюзив эксклюзива образцов подарка посылки бокса "
    "товара товару продукта продукту продукции доставка доставки производства агентство "
    "대행사 에이전시 소속사 독점 초상권 저작권 라이선스 활용 시딩 샘플 협찬품 증정품 제품 상품 배송 부스팅"
).union(TAX_WORDS)
# of results, as in cost per click,
RESULT_WORDS = word_set(
    "click clicks engagement engagements view views mille thousand impression impressions conversion conversions "
    "acquisition lead leads order orders install installs follower followers"
)
# and of columns that hold no amount.
NO_AMOUNT_WORDS = word_set(
    "type note notes status currency date name id phone telephone telefon telefono tel email mail link url code "
    "until expiry expires rating ratings score review reviews remark remarks nota notas notiz notizen anmerkung "
    "anmerkungen bemerkung bemerkungen hinweis remarque remarques opmerking opmerkingen uwagi uwaga notlar catatan "
    "примечание примечания заметки примітки 備考 备注 備註 메모 비고"
)
_NO_PRICE_WORDS = (
    PAID_TO_OTHERS | RESULT_WORDS | NO_AMOUNT_WORDS | word_set("reach sale sales subscriber subscribers tier")
)
# Words of durations: `Exclusivity (days)`, and `12 months` for usage rights.
TERM_WORDS = word_set(
    "day days week weeks wk wks month months mo mos year years yr yrs duration period term terms perpetuity perpetual "
    "tag tage woche wochen monat monate jahr jahre dias semanas mes meses ano anos jours semaines mois ans giorni "
    "settimane mesi anni dagen weken maanden jaar dni tygodnie miesiac miesiace miesiecy lata gun hafta ay yıl hari "
    "bulan minggu tahun дней недель месяц месяцев месяца год"
)
ENGLISH_MONTHS = word_set("january february march april may june july august september october november december")
# Months in all languages, for headers such as `Reel Apr`.
MONTHS = ENGLISH_MONTHS | word_set(
    "jan januar janvier enero janeiro gennaio ocak styczen feb februar fevrier febrero fevereiro febbraio subat "
    "luty mar marz mars marzo marco mart marzec apr avril abril aprile nisan kwiecien mai mayo maio maggio mayis "
    "maj mei jun juni juin junio junho giugno haziran czerwiec jul juli juillet julio julho luglio temmuz lipiec "
    "aug aout agosto agustus agustos sierpien sep sept septembre septiembre setembro settembre eylul wrzesien oct "
    "oktober okt octobre octubre outubro ottobre ekim pazdziernik nov novembre noviembre novembro kasim listopad "
    "dec dezember dez decembre diciembre dezembro dicembre aralik grudzien"
)
COST_WORDS = _AMOUNT_WORDS | PAID_TO_OTHERS  # words of headers that say cost
# Words of headers that say a cost where the cells are percents, and what words of scripts without spaces end with.
_SHARE_WORDS = word_set(
    "commission commissions comision comissao commissione commissioni provision provvigione commissie prowizja "
    "komisyon komisi комиссия комісія markup mark uplift surcharge premium levy kickback aufschlag zuschlag gebuhr "
    "recargo majoration supplement supplemento sovrapprezzo toeslag narzut dopłata opłata marza наценка надбавка"
)
_SHARE_ENDINGS = tuple(word_set("手数料 利用料 使用料 費 費用 费 费用 佣金 수수료 비용 사용료"))
# Words of headers that price the same offer in another way: for one and in all, without and with tax, asked and agreed.
UNIT = word_set("unit each single einzel stuck unitaire unitario unitaria stuk sztuke единицу birim 单价")
TOTAL = word_set("total totals overall gesamt totale totaal suma razem toplam итого всего 合計 合计 总价 總價")
NET = word_set(
    "net nett netto neto ht excl exclusive excluding ex exc exkl zzgl ohne hors sans without excluido excluida "
    "excluded sin sem senza esclusa 税抜 未税"
)
GROSS = word_set(
    "gross brutto bruto brut ttc incl inclusive including inkl inc with mit avec con com incluido incluida included "
    "inclus incluse inclusa 税込 含税"
)
AGREED = word_set(
    "final agreed negotiated confirmed contracted signed booked deal actual end vereinbart vereinbarter vereinbarte "
    "verhandelt verhandelter finaler finale negocie convenu acordado acordada negociado negociada combinado concordato "
    "concordata uzgodniona итоговая согласованная"
)
ASKED = word_set(
    "asking ask asked list listed offer offered quote quoted initial original proposed requested angebot angebots "
    "gefordert demande inicial solicitado pedido iniziale richiesto запрошенная 希望"
)
_VARIANTS = UNIT | TOTAL | NET | GROSS | AGREED | ASKED
_COMPOUNDED = LOW_WORDS | HIGH_WORDS | _VARIANTS  # what may be one word with a price: `Mindestpreis`, `Nettopreis`
_YEAR = re.compile("20[0-9]{2}")
NO_YEAR = 9999
_CAMEL_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"(?:[^\W\d_]|[\u0900-\u0e7f])+|\d+")  # vowel signs from Devanagari to Thai are parts of words


@cache
def _currency() -> re.Pattern[str]:
    return re.compile(currency_pattern(), re.IGNORECASE)


@cache
def platform_words() -> frozenset[str]:
    """Return the single words that name a platform, in lower case."""
    spellings = {
        *PLATFORM_SPELLINGS,
        *(word.strip() for text in PLATFORM_SPELLINGS.values() for word in text.split(",")),
    }
    return frozenset(word.casefold() for word in spellings if word.isalpha())


@cache
def format_words() -> frozenset[str]:
    """Return the words that name a format, one or several of it, or a platform."""
    return all_format_words() | platform_words()


@lru_cache(maxsize=4096)
def split_header(header: str) -> tuple[str, ...]:
    """Return the words of a header: `storyPrice`, `STORY_PRICE` and `storyprice` are story and price.

    Words have no accents, and a platform is one word, its name: `TikTok`, `Tik Tok` and `TT` are tiktok.
    """
    plain = "".join(map(_without_accent, unicodedata.normalize("NFKC", header)))
    words = [word.casefold() for word in _WORD.findall(_CAMEL_CASE.sub(" ", plain))]
    return tuple(part for word in _join_platforms(words) for part in _split_compound(word))


def _without_accent(letter: str) -> str:
    base = unicodedata.normalize("NFKD", letter)[:1]
    return base if base.isascii() and base.isalpha() else letter


def _join_platforms(words: Sequence[str]) -> list[str]:
    """Return the words with each platform as its name, also where camel case has split it: tik, tok."""
    joined: list[str] = []
    for word in words:
        pair = platform_name(joined[-1] + word) if joined else None
        if pair is not None and joined[-1] + word in platform_words():
            joined[-1] = pair
        else:
            joined.append(platform_name(word) or word if word in platform_words() else word)
    return joined


def _split_compound(word: str) -> tuple[str, ...]:
    for price in _PRICE_WORDS if word not in _PRICE_WORDS else ():
        for format_word, parts in (
            (word.removesuffix(price), (word.removesuffix(price), price)),
            (word.removeprefix(price), (price, word.removeprefix(price))),
        ):
            if format_word != word and (format_word in format_words() or format_word in _COMPOUNDED):
                return parts
    return (word,)


def is_price_header(header: str) -> bool:
    """Whether a header is the price of something that a creator makes; an open rate or a growth rate is not."""
    words = _without_tax(set(split_header(header)))
    if "%" in header or not words & _PRICE_WORDS or words & _NO_PRICE_WORDS:
        return False
    rest = words - _PRICE_WORDS - _FILLERS - _CODES - _currency_words(header) - END_WORDS - _VARIANTS
    rest = {word for word in rest if not _YEAR.fullmatch(word)}
    return bool(words & _AMOUNT_WORDS) or rest <= format_words()


def _without_tax(words: set[str]) -> set[str]:
    """Return the words without a tax, where they say that it is in the price or not: `Price excl. VAT`."""
    return words - TAX_WORDS if words & (NET | GROSS) else words


def names_share(header: str) -> bool:
    """Whether a header whose cells are percents says a cost: `Artist commission`, `Aufschlag`, `事務手数料`."""
    words = split_header(header)
    return any(word in _SHARE_WORDS or word.endswith(_SHARE_ENDINGS) for word in words)


def _currency_words(header: str) -> set[str]:
    return {word for sign in _currency().findall(header) for word in split_header(sign)}


def is_format_header(header: str) -> bool:
    """Whether a header names a format or a platform and nothing else: `Reel`, `IG Story (€)`."""
    words = set(split_header(header)) - _FILLERS - _CODES - _currency_words(header)
    return bool(words) and words <= format_words()


def names_format(header: str) -> bool:
    """Whether a header names a format or a platform."""
    return bool(set(split_header(header)) & format_words())


def find_header_currency(header: str) -> str | None:
    """Return the currency that a header names, or None: its code, or a sign that several currencies share."""
    found = _currency().search(_CAMEL_CASE.sub(" ", header))
    return shared_sign(found[0]) or find_currency(found[0]) if found else None


def parse_offer_header(header: str) -> tuple[str, str]:
    """Return the offer and the platform that a price header names; an offer without a name is a post."""
    ignored = _PRICE_WORDS | _FILLERS | _CODES | END_WORDS | _currency_words(header)
    words = [word for word in split_header(header) if word not in ignored]
    platform = next((word for word in words if word in PLATFORM_SPELLINGS), "")
    return " ".join(word for word in words if word != platform) or "post", platform


def parse_plain_offer(header: str) -> tuple[str, str]:
    """Return what a price header prices, whichever way: `Total price` and `Price 2025 (net)` are both of a post."""
    offer, platform = parse_offer_header(header)
    words = set(offer.split())
    ignored = _VARIANTS | {word for word in words if _YEAR.fullmatch(word)} | (words - _without_tax(words))
    return " ".join(word for word in offer.split() if word not in ignored) or "post", platform


def find_year(header: str) -> int:
    """Return the year that a header names, `NO_YEAR` if none."""
    years = [int(word) for word in split_header(header) if _YEAR.fullmatch(word)]
    return max(years, default=NO_YEAR)


def is_low_end(header: str) -> bool:
    """Whether a price header says the low end of a range: `Price from`."""
    return _price_end(header).is_low


def is_high_end(header: str) -> bool:
    """Whether a price header says the high end of a range: `Price to`."""
    return _price_end(header).is_high


def is_low_price(header: str) -> bool:
    """Whether a header says the low end of a price and nothing else but what it is for: `Reel from`, `from`."""
    words = parse_offer_header(header)[0].split()
    return is_low_end(header) and (words == ["post"] or format_words().issuperset(words))


class _PriceEnd(Struct, frozen=True):
    """What a price header prices, and whether it says the low or the high end of it."""

    offer: tuple[str, str]
    is_low: bool
    is_high: bool


def _price_end(header: str) -> _PriceEnd:
    words = split_header(header)
    return _PriceEnd(parse_offer_header(header), is_low(words), is_high(words))


def _find_low_ends(headers: Sequence[str], priced: Sequence[int]) -> dict[int, int]:
    """Return the position of the header of the low end of a range, by that of its high end: `Price to`, or `Price`."""
    found = find_ends({position: split_header(headers[position]) for position in priced})
    free = [position for position in priced if position not in found and position not in found.values()]
    ends = {position: _price_end(headers[position]) for position in free}
    for low, end in ends.items():
        others = [other for other in free if ends[other].offer == end.offer and not ends[other].is_low]
        others.sort(key=lambda other: not ends[other].is_high)
        if end.is_low and others:
            found.setdefault(others[0], low)
    return found


def assign_price_columns(
    headers: Sequence[str],
    taken: set[int],
    fee: tuple[int, int] | None,
    *,
    has_offers: bool,
    formats: Sequence[int] = (),
) -> dict[str, int]:
    """Return the fee column where there is a single price header, else one column for each price header.

    A pair of headers for the two ends of a range, `Price from` and `Price to`, is a single one; its low end becomes a
    column `fee_low`.

    Parameters
    ----------
    taken
        Positions of headers that belong to other columns.
    fee
        Rank and position of the header that is an alias of the fee (a rank below 0: named by the user), or None.
    has_offers
        Whether a column names the offers.
    formats
        Positions of headers that do not say price and whose cells are prices: `Reel`, `Reel from`.
    """
    priced = [i for i, header in enumerate(headers) if i not in taken and (i in formats or is_price_header(header))]
    low_ends = _find_low_ends(headers, priced if fee is None else sorted({*priced, fee[1]}))
    priced = [position for position in priced if position not in low_ends.values()]
    if fee is not None:
        chosen = next((high for high, low in low_ends.items() if low == fee[1]), fee[1])
        others = [i for i in priced if i != chosen and names_format(headers[i])]
        priced = [chosen] if fee[0] < 0 or has_offers or not others else sorted({chosen, *others})
    columns = {"fee": priced[0]} if len(priced) == 1 else {f"{PRICE_PREFIX}{n}": i for n, i in enumerate(priced)}
    ends = {low_end_of(name): low_ends[position] for name, position in columns.items() if position in low_ends}
    return columns | ends


def low_end_of(price_column: str) -> str:
    """Return the column with the low ends of a price column: `fee_low` for `fee`, `fee_low:1` for `fee:1`."""
    return LOW_END + price_column.removeprefix("fee")

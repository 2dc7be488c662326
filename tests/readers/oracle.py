"""A slow, independent reader of rosters to test the fast one: character by character, with no code in common.

It knows no columns and decides nothing: it returns the numbers that a cell can stand for, and the rows of a text.
"""

from contextlib import suppress
from math import isclose, isfinite, isnan

DIGITS = set("0123456789")
NOT_PUBLIC = [
    "hidden",
    "private",
    "versteckt",
    "verborgen",
    "privat",
    "oculto",
    "oculta",
    "masqué",
    "caché",
    "gizli",
    "非公開",
    "unknown",
    "tbc",
    "tbd",
    "tba",
    "?",
]
MISSING = {"", "nan", "nan%", "n/a", "na", "n.a.", "n.a", "k.a.", "k.a", "k. a.", "#n/a", "null", "none", "-", "–", "—"}
SIGNS = (
    "r$ $ € £ ¥ ₹ us$ u$s us-dollar c$ ca$ can$ a$ au$ nz$ hk$ nt$ s$ sg$ mx$ mex$ jp¥ cn¥ dollar dollars dólares "
    "euro euros pound pounds quid 円 yen 元 rmb 人民币 人民幣 yuan rupees rupee rs rs. ₨ reais fr. fr sfr. sfr franken "
    "zł zl zloty złotych kč kc ft lei ₺ tl lira lirası ₽ руб. руб рублей "
    "рубля р. р ₴ грн. грн ₩ 원 won rp. rp rm ฿ baht ₫ ₱ ₦ gh₵ ₵ ₸ ₪ dhs "
    "د.إ ﷼ ر.س s/. s/ лв. лв kr kr."
)
CODES = (
    "usd eur gbp jpy inr brl chf cad aud nzd sek nok dkk isk pln czk huf ron bgn rsd try rub uah kzt gel cny twd hkd "
    "sgd krw idr myr thb vnd php pkr bdt lkr npr aed sar qar kwd bhd omr ils egp mad tnd zar ngn kes ghs ugx tzs mxn "
    "ars clp cop pen uyu dop crc gtq"
)
CURRENCIES = [*SIGNS.split(), *CODES.split()]
SCALES = {}
for _power, _words in {
    3: "k к b т тысячи tsd tausend thousand thousands mil mila mille rb ribu ngàn nghìn тыс тысяч тис bin tys tis 千 "
    "천",
    4: "w 万 萬 만",
    5: "l lac lacs lakh lakhs",
    6: "m mm mn mio mill mln mil million millions millionen milione milioni millón millones milhão milhões mi jt juta "
    "tr triệu млн миллион миллионов миллиона 百万 백만",
    7: "cr crore crores 千万 천만",
    8: "亿 億 억",
    9: "b bn billion mrd mia md млрд miliar",
}.items():
    for _word in _words.split():
        SCALES.setdefault(_word, []).append(float(10**_power))
ABOUT_WORDS = (
    "~ ≈ > ca. ca circa c. approx. approx approximately about around over env. env environ aprox. aprox etwa rund "
    "около 約 约 < ≤ <= >= under below"
)
ABOUT = [*ABOUT_WORDS.split(), "up to", "bis zu"]
COUNTED_WORDS = (
    "followers follower subs subscribers fans views likes plays comments posts people abonnenten aufrufe abonnés vues "
    "seguidores inscritos vistas visualizações iscritti volgers obserwujących takipçi pengikut подписчиков просмотров "
    "人 名 位 명 フォロワー 粉丝 粉絲 팔로워 回"
)
COUNTED = COUNTED_WORDS.split()
ENDS = ["+", "-", "/-", "/=", ",-", ".-", ",--", ".--", ",–", ",—", ".–", ".—"]
BETWEEN = ["-", "–", "—", "~", " to ", " bis ", " until ", " à ", " a ", " до "]
SEPARATOR_CHARACTERS = set("=-_*~+|")


def normalize(cell):
    """Return a cell in lower case, in plain signs, digits, spaces and apostrophes, with no spaces at the ends."""
    plain = "".join(map(plain_character, cell.replace("\ufeff", "")))
    return "".join(" " if c.isspace() else c for c in plain).lower().strip()


def plain_character(character):
    if "！" <= character <= "～":
        return chr(ord(character) - ord("！") + ord("!"))
    return {"￥": "¥", "￡": "£", "￦": "₩", "￠": "¢", "’": "'"}.get(character, character)


def is_missing(cell):
    return normalize(cell) in MISSING


def is_digits(text):
    return bool(text) and set(text) <= DIGITS


def parse_plain_number(body, mark, separators):
    """Return the number written in digits with this decimal mark and one of these group separators, or None."""
    integer_part, has_mark, fraction = body.partition(mark)
    if has_mark and fraction and not is_digits(fraction):
        return None
    used = [separator for separator in separators if separator in integer_part]
    groups = integer_part.split(used[0]) if used else [integer_part]
    sizes = {len(group) for group in groups[1:-1]}
    is_grouped = 1 <= len(groups[0]) <= 3 and groups[0] != "0" and len(groups[-1]) == 3 and sizes <= {3}
    is_lakhs = used == [","] and 1 <= len(groups[0]) <= 2 and len(groups[-1]) == 3 and sizes == {2}
    if len(used) > 1 or (used and not is_grouped and not is_lakhs):
        return None
    if not all(is_digits(group) for group in groups) and not (integer_part == "" and fraction):
        return None
    return float(f"{''.join(groups) or '0'}.{fraction or '0'}")


def without_affixes(text, affixes):
    """Yield the text, and the text without each of these affixes that it starts or ends with."""
    yield text
    for affix in affixes:
        if text.startswith(affix):
            yield text[len(affix) :].strip()
        if text.endswith(affix):
            yield text[: -len(affix)].strip()


def without_units(text):
    """Yield the text and 1, and the text without each unit that it ends with and what that multiplies it by."""
    yield text, 1.0
    for unit, scales in SCALES.items():
        for ending in (unit, f"{unit}."):
            if text.endswith(ending):
                yield from ((text[: -len(ending)].strip(), scale) for scale in scales)


def parse_amounts(text, affixes):
    """Return every number that a text without a percent sign can stand for."""
    numbers = set()
    for body in without_affixes(text, affixes):
        sign = -1 if body[:1] == "-" else 1
        for unsigned in without_affixes(body[1:].strip() if body[:1] in ("+", "-") else body, affixes):
            for rounded in without_affixes(unsigned, ["+"]):
                for number, scale in without_units(rounded):
                    for whole in without_affixes(number, ENDS):
                        for mark, separators in ((".", ",' "), (",", ".' ")):
                            value = parse_plain_number(whole, mark, separators)
                            if value is not None:
                                numbers.add(sign * value * scale)
    return numbers


def possible_numbers(cell):
    """Return every number that a cell can stand for, with percents divided by 100, and whether it has a `%`."""
    text = normalize(cell)
    text = f"{text[1:].strip()}%" if text[:1] == "%" else text
    numbers = single_numbers(text) | middles_of_ranges(text)
    return {value for value in numbers if isfinite(value)}, text.rstrip("+ ").endswith("%")


def single_numbers(text):
    """Return every number that a normalized text can stand for, unless it is a range."""
    percent = text.rstrip("+ ").endswith("%")
    bare = text.rstrip("+ ")[:-1].strip() if percent else text
    numbers = {value / 100 if percent else value for value in parse_amounts(bare, [] if percent else CURRENCIES)}
    for word in ABOUT:
        if text.startswith(word):
            numbers |= single_numbers(text[len(word) :].strip())
    if text.endswith(")") and text.count("(") == 1:
        numbers |= single_numbers(text.partition("(")[0].strip())
    if set(text) <= DIGITS | set(".,e+-") and "e" in text:
        with suppress(ValueError):
            numbers.add(float(text.replace(",", ".")))
    if text.endswith("+"):
        numbers |= single_numbers(text[:-1].strip())
    for word in COUNTED:
        if text.endswith(word) and text != word:
            numbers |= single_numbers(text.removesuffix(word).strip())
    return numbers


def middles_of_ranges(text):
    """Return the middle of every range that a text can stand for; a unit at its end may count for both numbers."""
    middles = set()
    for between in BETWEEN:
        for at in [at for at in range(1, len(text)) if text.startswith(between, at)]:
            low, high = text[:at].strip(), text[at + len(between) :].strip()
            endings = ["%", *(ending for unit in SCALES for ending in (unit, f"{unit}."))]
            lows = [low, *(low + ending for ending in endings if high.endswith(ending))]
            highs = single_numbers(high)
            middles |= {(one + two) / 2 for start in lows if highs for one in single_numbers(start) for two in highs}
    return middles


def is_close_to_any(value, candidates):
    return any(isclose(value, candidate, rel_tol=1e-9, abs_tol=1e-12) for candidate in candidates)


def explains_number(cell, value, *, rate=False):
    """Whether a cell can stand for this number; a rate without a percent sign may also be in percent."""
    if isnan(value):
        return is_missing(cell) or normalize(cell).strip(" .?") in NOT_PUBLIC
    candidates, percent = possible_numbers(cell)
    if rate and not percent:
        candidates |= {candidate / 100 for candidate in candidates}
    return is_close_to_any(value, candidates)


def explains_fee(cell, cents):
    if cents == -1:
        return is_missing(cell)
    candidates, percent = possible_numbers(cell)
    return not percent and any(abs(candidate * 100 - cents) <= 0.5000001 + 1e-9 * cents for candidate in candidates)


def parse_records(text, delimiter):
    """Return the rows of a delimited text as lists of cells, or None for a row with unbalanced quotes."""
    lines = split_lines(text)
    rows = []
    start = 0
    while start < len(lines):
        count, cells = parse_record(lines, start, delimiter)
        rows.append(cells)
        start += count
    return rows


def split_lines(text):
    lines, line = [], ""
    position = 0
    while position < len(text):
        character = text[position]
        if character == "\r" and text[position + 1 : position + 2] == "\n":
            character = "\r\n"
        position += len(character)
        line += character
        if character in ("\r", "\n", "\r\n"):
            lines.append(line)
            line = ""
    return [*lines, line] if line else lines


def parse_record(lines, start, delimiter):
    """Return the lines that a row takes and its cells; 1 and None if a quote stays open or a later line misuses it."""
    cells, cell = [], ""
    in_quotes = was_quoted = is_odd = False
    count = 0
    while True:
        if start + count >= len(lines):
            return 1, None
        line = lines[start + count]
        count += 1
        has_ended = False
        position = 0
        while position < len(line):
            character = line[position]
            position += 1
            if in_quotes:
                if character != '"':
                    cell += character
                elif line[position : position + 1] == '"':
                    cell += '"'
                    position += 1
                else:
                    in_quotes = False
                    following = line[position : position + 1]
                    is_odd = is_odd or following not in ("", delimiter, "\r", "\n")
                    if is_odd and count > 1:
                        return 1, None
            elif character == '"' and cell == "" and not was_quoted:
                in_quotes = was_quoted = True
            elif character == delimiter:
                cells.append(cell)
                cell, was_quoted = "", False
            elif character in "\r\n":
                has_ended = True
                break
            else:
                cell += character
        if in_quotes and is_odd:
            return 1, None
        if not in_quotes and (has_ended or start + count >= len(lines)):
            return count, [*cells, cell] if cells or cell or was_quoted else []


def is_blank(cells):
    return cells is not None and not any(normalize(cell) for cell in cells)


def is_separator_row(cells):
    """Whether a row is a line such as `====`."""
    texts = [normalize(cell) for cell in cells or []]
    return any(texts) and all(not cell or (len(cell) >= 3 and set(cell) <= SEPARATOR_CHARACTERS) for cell in texts)

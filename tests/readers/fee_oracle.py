"""What a fee can stand for, read slowly and independently: the amounts written in it, and words without an amount.

It is weaker than the reader, since it follows no grammar: a fee must be one of the amounts in its cell, whatever stands
beside them. What no amount explains must be a word for a gift or for a fee that is not known.
"""

from math import isclose, isnan

from tests.readers.oracle import DIGITS, SCALES, explains_fee, is_missing, normalize, possible_numbers

MARKS = set(".,' ")
FREE_WORDS = (
    "gift free barter product exchange complimentary contra gratis kostenlos umsonst produkt offert échange canje "
    "permuta omaggio scambio takas ücretsiz darmo бартер бесплат подар 免费 免費 置换 置換 赠送 無料 無償 무료 협찬 "
    "unpaid pr no affiliate commission troca trade seeding tausch"
)
OPEN_WORDS = (
    "tbd tbc tba request ask poa ? negoti nego neg anfrage offen absprache demande consult convenir definir combinar "
    "pedido richiesta aanvraag uzgodnienia zapytanie запрос договор görüş belirlen hubungi 面议 待定 要相談 未定 문의 "
    "협의 pending open vb unknown na nd - – —"
)


def runs_of_digits(text):
    """Return each run of digits with the marks between them, and the text behind it up to the next."""
    runs, position = [], 0
    while position < len(text):
        if text[position] not in DIGITS:
            position += 1
            continue
        end = position
        while end < len(text) and (text[end] in DIGITS or text[end] in MARKS):
            end += 1
        runs.append((position, end))
        position = end
    stops = [*(start for start, _ in runs[1:]), len(text)][: len(runs)]
    return [(text[start:end].rstrip("., '"), text[end:stop]) for (start, end), stop in zip(runs, stops, strict=True)]


def amounts_in(cell):
    """Return every amount that may be written in a cell; a unit may count for the amounts before it too."""
    runs = runs_of_digits(normalize(cell).replace("..", " - "))
    units = [1.0]
    for _, behind in runs:
        word = "".join(c if c.isalpha() else " " for c in behind).split()[:1]
        units += [scale for unit, scales in SCALES.items() if word and word[0].startswith(unit) for scale in scales]
    numbers = {value for digits, _ in runs for value in possible_numbers(digits)[0]} | possible_numbers(cell)[0]
    if " x " in normalize(cell):
        numbers |= {count * price for count in numbers for price in numbers}
    return {value * unit for value in numbers for unit in units}


def is_one_of(amount, candidates):
    return any(isclose(amount, candidate, rel_tol=1e-9, abs_tol=0.0051) for candidate in candidates)


def explains_quote(cell, cents):
    """Whether a cell can stand for this fee in cents, by default that at the upper end of a range."""
    text = normalize(cell)
    if explains_fee(cell, cents):
        return True
    if cents == -1:
        words, letters = OPEN_WORDS.split(), "".join(c for c in text if c.isalpha())  # of `re quest`, `request`
        is_split_word = letters in words or any(word in letters for word in words if len(word) > 4)
        return is_missing(cell) or is_split_word or any(word in text for word in words)
    amounts = amounts_in(cell)
    return is_one_of(cents / 100, amounts) or (cents == 0 and is_gift(text))


def is_gift(text):
    """Whether a text has a word for a gift, or is one that spaces divide: `taka s`."""
    words = FREE_WORDS.split()
    return "".join(text.split()) in words or any(word in text for word in words)


def explains_part(cell, value):
    """Whether a cell states this number besides its fee: a low end, or a number of deliverables; or none."""
    return isnan(value) or is_one_of(value, amounts_in(cell))

"""A roster written by the habits of one country, with any mix of words in its fees, is the same as its plain form."""

import io
from csv import writer

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from tests.readers.builders import cells, read


class Habits(Struct):
    """How a country writes lists of creators: marks, the currency, the delimiter, headers, and words in fees."""

    group: str
    decimal: str
    delimiter: str
    header: tuple[str, str, str]
    money: str  # with {} for the digits
    forms: dict[str, str]  # by kind, with {low} and {high}
    gifted: str
    open: str


HABITS = {
    "US": Habits(
        group=",",
        decimal=".",
        delimiter=",",
        header=("Handle", "Followers", "Rate"),
        money="${}",
        forms={"range": "{low} - {high}", "from": "from {high}", "up to": "up to {high}", "tax": "{high} + tax"},
        gifted="Gifted",
        open="TBD",
    ),
    "Germany": Habits(
        group=".",
        decimal=",",
        delimiter=";",
        header=("Konto", "Abonnenten", "Preis"),
        money="{} €",
        forms={
            "range": "von {low} bis {high}",
            "from": "ab {high}",
            "up to": "bis zu {high}",
            "tax": "{high} zzgl. MwSt.",
        },
        gifted="gegen Produkt",
        open="auf Anfrage",
    ),
    "Switzerland": Habits(
        group="'",
        decimal=".",
        delimiter=";",
        header=("Name", "Follower", "Honorar"),
        money="CHF {}",
        forms={"range": "{low}–{high}", "from": "mind. {high}", "up to": "max. {high}", "tax": "{high} exkl. MwSt."},
        gifted="gratis",
        open="offen",
    ),
    "France": Habits(
        group="\u202f",
        decimal=",",
        delimiter=";",
        header=("compte", "abonnés", "tarif"),
        money="{} €",
        forms={
            "range": "entre {low} et {high}",
            "from": "à partir de {high}",
            "up to": "jusqu'à {high}",
            "tax": "{high} HT",
        },
        gifted="offert",
        open="sur demande",
    ),
    "Brazil": Habits(
        group=".",
        decimal=",",
        delimiter=";",
        header=("perfil", "seguidores", "cachê"),
        money="R$ {}",
        forms={
            "range": "{low} a {high}",
            "from": "a partir de {high}",
            "up to": "até {high}",
            "tax": "{high} por reel",
        },
        gifted="permuta",
        open="a combinar",
    ),
    "Russia": Habits(
        group=" ",
        decimal=",",
        delimiter=";",
        header=("блогер", "подписчики", "цена"),
        money="{} руб.",
        forms={"range": "от {low} до {high}", "from": "от {high}", "up to": "до {high}", "tax": "{high} без НДС"},
        gifted="бартер",
        open="по запросу",
    ),
    "Japan": Habits(
        group=",",
        decimal=".",
        delimiter=",",
        header=("アカウント名", "フォロワー数", "料金"),
        money="{}円",
        forms={"range": "{low}〜{high}", "from": "{high}〜{high}", "up to": "最高{high}", "tax": "{high} 税抜"},
        gifted="無償",
        open="要相談",
    ),
}
KINDS = ("plain", "range", "from", "up to", "tax", "gifted", "open", "exact")
creators = st.lists(
    st.tuples(st.integers(1_000, 9_999_999), st.integers(1, 99_999), st.integers(1, 9), st.sampled_from(KINDS)),
    min_size=3,
    max_size=12,
)


def digits(number, habits, decimals=""):
    return f"{number:,}".replace(",", habits.group) + (habits.decimal + decimals if decimals else "")


def fee_cell(low, more, kind, habits):
    high = low * more
    if kind in ("gifted", "open"):
        return getattr(habits, kind)
    money = {name: habits.money.format(digits(amount, habits)) for name, amount in (("low", low), ("high", high))}
    if kind == "plain":
        return money["high"]
    return habits.money.format(digits(high, habits, "50")) if kind == "exact" else habits.forms[kind].format(**money)


def fee_cents(low, more, kind):
    return {"gifted": 0, "open": -1, "exact": low * more * 100 + 50}.get(kind, low * more * 100)


def write(rows, habits):
    text = io.StringIO()
    table = writer(text, delimiter=habits.delimiter, lineterminator="\n")
    table.writerow(habits.header)
    for number, (followers, low, more, kind) in enumerate(rows):
        table.writerow([f"@c{number}", digits(followers, habits), fee_cell(low, more, kind, habits)])
    return text.getvalue()


@pytest.mark.parametrize("country", HABITS)
@given(rows=creators)
def test_a_list_by_the_habits_of_a_country_gives_its_plain_numbers(country, rows):
    roster = read(write(rows, HABITS[country]), fees_required=False)
    assert roster.numbers["followers"].tolist() == [row[0] for row in rows]
    assert roster.fee.tolist() == [fee_cents(*row[1:]) for row in rows]
    pays = cells(roster, "pay") if "pay" in roster.texts else [""] * len(rows)
    assert pays == ["gifted" if row[3] == "gifted" else "" for row in rows]

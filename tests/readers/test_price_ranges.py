"""A pair of columns with the two ends of each fee, in whatever words and rows of headers, is the plain upper end."""

from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.campaign.campaign import Campaign
from microopt.planning.optimize import optimize
from tests.readers.builders import cells, read
from tests.scale import examples
from tests.solver.builders import CALM

# Words for a price, and for the two ends of one.
LANGUAGES = {
    "en": ("Price|Fee|Rate", "from to|min max|low high|lowest highest|starting up"),
    "es": ("Precio|Tarifa", "desde hasta|de a|mín máx|mínimo máximo"),
    "pt": ("Preço|Cachê", "de até|mín. máx.|mínimo máximo"),
    "de": ("Preis|Honorar|Preise", "ab bis|von bis|min. max.|mindestens höchstens"),
    "fr": ("Tarif|Prix", "de à|min max|minimum maximum"),
    "it": ("Prezzo|Compenso", "da a|minimo massimo"),
    "pl": ("Cena|Stawka", "od do|min. maks."),
    "tr": ("Ücret|Fiyat", "min maks|asgari azami"),
    "id": ("Harga|Tarif", "dari sampai|mulai hingga|terendah tertinggi"),
    "ru": ("Цена|Стоимость", "от до|мин макс|мин. макс."),
    "zh": ("报价|价格", "最低 最高|下限 上限|从 到"),
    "ja": ("料金|報酬", "最低 最高|下限 上限|から まで"),
    "ko": ("단가|가격", "최저 최고|최소 최대|부터 까지"),
}
WORDS = [
    (price, *ends.split())
    for prices, pairs in LANGUAGES.values()
    for price in prices.split("|")
    for ends in pairs.split("|")
]
# The cells above the two columns, empty where there is no such row, and those right above the amounts.
FORMS = {
    "in one row": ("", "", "{price} {low}", "{price} {high}"),
    "in brackets": ("", "", "{price} ({low})", "{price} ({high})"),
    "of one format": ("", "", "{price} Reel {low}", "{price} Reel {high}"),
    "of a format alone": ("", "", "Reel {low}", "Reel {high}"),
    "below a price": ("{price}", "", "{low}", "{high}"),
    "below a repeated price": ("{price}", "{price}", "{low}", "{high}"),
    "below the price of a format": ("{price} Reel", "", "{low}", "{high}"),
    "below a price, of a format": ("{price}", "", "Reel {low}", "Reel {high}"),
    "below a format": ("Reel", "", "{low}", "{high}"),
}


@st.composite
def ranges(draw):
    """Draw a roster with the two ends of each fee in any form, and its plain form."""
    price, low, high = draw(st.sampled_from(WORDS))
    form = FORMS[draw(st.sampled_from([*FORMS]))]
    *above, first, second = (part.format(price=price, low=low, high=high) for part in form)
    is_swapped, is_above = (draw(st.booleans()) for _ in range(2))
    names = ["creator", "followers"]
    heads = [[*names, first, second]]
    if any(above):
        heads = [
            [*["" if is_above else name for name in names], *above],
            [*[name if is_above else "" for name in names], first, second],
        ]
    rows, plain = [], [f"creator,followers,{'Reel fee' if 'Reel' in ''.join(form) else 'fee'}"]
    for number in range(draw(st.integers(2, 6))):
        ends = sorted(draw(st.lists(st.integers(20, 5_000), min_size=2, max_size=2)))
        people = draw(st.integers(1_000, 90_000))
        rows.append([f"anna{number}", str(people), *map(str, ends)])
        plain.append(f"anna{number},{people},{ends[1]}")
    lines = heads + rows
    if is_swapped and not any(above):
        lines = [[*line[:2], line[3], line[2]] for line in lines]
    return "\n".join(map(",".join, lines)), "\n".join(plain)


def picks(roster):
    plan = optimize(roster, Campaign(budget=6_000))
    return [(pick.creator, pick.followers, pick.fee, pick.metrics) for pick in plan.picks]


def offers(roster):
    return cells(roster, "offer") if "offer" in roster.texts else None


@settings(CALM, max_examples=examples(40))
@given(ranges())
def test_two_columns_with_the_ends_of_each_fee_give_the_plan_of_the_upper_ends(texts):
    pair, plain = map(read, texts)
    assert pair.fee.tolist() == plain.fee.tolist()
    assert offers(pair) == offers(plain)
    assert picks(pair) == picks(plain)

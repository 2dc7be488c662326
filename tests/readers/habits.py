"""How people of several countries keep lists of creators: marks, currencies, headers, encodings, words in fees."""

import csv
import io
from typing import NamedTuple

from hypothesis import strategies as st

from microopt.roster.roster import NO_FEE

DEFAULT_FORMS = {"range": "{low} - {high}", "about": "ca. {high}"}


class Habit(NamedTuple):
    """How people of a country keep a list.

    Attributes
    ----------
    headers
        Those of the creator, the followers, the niche, the fee and the engagement rate; a bar separates alternatives.
    names
        Creators, with letters of the language.
    niches
        As one cell names them.
    money
        Forms of an amount, `{}` for the number.
    groups
        Marks between thousands; one is drawn that the encoding has.
    forms
        Other forms of a fee by their kind, each with the amounts `{low}` and `{high}`, the fee.
    gifted, unknown
        Words for a gifted post, and for a fee that is not known yet.
    """

    encodings: tuple[str, ...]
    headers: tuple[str, ...]
    names: tuple[str, ...]
    niches: tuple[str, ...]
    money: tuple[str, ...]
    currency: str
    decimal: str = ","
    groups: tuple[str, ...] = (".",)
    delimiter: str = ";"
    forms: dict[str, str] = DEFAULT_FORMS
    gifted: tuple[str, ...] = ("gifted",)
    unknown: tuple[str, ...] = ("TBD",)


HABITS = {
    "english": Habit(
        ("utf-8", "utf-16", "cp1252"),
        ("Creator|Handle", "Followers", "Niche", "Rate", "ER"),
        ("Zoë Ball", "Chloé Day", "Renée Fox", "Beyoncé Lee", "Noël Hart", "José Cruz"),
        ("beauty", "travel", "food"),
        ("${}",),
        "USD",
        ".",
        (",",),
        ",",
        DEFAULT_FORMS | {"from": "from {high}", "up to": "up to {high}", "tax": "{high} + tax"},
        gifted=("gifted", "Gifted"),
    ),
    "german": Habit(
        ("utf-8", "utf-8-sig", "cp1252"),
        ("Name|Konto", "Abonnenten", "Kategorie", "Preis", "Engagement-Rate"),
        ("Jürgen Groß", "Käthe Möller", "Björn Süß", "Änne Köhler", "Günther Weiß", "Sören Bär"),
        ("Küche", "Reisen", "Schönheit"),
        ("{} €",),
        "EUR",
        forms=DEFAULT_FORMS
        | {
            "words": "von {low} bis {high}",
            "from": "ab {high}",
            "up to": "bis zu {high}",
            "tax": "{high} zzgl. MwSt.",
        },
        gifted=("Barter", "gegen Produkt"),
        unknown=("auf Anfrage",),
    ),
    "swiss": Habit(
        ("utf-8", "cp1252"),
        ("Name", "Follower", "Kategorie", "Honorar", "Engagement-Rate"),
        ("Jürg Hürlimann", "Vreni Bösch", "Urs Zürcher", "Käthi Müller", "Reto Brändli", "Anaïs Rochât"),
        ("Küche", "Reisen", "Schönheit"),
        ("CHF {}",),
        "CHF",
        ".",
        ("'", "’"),
        forms={"range": "{low}–{high}", "from": "mind. {high}", "up to": "max. {high}", "tax": "{high} exkl. MwSt."},
        gifted=("gratis",),
        unknown=("offen",),
    ),
    "french": Habit(
        ("utf-8", "cp1252"),
        ("Nom|compte", "Abonnés|abonnés", "Catégorie", "Tarif|tarif", "Taux d'engagement"),
        ("Zoé Lefèvre", "Gaëlle Forêt", "François Noël", "Hélène Bœuf", "Jérôme Côté", "Éloïse Denis"),
        ("beauté", "voyage", "cuisine"),
        ("{} €",),
        "EUR",
        groups=(" ", "\u202f", "\xa0"),
        forms=DEFAULT_FORMS
        | {
            "words": "entre {low} et {high}",
            "from": "à partir de {high}",
            "up to": "jusqu'à {high}",
            "tax": "{high} HT",
        },
        gifted=("gifted", "offert"),
        unknown=("sur demande",),
    ),
    "brazilian": Habit(
        ("utf-8", "cp1252"),
        ("perfil", "seguidores", "categoria", "cachê", "engajamento"),
        ("João Conceição", "Inês Simões", "Luís Galvão", "Thaís Araújo", "Mônica Leão", "Antônio Brandão"),
        ("beleza", "viagem", "culinária"),
        ("R$ {}",),
        "BRL",
        forms={
            "range": "{low} a {high}",
            "from": "a partir de {high}",
            "up to": "até {high}",
            "unit": "{high} por post",
        },
        gifted=("permuta",),
        unknown=("a combinar",),
    ),
    "polish": Habit(
        ("utf-8", "cp1250"),
        ("Nazwa", "Obserwujący", "Kategoria", "Cena", "Zaangażowanie"),
        ("Łucja Żak", "Paweł Świątek", "Małgorzata Dąbrowska", "Józef Źrebiec", "Grażyna Wójcik", "Michał Ślęzak"),
        ("podróże", "żywność", "książki"),
        ("{} zł",),
        "PLN",
        groups=(" ",),
    ),
    "russian": Habit(
        ("utf-8", "cp1251"),
        ("Блогер|блогер", "Подписчики|подписчики", "Тематика", "Стоимость|цена", "ER"),
        ("Анна Петрова", "Юлия Щукина", "Дмитрий Жуков", "Ольга Цветкова", "Игорь Быков", "Мария Ёлкина"),
        ("красота", "путешествия", "еда"),
        ("{} руб", "{} руб."),
        "RUB",
        groups=(" ",),
        forms=DEFAULT_FORMS
        | {
            "words": "от {low} до {high}",
            "from": "от {high}",
            "up to": "до {high}",
            "tax": "{high} без НДС",
        },
        gifted=("gifted", "бартер"),
        unknown=("TBD", "по запросу"),
    ),
    "japanese": Habit(
        ("utf-8", "shift_jis"),
        ("アカウント名", "フォロワー数", "ジャンル", "料金", "エンゲージメント率"),
        ("田中さくら", "佐藤ゆうき", "鈴木はなこ", "高橋けんじ", "渡辺まい", "山本りょう"),
        ("美容", "旅行", "料理"),
        ("¥{}", "{}円"),
        "JPY",
        ".",
        (",",),
        ",",
        DEFAULT_FORMS
        | {"wave": "{low}〜{high}", "from": "{high}〜{high}", "up to": "最高{high}", "tax": "{high} 税抜"},
        gifted=("gifted", "無償"),
        unknown=("TBD", "要相談"),
    ),
    "korean": Habit(
        ("utf-8", "euc_kr"),
        ("이름", "팔로워 수", "카테고리", "단가", "참여율"),
        ("김민지", "이서준", "박하은", "최지우", "정도윤", "강수아"),
        ("뷰티", "여행", "요리"),
        ("{}원",),
        "KRW",
        ".",
        (",",),
        ",",
    ),
    "chinese": Habit(
        ("utf-8", "gb18030"),
        ("昵称", "粉丝数", "类别", "报价", "互动率"),
        ("小红的生活", "美食家老王", "旅行日记本", "时尚小姐姐", "科技达人张", "健身教练李"),
        ("美妆", "旅行", "美食"),
        ("{} 元",),
        "CNY",
        ".",
        (",",),
        ",",
    ),
    "turkish": Habit(
        ("utf-8", "cp1254"),
        ("Kullanıcı adı", "Takipçi Sayısı", "Kategori", "Ücret", "Etkileşim oranı"),
        ("Ayşe Yılmaz", "Gülşah Çınar", "İrem Doğan", "Özgür Işık", "Şule Güneş", "Çağla Öztürk"),
        ("güzellik", "seyahat", "yemek"),
        ("{} TL",),
        "TRY",
    ),
}


class WrittenRoster(NamedTuple):
    """A roster as people of a country keep it, and its plain form.

    Attributes
    ----------
    fees
        Cents, `NO_FEE` where the fee is not known yet.
    pays
        `gifted` where a word says so, else empty.
    """

    data: bytes
    plain: str
    followers: list[int]
    fees: list[int]
    pays: list[str]


class Writer(NamedTuple):
    """One person of a country: the form of amounts and the mark between thousands that they use."""

    habit: Habit
    money: str
    group: str

    def number(self, number):
        return f"{number:,}".replace(",", self.group)

    def amount(self, cents):
        decimals = f"{self.habit.decimal}{cents % 100:02d}" if cents % 100 else ""
        return self.money.format(self.number(cents // 100) + decimals)

    def people_forms(self, people):
        hundreds = people % 1000 // 100
        rounded = [f"{people // 1000}{self.habit.decimal}{hundreds}K"] if people % 100 == 0 else []
        return [str(people), self.number(people), *rounded]

    def fee_forms(self, fee, low):
        if fee == NO_FEE:
            return list(self.habit.unknown)
        if fee == 0:
            return [*self.habit.gifted, self.amount(0)]
        amounts = {"low": self.amount(low), "high": self.amount(fee)}
        return [form.format(**amounts) for form in ("{high}", *self.habit.forms.values())]


def encodes(text, encoding):
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


UNITS = st.integers(1, 20_000) | st.integers(1, 899_991)
FEES = st.sampled_from([NO_FEE, 0]) | st.builds(
    lambda units, cents: units * 100 + cents, UNITS, st.sampled_from([0, 50])
)
PEOPLE = st.integers(1_000, 9_999_999) | st.integers(11, 9_000).map(lambda hundreds: hundreds * 100)


@st.composite
def rosters(draw, habit):
    """Draw a roster as people of a country keep it."""
    encoding = draw(st.sampled_from(habit.encodings))
    group = draw(st.sampled_from([mark for mark in habit.groups if encodes(mark, encoding)]))
    writer = Writer(habit, draw(st.sampled_from(habit.money)), group)
    lines = [[draw(st.sampled_from(headers.split("|"))) for headers in habit.headers]]
    written = WrittenRoster(b"", "creator,followers,niche,fee,engagement_rate\n", [], [], [])
    plain = [written.plain]
    for number in range(draw(st.integers(3, 12))):
        name = habit.names[number % len(habit.names)] + (" 2" if number >= len(habit.names) else "")
        people, fee, rate = draw(PEOPLE), draw(FEES), draw(st.integers(101, 999))
        niche, low = draw(st.sampled_from(habit.niches)), fee // 100 // draw(st.integers(1, 9)) * 100 or fee
        fee_cell = draw(st.sampled_from(writer.fee_forms(fee, low)))
        percent = f"{rate // 100}{habit.decimal}{rate % 100:02d} %"
        lines.append([name, draw(st.sampled_from(writer.people_forms(people))), niche, fee_cell, percent])
        plain.append(f"{name},{people},{niche},{'' if fee == NO_FEE else f'{fee / 100:.2f}'},{rate / 100}%\n")
        written.followers.append(people)
        written.fees.append(fee)
        written.pays.append("gifted" if fee_cell in habit.gifted else "")
    if any(written.pays):  # then a fee of 0 is a gift too
        written.pays[:] = ["" if fee else "gifted" for fee in written.fees]
    text = io.StringIO()
    csv.writer(text, delimiter=habit.delimiter, lineterminator="\n").writerows(lines)
    return written._replace(data=text.getvalue().encode(encoding), plain="".join(plain))

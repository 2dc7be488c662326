"""Language: the texts of a locale, and how it writes numbers, money and dates.

Texts stand in English in the code, each marked by a call of `Language.text` or a `trans` block of a template. Their
translations are in one catalogue per language, `de.po`, in the format of GNU gettext that translators' tools edit.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files

from babel import Locale
from babel.dates import format_date, format_interval
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_compact_decimal, format_currency, format_decimal, format_percent
from babel.support import NullTranslations, Translations
from msgspec import Struct

from microopt.campaign.report_settings import LANGUAGES
from microopt.quantities.parse_and_format import format_percent as percent_in_english

COMPACT_FROM = 10_000  # counts from here on are shortened: 64.5K
MANY_CENTS = 10_000  # amounts of money from here on, in cents, are rounded to whole units where that is asked for
ENGLISH = "en"
WITHOUT_SHARP_S = "de-CH"  # Swiss German spells ß as ss
CODE_BEFORE_NUMBER = re.compile(r"(?<=[A-Za-z])(?=\d)")  # SEK 250, but $250


class Language(Struct, frozen=True, kw_only=True, eq=False):
    """A locale with the catalogue of its texts.

    Attributes
    ----------
    code
        One of `microopt.campaign.report_settings.LANGUAGES`.
    """

    code: str
    locale: Locale
    catalogue: NullTranslations

    def text(self, message: str, **values: object) -> str:
        """Return a text in this language, with values, if there are any, in its places such as `{budget}`."""
        found = self.catalogue.ugettext(message)
        return found.format(**values) if values else found

    def plural(self, one: str, many: str, count: int, **values: object) -> str:
        """Return the text for a count, which has the place `{count}`."""
        return self.catalogue.ungettext(one, many, count).format(count=self.number(count), **values)

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number with at most so many decimals."""
        return str(format_decimal(value, format=f"#,##0.{'#' * digits}" if digits else "#,##0", locale=self.locale))

    def count(self, value: float) -> str:
        """Return a number of people or events, a large one shortened to three digits: 64.5K."""
        if abs(value) < COMPACT_FROM:
            return self.number(round(value))
        digits = 2 - (len(str(int(abs(value)))) - 1) % 3
        short = str(format_compact_decimal(round(value), locale=self.locale, fraction_digits=digits))
        return self.number(round(value)) if short.isdigit() else short  # German has no short thousands

    def money(self, cents: int | Fraction, currency: str, *, whole: bool = False) -> str:
        """Return an amount of money, without cents where it has none.

        Parameters
        ----------
        whole
            Whether an amount from 100 units on is rounded to whole units.
        """
        rounded = round(cents)
        if rounded % 100 == 0 or (whole and abs(rounded) >= MANY_CENTS):
            pattern = self.locale.currency_formats["standard"].pattern.replace("0.00", "0")
            units = (abs(rounded) + 50) // 100  # half a unit rounds up, as in every other output
            text = format_currency(
                units if rounded >= 0 else -units, currency, pattern, self.locale, currency_digits=False
            )
        else:
            text = format_currency(float(rounded) / 100, currency, locale=self.locale)
        return CODE_BEFORE_NUMBER.sub("\N{NO-BREAK SPACE}", text)  # as CLDR asks for, and Babel does not do

    def percent(self, share: float) -> str:
        """Return a share in whole percent, a small one with a decimal."""
        small = 0 < abs(share) < 0.0095
        pattern = self.locale.percent_formats[None].pattern
        return str(format_percent(share, pattern.replace("0", "0.#", 1) if small else pattern, locale=self.locale))

    def share(self, share: float | Fraction) -> str:
        """Return a share with a decimal where it is small; what is not quite all does not read as 100%."""
        digits = percent_in_english(float(share)).removesuffix("%").replace(",", "")
        decimals = len(digits.partition(".")[2])
        pattern = self.locale.percent_formats[None].pattern
        pattern = pattern.replace("0", f"0.{'0' * decimals}", 1) if decimals else pattern
        return str(format_percent(Decimal(digits) / 100, pattern, locale=self.locale))

    def day(self, day: date) -> str:
        """Return a date in words."""
        return str(format_date(day, format="long", locale=self.locale))

    def short_day(self, day: date) -> str:
        """Return a date as a table has it: `Mar 5, 2027`."""
        return str(format_date(day, format="medium", locale=self.locale))

    def period(self, first: date, last: date) -> str:
        """Return two days as a period."""
        return str(format_interval(first, last, "yMMMd", locale=self.locale))

    def join(self, words: Sequence[str]) -> str:
        """Return words as a list in a sentence."""
        return str(format_list(list(words), locale=self.locale))

    def either(self, words: Sequence[str]) -> str:
        """Return words as alternatives in a sentence."""
        return str(format_list(list(words), style="or", locale=self.locale))


@cache
def find_language(tag: str) -> Language:
    """Return the language of a tag such as `de-AT`; English for any other, as a plan file may state anything."""
    known = tag if tag in LANGUAGES else ENGLISH
    locale = Locale.parse("en-US" if known == ENGLISH else known, sep="-")
    return Language(code=known, locale=locale, catalogue=_catalogue(known))


@cache
def _catalogue(code: str) -> NullTranslations:
    """Return the texts of a language; English has none, as it is what stands in the code."""
    language = code.partition("-")[0]
    if language == ENGLISH:
        return NullTranslations()
    written = files("microopt.rendering.language").joinpath(f"{language}.po").read_text(encoding="utf-8")
    if code == WITHOUT_SHARP_S:
        written = written.replace("ß", "ss")
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(written.encode()), locale=language))
    compiled.seek(0)
    return Translations(compiled)

"""Days, months and weeks in the words of people: a text with several meanings has none."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.quantities.written_days import MONTHS, find_month, read_days, read_serial, why_no_day

DAY = date(2027, 3, 15)


@pytest.mark.parametrize(
    "text",
    [
        *("2027-03-15", " 2027-3-15 ", "2027/03/15", "2027.03.15", "15.03.2027", "15. 3. 2027", "15.3.27"),
        *("15 Mar 2027", "15-Mar-2027", "15-Mar-27", "15mar2027", "15th of March 2027", "15 March, 2027"),
        *("Mar 15, 2027", "March 15th 2027", "MARCH 15 2027", "2027 March 15", "2027-Mar-15", "2027–03–15"),
        *("15. März 2027", "15. Maerz 2027", "15 de marzo de 2027", "15 mars 2027", "15 marca 2027", "15. mrz. 2027"),
        *("2027-03-15T00:00:00", "2027-03-15 09:30", "2027-03-15T23:59:59.5Z", "15.03.2027 9:30", "2027/03/15 4:05 PM"),
        *("15. Ma\u0308rz 2027", "2027-03-15 24:00"),
    ],
)
def test_a_day_has_many_forms(text):
    assert read_days(text) == (DAY, DAY)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("29 Feb 2027", "February 2027 has 28 days"),
        ("Apr 31, 2028", "April 2028 has 30 days"),
        ("2028-02-30", "February 2028 has 29 days"),
        ("2027-13-01", ""),
        ("31 Feb", ""),
        ("soon", ""),
        ("28 Feb 2027", ""),
    ],
)
def test_why_there_is_no_such_day_is_known(text, reason):
    assert why_no_day(text) == reason


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        *(
            (text, date(2027, 3, 1), date(2027, 3, 31))
            for text in ("2027-03", "2027-3", "03/2027", "3.2027", "Mar 2027")
        ),
        *(
            (text, date(2027, 3, 1), date(2027, 3, 31))
            for text in ("March 2027", "März 2027", "2027 March", "März, 2027")
        ),
        ("Feb. 2028", date(2028, 2, 1), date(2028, 2, 29)),
        ("Sept 2027", date(2027, 9, 1), date(2027, 9, 30)),
        *(
            (text, date(2027, 3, 8), date(2027, 3, 14))
            for text in ("2027-W10", "2027W10", "KW 10 / 2027", "week 10, 2027")
        ),
        *((text, date(2027, 4, 1), date(2027, 6, 30)) for text in ("Q2 2027", "2027-Q2", "q2/2027")),
        ("2027", date(2027, 1, 1), date(2027, 12, 31)),
    ],
)
def test_a_month_a_week_a_quarter_and_a_year_are_all_of_their_days(text, first, last):
    assert read_days(text) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "03/04/2027",
            "03-04-2027",
            "Mar 27",
            "Mar-27",
            "27 Mar",
            "15 March",
            "March",
            "15.3.",
            "15/3",
            "3",
        ),  # several
        *("31.02.2027", "2027-13", "2027-00", "0/2027", "13.13.2027", "2027-W53", "2027-W00", "Q5 2027"),  # none such
        *("15.3.99", "15.3.15", "1.4.1027", "9999-01-01", "2027-03-15-03", "46460", "jui 2027", "ma 2027"),
        *("soon", "TBD", "", "end of May 2027", "15 Mar 2027 TBD", "mid March 2027", "2027-03-15 or later", "٢٠٢٧"),
        *("2027-03-15T25:00", "2027-03-15 10:60", "2027-03-15 10:00:61"),
    ],
)
def test_a_text_of_several_meanings_or_of_none_is_no_day(text):
    assert read_days(text) is None


@given(st.dates(date(2020, 1, 1), date(2059, 12, 31)), st.sampled_from(range(10)))
def test_days_are_read_as_they_were_written(day, form):
    month = MONTHS[day.month - 1].split()[0]
    forms = (
        f"{day}|{day:%Y/%m/%d}|{day:%d.%m.%Y}|{day:%d.%m.%y}|{day.day} {month} {day.year}|{month} {day.day}, {day.year}"
        f"|{day.day}-{month[:3]}-{day:%y}|{day.year} {month} {day.day}|{day}T10:00:00|{day:%Y.%m.%d}"
    )
    assert read_days(forms.split("|")[form]) == (day, day)


@given(st.text())
def test_no_text_stops_the_reading(text):
    found = read_days(text)
    assert found is None or found[0] <= found[1]
    assert read_serial(text) is None or len(text) >= 5


def test_the_numbers_of_spreadsheets_are_days_of_this_century():
    assert read_serial("46460") == date(2027, 3, 14)
    assert read_serial("36526") == date(2000, 1, 1)
    assert read_serial("73050") == date(2099, 12, 31)
    assert read_serial("46460.75") == date(2027, 3, 14)
    assert {read_serial(text) for text in ("36525", "73051", "2027", "046460", "46460.", "46.460", "４６４６０")} == {
        None
    }


def test_each_name_of_a_month_is_of_one_month():
    for number, names in enumerate(MONTHS, start=1):
        assert {find_month(name) for name in names.split()} == {number}
    begun = {word[:3]: find_month(word[:3]) for names in MONTHS for word in names.split()}
    assert [word for word, number in begun.items() if number is None] == ["jui"]  # of juin and of juillet

"""What RFC 5545 asks of a calendar file, checked line by line; nothing is shared with the library that writes it."""

import re
from collections import Counter
from datetime import datetime

LINE = re.compile(
    r'(?P<name>[A-Za-z0-9-]+)(?P<parameters>(?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*))*):(?P<value>.*)', re.DOTALL
)
ONCE = {"UID", "DTSTAMP", "DTSTART"}  # section 3.6.1
AT_MOST_ONCE = {
    *("CLASS", "CREATED", "DESCRIPTION", "GEO", "LAST-MODIFIED", "LOCATION", "ORGANIZER", "PRIORITY", "SEQUENCE"),
    *("STATUS", "SUMMARY", "TRANSP", "URL", "RECURRENCE-ID", "DTEND", "DURATION"),
}
TEXTS = {"SUMMARY", "DESCRIPTION", "X-WR-CALNAME", "X-WR-CALDESC"}
KNOWN = ONCE | AT_MOST_ONCE | {"CATEGORIES"}


def content_lines(data):
    """Return the unfolded lines of a file as (name, parameters, value)."""
    text = data.decode("utf-8")
    assert text.endswith("\r\n")
    assert not re.search(r"(?<!\r)\n|\r(?!\n)", text), "a line that does not end in CRLF"
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text), "a control character"
    assert all(len(line) <= 75 for line in data.split(b"\r\n")), "a line of more than 75 octets"
    for line in data.split(b"\r\n"):
        line.decode("utf-8")  # no character is folded within its octets
    found = []
    for line in text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n"):
        match = LINE.fullmatch(line)
        assert match, f"no content line: {line[:80]!r}"
        found.append((match["name"].upper(), match["parameters"], match["value"]))
    return found


def unescape(value):
    """Return the text of a value; a sign that has to be escaped and is not is an error."""
    assert re.fullmatch(r"(?:[^\\;,\n]|\\[\\;,nN])*", value), f"not escaped: {value[:80]!r}"
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def check_calendar_file(data):
    """Check a file of events of whole days, and return each event as its properties by name."""
    lines = content_lines(data)
    assert lines[0] == ("BEGIN", "", "VCALENDAR")
    assert lines[-1] == ("END", "", "VCALENDAR")
    calendar, events, event = Counter(), [], None
    for name, parameters, value in lines[1:-1]:
        if (name, value) == ("BEGIN", "VEVENT"):
            assert event is None
            event = []
        elif (name, value) == ("END", "VEVENT"):
            events.append(check_event(event))
            event = None
        elif event is not None:
            event.append((name, parameters, value))
        else:
            assert name not in ("BEGIN", "END"), "another component"
            calendar[name] += 1
            if name in TEXTS:
                unescape(value)
    assert event is None
    assert calendar["PRODID"] == calendar["VERSION"] == 1
    assert max(calendar.values()) == 1
    assert events, "a calendar has at least one component"
    assert len({event["UID"] for event in events}) == len(events)
    return events


def check_event(lines):
    """Check the properties of an event, and return their values; texts are unescaped, days are dates."""
    counts = Counter(name for name, _, _ in lines)
    assert counts.keys() <= KNOWN, "an unknown property"
    assert all(counts[name] == 1 for name in ONCE)
    assert all(counts[name] <= 1 for name in AT_MOST_ONCE)
    assert not (counts["DTEND"] and counts["DURATION"])
    found = {name: unescape(value) if name in TEXTS else value for name, _, value in lines}
    for name, parameters, value in lines:
        if name in ("DTSTART", "DTEND"):
            assert parameters == ";VALUE=DATE"
            found[name] = datetime.strptime(value, "%Y%m%d").date()
    assert re.fullmatch(r"\d{8}T\d{6}Z", found["DTSTAMP"])
    assert "DTEND" not in found or found["DTSTART"] < found["DTEND"]
    assert 0 <= int(found.get("SEQUENCE", 0)) < 2**31
    assert found.get("STATUS", "TENTATIVE") in ("TENTATIVE", "CONFIRMED", "CANCELLED")
    assert found.get("TRANSP", "OPAQUE") in ("OPAQUE", "TRANSPARENT")
    assert re.fullmatch(r"https?://[^\s\"<>\\^`{|}]+", found.get("URL", "https://x"))
    return found

"""The most that is read of each thing, far above what people write; see docs/limits.md.

Whoever sends a file can make each part of it large. Without limits a small file could take minutes or all memory, and
the time limit of a solve would not help, as it is not reached.
"""

from __future__ import annotations

MAX_COLUMNS = 1_000  # of a table; exports of creator databases have up to a few hundred
MAX_HEADER_CHARACTERS = 1_000  # of the header of a column
MAX_HEADER_ROW_CHARACTERS = 100_000  # of all headers: each is searched for words, signs and formats
MAX_CELL_CHARACTERS = 32_767  # the most that a cell of a spreadsheet holds
MAX_QUOTE_CHARACTERS = 500  # of a fee: `from 300 for a reel, stories on request` has 40
MAX_CAMPAIGN_BYTES = 1 << 20  # of a campaign file: enough to exclude 50,000 creators
MAX_CAMPAIGNS = 1_000  # of a portfolio, fifty times as many as an agency plans in a night
MAX_KEY_PARTS = 16  # of a dotted TOML key, where the deepest known one has three; tomllib needs their square
MAX_BRIEF_CHARACTERS = 20_000  # of a brief from which the fit of niches is learned: some eight pages; plans keep it
MAX_RULES = 200  # of a campaign, filters among them; each one without room may be priced by a solve
MAX_RULE_CHARACTERS = 5_000  # of one rule, which are some 500 values: niche:a,b,c has three
MAX_RULES_CHARACTERS = 100_000  # of all rules of a campaign, as each unknown value in them is told
MAX_WAVES = 60  # of a calendar: five years of months, or more than a year of weeks; each repeats the offers
MAX_CALENDAR_DAYS = 10 * 365  # from the first day of a calendar to its last
MAX_BLACKOUTS = 1_000  # of a calendar: days, or days in a row
MAX_SHEETS = 1_000  # of a workbook; agencies send one for each market or month
MAX_SHEET_ROWS = 1 << 20  # of a spreadsheet
MAX_SHEET_COLUMNS = 1 << 14  # of a spreadsheet
WORKBOOK_BASE_MEMORY = 320 << 20  # bytes of addresses of the process that opens a workbook: a small one needs 60 MB
WORKBOOK_MEMORY_RATIO = 24  # more bytes of addresses for each unpacked byte; a sheet of short numbers needs 12
WORKBOOK_BASE_SECONDS = 2  # of processor time of that process; a small workbook needs a hundredth of one
WORKBOOK_BYTES_PER_SECOND = 2 << 20  # unpacked ones, for which it has one second more; it reads twenty times as many

"""From the bytes of a report to numbered rows of cells: encodings, separators, the header line.

Every CSV file of money is read by `text_of` and `records`, whatever door it comes in by. Pure but
for the words. A byte order mark is believed (UTF-8, UTF-16), else the encoding that the mapping
names. The separator is the one under which a line names every column that is needed, so nothing is
guessed from frequencies; lines above the header are passed over.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

SEPARATORS = (",", ";", "\t", "|")
HEADER_WITHIN = 30
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
LONGEST_CELL = 2_000
# No word and no number has one of these; PostgreSQL keeps no text with the first of them.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
LINE_END = re.compile(r"\r\n|\r|\n")


class SheetRefused(ValueError):
    """The file cannot be read as a table; `line` says where."""

    def __init__(self, line: int, reason: str) -> None:
        self.line, self.reason = line, reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one record by the header's words in small letters, and the line it begins on."""

    line: int
    cells: dict[str, str]
    surplus: bool = False


def text_of(content: bytes, encoding: str = "utf-8") -> str:
    """Decode a file, or refuse it naming the line with the bad byte or with a sign that is none of any text."""
    used = next((name for mark, name in MARKS if content.startswith(mark)), encoding)
    begin = content[:4000]
    if used == encoding and not used.startswith("utf-16") and begin.count(b"\0") > len(begin) // 3:
        raise SheetRefused(1, _("this is UTF-16 without its mark, or no text; save it as CSV in UTF-8"))
    try:
        text = content.decode(used)
    except UnicodeDecodeError as problem:
        line = _line_at(content[: problem.start].decode(used, "replace"))
        raise SheetRefused(line, _("a byte is no %(encoding)s text") % {"encoding": used}) from problem
    if found := CONTROL.search(text):
        words = _("a control sign (%(code)s) stands where text should; take it out")
        raise SheetRefused(_line_at(text[: found.start()]), words % {"code": f"U+{ord(found[0]):04X}"})
    return text


def _line_at(before: str) -> int:
    """The number of the line that begins somewhere before a place, by the text up to it."""
    return len(LINE_END.findall(before)) + 1


def rows_of(content: bytes, needed: Sequence[str], encoding: str = "utf-8") -> list[Row]:
    """The records below the header that names all `needed` columns; empty ones are left out.

    Raises SheetRefused for bytes that are no text, for no such header, and for broken quotes.
    """
    text = text_of(content, encoding)
    wanted = [_name(column) for column in needed]
    best: list[str] = []
    for separator in SEPARATORS:
        found, header = _header(text, separator, wanted)
        if found:
            return list(_below(text, separator, found))
        best = max(best, header, key=lambda names: len(set(wanted) & set(names)))
    missing = [column for column, name in zip(needed, wanted, strict=True) if name not in best]
    if missing:
        raise SheetRefused(1, _("no line names the columns: %(columns)s") % {"columns": ", ".join(missing)})
    raise SheetRefused(1, _("a column is named twice in the header"))


def _name(text: str) -> str:
    return " ".join(text.split()).casefold()


def records(text: str, separator: str = ",") -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins on, whichever way lines end; SheetRefused for broken quotes."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as problem:
        raise SheetRefused(
            begins, _("the quotes are broken, or a cell is far too long: %(why)s") % {"why": problem}
        ) from problem


def _header(text: str, separator: str, wanted: list[str]) -> tuple[int, list[str]]:
    """The number of the header record under this separator, 0 for none; and the names that come nearest."""
    nearest: list[str] = []
    try:
        for number, (_line, cells) in enumerate(records(text, separator), start=1):
            names = [_name(cell) for cell in cells]
            if all(names.count(name) == 1 for name in wanted):
                return number, names
            if len(set(wanted) & set(names)) > len(set(wanted) & set(nearest)):
                nearest = names
            if number == HEADER_WITHIN:
                break
    except SheetRefused:
        # Quotes that are broken under the wrong separator say nothing; under the right one the header came first.
        return 0, nearest
    return 0, nearest


def _below(text: str, separator: str, header_number: int) -> Iterator[Row]:
    names: list[str] = []
    for number, (line, cells) in enumerate(records(text, separator), start=1):
        if number < header_number:
            continue
        if number == header_number:
            names = [_name(cell) for cell in cells]
        elif any(cell.strip() for cell in cells):
            filled = [cell.strip()[:LONGEST_CELL] for cell in cells]
            surplus = any(filled[len(names) :])
            yield Row(line, dict.fromkeys(names, "") | dict(zip(names, filled, strict=False)), surplus)


def cell(row: Row, column: str) -> str:
    """A row's cell by the column's name as the mapping writes it; empty for no column."""
    return row.cells.get(_name(column), "") if column else ""

"""How a report of any shape is read: the bytes, the rules that staff give, the rows in our words."""

from royalties.mapping.numbers import CellRefused, day_in, number_in
from royalties.mapping.reading import MappedRow, Problems, Reading, read
from royalties.mapping.rules import ENCODINGS, KINDS, Rules, RulesRefused, rules_of
from royalties.mapping.sheets import Row, SheetRefused, records, rows_of, text_of

__all__ = [
    "ENCODINGS",
    "KINDS",
    "CellRefused",
    "MappedRow",
    "Problems",
    "Reading",
    "Row",
    "Rules",
    "RulesRefused",
    "SheetRefused",
    "day_in",
    "number_in",
    "read",
    "records",
    "rows_of",
    "rules_of",
    "text_of",
]

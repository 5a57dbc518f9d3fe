"""Whether every row that another one names is still there: entries' sources, and keys.

`checks/booked.py` begins at the rows and finds what was changed; a row that is gone is missed by whoever names it.
PostgreSQL keeps keys whole, unless somebody who may has told it not to.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, islice
from typing import Any

from django.apps import apps
from django.db.models import Exists, Model, OuterRef, TextField, Value
from django.db.models.functions import Cast

from royalties.checks.rows import BATCH, rows
from royalties.models import (
    Advance,
    BankExchange,
    Batch,
    BatchFee,
    Conversion,
    Cost,
    Income,
    Invoice,
    JournalEntry,
    JournalLine,
    Payout,
    PayoutHold,
    PayoutReport,
    Remittance,
    ReportRow,
    Reserve,
    Reversal,
    Revision,
    Statement,
    Suspense,
    Transfer,
    UnclaimedCase,
)

Key = tuple[int, ...]

#: What the words of an entry's source number, and the words that such a number counts within.
NUMBERED: dict[str, type[Model]] = {
    "advance": Advance,
    "bank_exchange": BankExchange,
    "batch": Batch,
    "batch_fee": BatchFee,
    "conversion": Conversion,
    "correction": Statement,
    "corrects": Statement,
    "cost": Cost,
    "hold": PayoutHold,
    "income": Income,
    "invoice": Invoice,
    "payout": Payout,
    "remittance": Remittance,
    "report": PayoutReport,
    "reserve": Reserve,
    "reversal": Reversal,
    "statement": Statement,
    "suspense": Suspense,
    "transfer": Transfer,
    "unclaimed": UnclaimedCase,
}
WITHIN: dict[str, tuple[str, type[Model]]] = {"line": ("report", ReportRow), "revision": ("statement", Revision)}


def validate_entries_come_from_rows() -> Iterator[str]:
    """Every row that an entry names as its source is there; one breach a row, with the first entry that misses it."""
    entries = JournalEntry.objects.order_by("pk").values_list("pk", "source").iterator(BATCH)
    while some := list(islice(entries, BATCH)):
        named: dict[str, dict[Key, int]] = defaultdict(dict)
        for entry, source in some:
            for word, key in _keys_of(source):
                named[word].setdefault(key, entry)
        for word, keys in named.items():
            for key in sorted(keys.keys() - _there(word, keys)):
                yield f"entry {keys[key]} comes from {_words(word, key)}, which is gone"


def _keys_of(source: str) -> Iterator[tuple[str, Key]]:
    """What a source names; nothing where it is no source any more, which is for the hash chain to tell."""
    try:
        named = json.loads(source)
    except ValueError:
        return
    key: tuple[Any, ...]
    for word in named if isinstance(named, dict) else ():
        if word in WITHIN:
            key = named[word], named.get(WITHIN[word][0])
        elif word in NUMBERED:
            key = (named[word],)
        else:
            continue
        if all(type(number) is int for number in key):
            yield word, key


def _there(word: str, keys: Iterable[Key]) -> set[Key]:
    """Those of the keys that have their row."""
    numbers = zip(*keys, strict=True)
    if word not in WITHIN:
        return set(NUMBERED[word]._base_manager.filter(pk__in=next(numbers)).values_list("pk"))
    outer, model = WITHIN[word]
    found = model._base_manager.filter(**{"number__in": next(numbers), f"{outer}__in": next(numbers)})
    return set(found.values_list("number", outer))


def _words(word: str, key: Key) -> str:
    return f"{word} {key[0]} of {WITHIN[word][0]} {key[1]}" if word in WITHIN else f"{word} {key[0]}"


def validate_keys_lead_to_rows() -> Iterator[str]:
    """Whatever a row of money points at is there."""
    for place, row, number in rows(*_question()):
        model, parents = _keys()[place][:2]
        yield f"{model._meta.verbose_name} {row} names {parents._meta.verbose_name} {number}, which is gone"


@cache
def _keys() -> list[tuple[type[Model], type[Model], str]]:
    """Every key of a row of money: its model, the model it leads to, its column."""
    models = apps.get_app_config("royalties").get_models(include_auto_created=True)
    return [
        (model, field.related_model, field.attname)
        for model in models
        if model is not JournalLine  # millions, and lines_belong_to_entries asks for both of their parents
        for field in model._meta.concrete_fields
        if field.related_model and not isinstance(field.related_model, str)
    ]


@cache
def _question() -> tuple[str, tuple[Any, ...]]:
    """All of them asked at once, spelt once a process, in an eighth of the time of asking one by one."""
    asked = []
    for place, (model, parents, column) in enumerate(_keys()):
        there = Exists(parents._base_manager.filter(pk=OuterRef(column)))
        gone = model._base_manager.order_by().filter(~there, **{f"{column}__isnull": False})
        columns = Value(place), Cast("pk", TextField()), Cast(column, TextField())
        asked.append(gone.values_list(*columns).query.sql_with_params())
    return " UNION ALL ".join(sql for sql, _given in asked), tuple(chain(*(given for _sql, given in asked)))

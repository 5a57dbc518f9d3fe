"""Whether every row that another one names is still there: entries' sources, and keys.

`checks/booked.py` begins at the rows and finds what was changed; a row that is gone is missed by whoever names it.
PostgreSQL keeps keys whole, unless somebody who may has told it not to.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.apps import apps
from django.db.models import Exists, Model, OuterRef

from royalties.checks.rows import BATCH
from royalties.models import (
    Advance,
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
    for model in apps.get_app_config("royalties").get_models(include_auto_created=True):
        if model is not JournalLine:  # millions, and lines_belong_to_entries asks for both of their parents
            yield from _dangling(model)


def _dangling(model: type[Model]) -> Iterator[str]:
    for field in model._meta.concrete_fields:
        parents = field.related_model
        if not parents or isinstance(parents, str):
            continue
        there = Exists(parents._base_manager.filter(pk=OuterRef(field.attname)))
        gone = model._base_manager.filter(~there, **{f"{field.attname}__isnull": False}).order_by("pk")
        for row, number in gone.values_list("pk", field.attname).iterator(BATCH):
            yield f"{model._meta.verbose_name} {row} names {parents._meta.verbose_name} {number}, which is gone"

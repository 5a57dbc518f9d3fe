"""What the bank held before the books begin: by command, once a currency."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from profiles.models import Event
from royalties import actions, ledger
from royalties.checks import run_checks
from royalties.models import JournalEntry
from royalties.money import Money

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 1, 1)


def open_books(*words: str, on: str = "2026-01-01", by: str = "dana") -> str:
    out = StringIO()
    call_command("open_books", *words, "--on", on, "--by", by, stdout=out)
    return out.getvalue()


def test_the_bank_holds_it_and_the_same_again_changes_nothing(dana: Any) -> None:
    said = [open_books("12345.67", "USD") for _time in range(2)]
    assert said == ["entry 1: $12,345.67 at the bank on 2026-01-01\n"] * 2
    assert ledger.trial_balance() == {"USD": {"bank:USD": 1_234_567, "opening:USD": -1_234_567}}
    assert Event.objects.get(verb="royalties.books_opened").actor == dana
    open_books("500", "JPY", on="2026-02-01")
    assert ledger.balance("bank:JPY") == Money(500, "JPY")
    assert [breach for _name, found in run_checks() for breach in found] == []


def test_what_was_written_down_wrongly_is_taken_back_and_booked_anew(dana: Any, sam: Any) -> None:
    open_books("12345.76", "USD")
    with pytest.raises(CommandError, match="finance"):
        call_command("take_back_opening", "USD", "--by", "sam")
    out = StringIO()
    call_command("take_back_opening", "USD", "--by", "dana", stdout=out)
    assert out.getvalue() == "entry 1 is taken back\n"
    with pytest.raises(CommandError, match="not open"):
        call_command("take_back_opening", "USD", "--by", "dana")
    said = [open_books("12345.67", "USD") for _time in range(2)]
    assert said == ["entry 3: $12,345.67 at the bank on 2026-01-01\n"] * 2
    with pytest.raises(CommandError, match="open already"):
        open_books("12345.76", "USD")
    assert ledger.balance("bank:USD") == Money(1_234_567, "USD")
    assert ledger.balance_as_of("bank:USD", DAY) == Money(1_234_567, "USD")
    assert Event.objects.get(verb="royalties.opening_taken_back").actor == dana
    assert [breach for _name, found in run_checks() for breach in found] == []


@pytest.mark.parametrize(
    ("words", "options", "why"),
    [
        (("12345.68", "USD"), {}, "open already"),
        (("12345.67", "USD"), {"on": "2026-01-02"}, "open already"),
        (("0", "EUR"), {}, "more than nothing"),
        (("1.234", "EUR"), {}, "1.234"),
        (("5", "XXZ"), {}, "XXZ"),
        (("5", "EUR"), {"by": "sam"}, "finance"),
        (("5", "EUR"), {"by": "nobody"}, "Nobody here"),
    ],
)
def test_it_refuses_in_plain_words(
    dana: Any, sam: Any, words: tuple[str, ...], options: dict[str, str], why: str
) -> None:
    actions.open_books(actor=dana, money=Money(1_234_567, "USD"), on=DAY)
    with pytest.raises(CommandError, match=why):
        open_books(*words, **options)
    assert JournalEntry.objects.count() == 1

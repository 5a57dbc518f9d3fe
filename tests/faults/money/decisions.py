"""Forms by which two people decide: reversals, reserves, advances, conversions; and corrections of statements."""

from __future__ import annotations

from typing import Any

from royalties import actions
from royalties.models import Advance, Conversion, Income, Reserve, Reversal, Statement
from royalties.money import Money
from tests.faults.forms import Form, add, ask, move, sends
from tests.faults.money import shelf
from tests.faults.money.intake import rates_of, unpaid
from tests.faults.studio import SECOND, Studio
from tests.royalties.conftest import REVENUE

WHY = "We looked again."
SMALL, LARGE = "5.00", "500.00"


def income(studio: Studio, amount: str) -> Income:
    """A sale that nobody has taken back."""
    minor = Money.parse(amount, "USD").amount_minor
    free = Income.objects.filter(provider="stall", kind="sale", amount_minor=minor, reversals=None)
    row = free.first()
    if row is None:
        day = shelf.OPEN_DAY
        facts = f"fair,sale,{amount},USD,{day},{studio.production.pk}"
        rows = [f"stall,{shelf.code()},{facts}\n" for _row in range(shelf.DOZEN)]
        content = (REVENUE + "".join(rows)).encode()
        actions.import_csv(actor=studio.dana, kind="revenue", name="fair.csv", content=content)
        row = free.first()
    assert row is not None
    return row


def waiting(model: Any) -> Any:
    """A proposal that nobody has decided."""
    return model.objects.filter(approved_at=None, dropped_at=None).order_by("pk").first()


@sends("income reverse")
def reverse_small(studio: Studio) -> Form:
    return move(studio.sam, income(studio, SMALL), "reverse", WHY)


@sends("income reverse")
def reverse(studio: Studio) -> Form:
    return move(studio.sam, income(studio, LARGE), "reverse", WHY)


@sends("cost reverse")
def reverse_cost(studio: Studio) -> Form:
    facts = {"supplier": "Ferryman Post", "category": "post", "money": Money(1, "USD")}
    day = shelf.OPEN_DAY
    row = actions.enter_cost(actor=studio.sam, production=studio.production, invoice=shelf.code(), paid_on=day, **facts)
    return move(studio.sam, row, "reverse", WHY)


@sends("invoice reverse")
def reverse_invoice(studio: Studio) -> Form:
    return move(studio.sam, unpaid(studio), "reverse", WHY)


def reversal(studio: Studio) -> Reversal:
    found: Reversal | None = waiting(Reversal)
    return found or actions.reverse_income(actor=studio.sam, income=income(studio, LARGE), reason=WHY)


@sends("reversal approve")
def approve_reversal(studio: Studio) -> Form:
    return move(studio.dana, reversal(studio), "approve")


@sends("reversal drop")
def drop_reversal(studio: Studio) -> Form:
    return move(studio.dana, reversal(studio), "drop")


def unreserved(studio: Studio) -> Statement:
    """A draft that nobody has kept anything back of."""
    statement = shelf.newest_draft(studio)
    return studio.queued() if statement.reserves.filter(dropped_at=None).exists() else statement


def reserve(studio: Studio) -> Reserve:
    found: Reserve | None = waiting(Reserve)
    if found is not None and found.statement.status == Statement.Status.DRAFT:
        return found
    facts = {"money": Money(100, "USD"), "reason": WHY}
    return actions.propose_reserve(actor=studio.sam, statement=unreserved(studio), **facts)


@sends("reserve add")
def propose_reserve(studio: Studio) -> Form:
    fields = {"statement": unreserved(studio).pk, "amount": "1.00", "reason": WHY}
    return add(studio.sam, "reserve", fields)


@sends("reserve drop")
def drop_reserve(studio: Studio) -> Form:
    return move(studio.dana, reserve(studio), "drop")


@sends("reserve approve")
def approve_reserve(studio: Studio) -> Form:
    return move(studio.dana, reserve(studio), "approve")


@sends("reserve ask release")
def release_reserve(studio: Studio) -> Form:
    # Behind a statement that was withdrawn meanwhile none of the next month can begin.
    held = (
        Reserve.objects.filter(approved_at__isnull=False, released_at=None)
        .exclude(statement__status=Statement.Status.WITHDRAWN)
        .first()
    )
    row = held or actions.approve_reserve(actor=studio.dana, reserve=reserve(studio))
    after = Statement.objects.filter(production=row.statement.production_id, period__fully_gt=row.statement.period)
    into = after.filter(status=Statement.Status.DRAFT).first()
    if into is None:
        into = studio.queued(production=row.statement.production, days=SECOND)
    return ask(studio.dana, row, "release", {"statement": into.pk})


def advance_facts(studio: Studio) -> dict[str, Any]:
    return {"production": studio.production, "paid_on": shelf.OPEN_DAY, "reason": f"{WHY} {shelf.code()}"}


def advance(studio: Studio) -> Advance:
    found: Advance | None = waiting(Advance)
    if found is not None:
        return found
    payee, money = shelf.payee_of(studio.charlie), Money(100, "USD")
    return actions.propose_advance(actor=studio.sam, payee=payee, money=money, **advance_facts(studio))


@sends("advance add")
def propose_advance(studio: Studio) -> Form:
    fields = {"payee": shelf.payee_of(studio.charlie).code, "amount": "1.00", "currency": "USD"}
    facts = {**advance_facts(studio), "production": studio.production.pk}
    return add(studio.sam, "advance", {**fields, **facts})


@sends("advance approve")
def approve_advance(studio: Studio) -> Form:
    return move(studio.dana, advance(studio), "approve")


@sends("advance drop")
def drop_advance(studio: Studio) -> Form:
    return move(studio.dana, advance(studio), "drop")


def conversion_facts(studio: Studio) -> dict[str, Any]:
    """A day with euros in it, and their rate."""
    day = studio.day()
    row = f"stall,{shelf.code()},fair,sale,10.00,EUR,{day},{studio.production.pk}\n"
    actions.import_csv(actor=studio.dana, kind="revenue", name="euro.csv", content=(REVENUE + row).encode())
    actions.import_csv(actor=studio.dana, kind="rates", name="rates.csv", content=rates_of(day))
    return {"sold": "EUR", "bought": "USD", "first_day": day, "last_day": day, "reason": WHY}


def conversion(studio: Studio) -> Conversion:
    found: Conversion | None = waiting(Conversion)
    if found is not None:
        return found
    return actions.propose_conversion(actor=studio.sam, production=studio.production, **conversion_facts(studio))


@sends("conversion add")
def propose_conversion(studio: Studio) -> Form:
    return add(studio.sam, "conversion", {"production": studio.production.pk, **conversion_facts(studio)})


@sends("conversion approve")
def approve_conversion(studio: Studio) -> Form:
    return move(studio.dana, conversion(studio), "approve")


@sends("conversion drop")
def drop_conversion(studio: Studio) -> Form:
    return move(studio.dana, conversion(studio), "drop")


def correctable(studio: Studio) -> Statement:
    """A posted statement no correction of which is on its way."""
    row = shelf.posted(studio)
    for other in row.corrections.exclude(status__in=["withdrawn", "posted", "paid"]):
        actions.withdraw_statement(actor=studio.dana, statement=other, reason=WHY)
    return row


@sends("statement correct_by_house")
def correct_by_house(studio: Studio) -> Form:
    return move(studio.sam, correctable(studio), "correct_by_house", WHY)


@sends("statement correct_by_shares")
def correct_by_shares(studio: Studio) -> Form:
    return move(studio.sam, correctable(studio), "correct_by_shares", WHY)


@sends("statement ask correct")
def correct_naming_claims(studio: Studio) -> Form:
    return ask(studio.sam, correctable(studio), "correct", {"funding": "house", "reason": WHY})


FORMS = (
    reverse_small, reverse, reverse_cost, reverse_invoice, approve_reversal, drop_reversal, propose_reserve, approve_reserve, release_reserve,
    drop_reserve, propose_advance, approve_advance, drop_advance, propose_conversion, approve_conversion,
    drop_conversion, correct_by_house, correct_by_shares, correct_naming_claims,
)  # fmt: skip

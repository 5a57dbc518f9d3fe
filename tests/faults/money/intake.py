"""Forms by which money comes in: files, mappings, reports, suspense, costs, bills, transfers, rates of tax offices."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from profiles.submissions import new_key
from royalties import actions
from royalties.admin.mapping_form import MappingForm, initial_of
from royalties.models import Invoice, Payout, Suspense, Withholding, WithholdingRate
from royalties.money import Money
from tests.faults.forms import Form, add, ask, move, sends
from tests.faults.money import shelf
from tests.faults.studio import Studio
from tests.royalties.reports import booked, mapping

#: Offices that keep a little of every payment; each month of theirs is remitted once, and of months that are over there
#: are some three hundred since FIRST_PERIOD: together enough for a thousand.
OFFICES = ("office-a", "office-b", "office-c", "office-d", "office-e")
KEPT_BPS = 100
FIRST_PERIOD = 2000 * 12
A_YEAR = dt.timedelta(days=366)


@sends("import add")
def take_costs(studio: Studio) -> Form:
    content = studio.costs(shelf.OPEN_DAY, shelf.code())
    return add(studio.dana, "import", {"kind": "cost", "file": content})


@sends("import add")
def take_rates(studio: Studio) -> Form:
    return add(studio.dana, "import", {"kind": "rates", "file": rates_of(studio.day())})


def rates_of(day: dt.date) -> bytes:
    return f"Date,USD\n{day},1.1000\n".encode()


@sends("mapping add")
def keep_mapping(studio: Studio) -> Form:
    form = MappingForm(initial=initial_of(mapping()))
    fields = {name: form[name].field.prepare_value(form[name].initial) for name in form.fields}
    filled = {name: value for name, value in fields.items() if value not in (None, "")}
    return add(studio.dana, "mapping", {**filled, "name": f"Shop {shelf.code()}"})


@sends("productionname add")
def name_production(studio: Studio) -> Form:
    fields = {"provider": "bandcamp", "text": f"Lid {shelf.code()}", "production": studio.production.pk}
    return add(studio.sam, "productionname", fields)


@sends("intake add")
def look_at_report(studio: Studio) -> Form:
    return add(studio.dana, "intake", {"mapping": mapping().pk, "file": shelf.shop_report(studio)})


@sends("intake book")
def book_report(studio: Studio) -> Form:
    return move(studio.dana, shelf.intake(studio), "book")


@sends("intake drop")
def drop_report(studio: Studio) -> Form:
    return move(studio.dana, shelf.intake(studio), "drop")


def suspense(studio: Studio) -> Suspense:
    """Money that matches nothing."""
    row = Suspense.objects.filter(resolution="").first()
    if row is None:
        booked(studio.dana, shelf.shop_report(studio, "The Lid abroad", shelf.DOZEN))
        row = Suspense.objects.filter(resolution="").first()
    assert row is not None
    return row


@sends("suspense ask resolve")
def resolve_suspense(studio: Studio) -> Form:
    fields = {"production": studio.production.pk, "reason": "They call it so in Spain."}
    return ask(studio.sam, suspense(studio), "resolve", fields)


@sends("suspense send_back")
def return_suspense(studio: Studio) -> Form:
    return move(studio.sam, suspense(studio), "send_back", "It was somebody else’s.")


@sends("cost add")
def enter_cost(studio: Studio) -> Form:
    return add(studio.sam, "cost", cost(studio, "101.00"))


@sends("cost add")
def enter_small_cost(studio: Studio) -> Form:
    return add(studio.dana, "cost", cost(studio, "0.01"))


@sends("cost drop")
def drop_cost(studio: Studio) -> Form:
    facts = {"supplier": "Ferryman Post", "category": "post", "money": Money(10_100, "USD")}
    row = actions.enter_cost(
        actor=studio.sam,
        production=studio.production,
        invoice=shelf.code(),
        paid_on=shelf.OPEN_DAY,
        **facts,
    )
    return move(studio.dana, row, "drop", "Entered twice.")


def cost(studio: Studio, amount: str) -> dict[str, Any]:
    who = {"invoice": shelf.code(), "supplier": "Ferryman Post", "category": "post"}
    return {**of_production(studio, amount), **who, "paid_on": shelf.OPEN_DAY}


def of_production(studio: Studio, amount: str) -> dict[str, Any]:
    return {"production": studio.production.pk, "amount": amount, "currency": "USD"}


@sends("invoice add")
def send_invoice(studio: Studio) -> Form:
    fields = {"channel": "licences", "number": shelf.code(), "invoiced_on": shelf.OPEN_DAY}
    return add(studio.sam, "invoice", {**of_production(studio, "125.00"), **fields})


def unpaid(studio: Studio) -> Invoice:
    """A bill of ours that nobody has paid or taken back."""
    return Invoice.objects.filter(received_on=None, reversals=None).first() or actions.send_invoice(
        actor=studio.sam,
        production=studio.production,
        channel="licences",
        number=shelf.code(),
        money=Money(12_500, "USD"),
        invoiced_on=shelf.OPEN_DAY,
    )


@sends("invoice ask receive")
def receive_invoice(studio: Studio) -> Form:
    day = shelf.OPEN_DAY
    row = unpaid(studio)
    return ask(studio.sam, row, "receive", {"provider": "bandcamp", "on": day})


@sends("transfer add")
def record_transfer(studio: Studio) -> Form:
    fields = {"provider": "bandcamp", "number": shelf.code(), "arrived_on": shelf.OPEN_DAY}
    return add(studio.dana, "transfer", {**fields, "direction": "bank", "amount": "1.00", "currency": "USD"})


@sends("bankexchange add")
def record_bank_exchange(studio: Studio) -> Form:
    fields = {"number": shelf.code(), "exchanged_on": shelf.day_with_rates(studio)}
    sold = {"sold_amount": "10.00", "sold_currency": "USD"}
    return add(studio.dana, "bankexchange", {**fields, **sold, "bought_amount": "9.00", "bought_currency": "EUR"})


@sends("withholdingrate add")
def enter_rate(studio: Studio) -> Form:
    fields = {"authority": f"o{new_key()[:12].lower().replace('_', '0')}", "country": "AQ", "rate": "1.25"}
    return add(studio.dana, "withholdingrate", {**fields, "valid_from": timezone.now().date(), "note": "Section 1441."})


@sends("remittance add")
def remit_tax(studio: Studio) -> Form:
    row = withheld(studio)
    assert row.payout.settled_at is not None
    facts = {"period": f"{row.payout.settled_at:%Y-%m}", "currency": row.payout.currency}
    return add(
        studio.dana,
        "remittance",
        {"authority": row.authority, **facts, "reference": shelf.code()},
    )


def withheld(studio: Studio) -> Withholding:
    """Tax of a payment that arrived in a month which is over, and in which nothing else did."""
    if not WithholdingRate.objects.filter(authority__in=OFFICES).exists():
        for office in OFFICES:
            facts = {"country": "DE", "rate_bps": KEPT_BPS, "valid_from": timezone.now().date(), "note": "Section 50a."}
            actions.enter_rate(actor=studio.dana, authority=office, **facts)
    waiting = Withholding.objects.filter(
        authority__in=OFFICES,
        remittance=None,
        payout__status=Payout.Status.SETTLED,
        payout__settled_at__lt=timezone.now() - A_YEAR,
    ).select_related("payout")
    row = waiting.first()
    if row is None:
        payout = taxed(studio)
        month = studio.kept["period"] = studio.kept.get("period", FIRST_PERIOD - 1) + 1
        then = dt.datetime(month // 12, month % 12 + 1, 15, tzinfo=dt.UTC)
        actions.settle_payout(actor=studio.dana, payout=payout, provider_reference=shelf.code(), now=then)
        row = waiting.first()
    assert row is not None
    return row


def taxed(studio: Studio) -> Payout:
    """A payment on its way of which tax offices have kept their part."""
    found = Payout.objects.filter(status=Payout.Status.SENT, withholdings__authority__in=OFFICES)
    row = found.first()
    if row is None:
        # What was prepared before the offices kept anything is given up or comes back.
        shelf.finish(studio)
        shelf.submitted(studio, shelf.ready_to_go(studio))
        row = found.first()
    assert row is not None
    return row


FORMS = (
    take_costs, take_rates, keep_mapping, name_production, look_at_report, book_report, drop_report, resolve_suspense,
    return_suspense, enter_cost, enter_small_cost, drop_cost, send_invoice, receive_invoice, record_transfer, record_bank_exchange, enter_rate, remit_tax,
)  # fmt: skip

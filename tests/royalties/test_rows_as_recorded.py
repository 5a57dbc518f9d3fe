"""Rows that money is made from later: files, rates, taxes, refunds and names, changed behind the triggers, are named."""

from __future__ import annotations

import datetime as dt
from typing import Any

from royalties import actions, checks
from royalties.models import (
    BankExchange,
    Conversion,
    ExchangeRate,
    Income,
    Intake,
    Mapping,
    Payout,
    PayoutReport,
    ProductionName,
    Publication,
    ReportRow,
    Revision,
    Withholding,
    WithholdingRate,
)
from royalties.money import Money
from tests.royalties.conftest import REVENUE, later, revenue_csv
from tests.royalties.payees import SEPA_ACCOUNT, news, ready, report, with_bank_account
from tests.royalties.reports import NAMES_SALES, booked, shop_rows, taken

RATES = b"Date,USD,GBP,\n2026-09-30,1.1000,0.8500,\n2026-09-29,1.1100,N/A,\n"
AGAIN = b"Date,USD,\n2026-09-30,1.10,\n2026-09-28,1.1200,\n"


def breaches() -> dict[str, list[str]]:
    return {name: found for name, found in checks.run_checks() if found}


def said_of(check: str, thief: Any, row: Any, **values: Any) -> list[str]:
    """What a check says with these columns of a row changed; then it is as before."""
    before = type(row)._base_manager.values(*values).get(pk=row.pk)
    thief(row, **values)
    (outcome,) = checks.outcomes([check])
    thief(row, **{name: bytes(value) if isinstance(value, memoryview) else value for name, value in before.items()})
    return outcome.breaches


def test_a_file_and_its_rates_are_what_was_taken(thief: Any, dana: Any, production: Any) -> None:
    first = actions.import_csv(actor=dana, kind="rates", name="one.csv", content=RATES)
    second = actions.import_csv(actor=dana, kind="rates", name="two.csv", content=AGAIN)
    waiting = taken(dana, shop_rows("1;1.00;", title="Nothing"))
    assert breaches() == {}
    assert said_of("files_are_what_was_taken", thief, first, content=RATES.replace(b"1.1000", b"1.2000")) == [
        f"import {first.pk} does not have the bytes of its hash"
    ]
    assert f"import {first.pk}" in said_of("files_are_what_was_taken", thief, first, sha256="0" * 64)[0]
    assert f"report to take in {waiting.pk}" in said_of("files_are_what_was_taken", thief, waiting, content=b"x")[0]
    assert breaches() == {}
    rate = ExchangeRate.objects.get(day="2026-09-30", quote="USD")
    assert rate.source == first
    for values in ({"units": 12_000}, {"scale": 3}, {"day": dt.date(2026, 9, 27)}, {"base": "CHF"}, {"quote": "CHF"}):
        said = said_of("rates_are_those_of_their_files", thief, rate, **values)
        assert f"rate {rate.pk} is not what its file, import {first.pk}, says" in said[0]
    income = actions.import_csv(actor=dana, kind="revenue", name="r.csv", content=revenue_csv(production))
    for source in (second, income):
        said = said_of("rates_are_those_of_their_files", thief, rate, source=source)
        assert any(f"rate {rate.pk} " in words for words in said)


def test_a_rate_that_is_gone_is_missed_by_its_file(thief: Any, dana: Any) -> None:
    source = actions.import_csv(actor=dana, kind="rates", name="one.csv", content=RATES)
    rate = ExchangeRate.objects.get(quote="GBP")
    words = f"import {source.pk} says what one EUR is worth in GBP on 2026-09-30, and no rate does"
    assert words in said_of("rates_are_those_of_their_files", thief, rate, quote="CHF")


def test_what_was_converted_follows_its_rates(
    thief: Any, posted: Any, alice: Any, sam: Any, dana: Any, settings: Any
) -> None:
    settings.SEPA_ACCOUNT = SEPA_ACCOUNT
    day = later(posted, days=5)
    content = f"Date,USD,GBP,\n{day.date()},1.1000,0.8500,\n".encode()
    actions.import_csv(actor=dana, kind="rates", name="rates.csv", content=content)
    with_bank_account(alice)
    batch = actions.batch_payouts(actor=sam, currency="USD", now=day)
    actions.record_bank_exchange(
        actor=dana, number="1", sold=Money(1_000, "USD"), bought=Money(900, "EUR"), exchanged_on=day.date()
    )
    revenue = f"{REVENUE}bandcamp,e1,shop,sale,200.00,GBP,{day.date()},{posted.production_id}\n"
    actions.import_csv(actor=sam, kind="revenue", name="gbp.csv", content=revenue.encode())
    facts = {
        "sold": "GBP",
        "bought": "USD",
        "first_day": day.date(),
        "last_day": day.date(),
        "reason": "One statement.",
    }
    conversion = actions.propose_conversion(actor=sam, production=posted.production, **facts)
    assert breaches() == {}
    check, row = "what_was_converted_follows_its_rates", Conversion.objects.get()
    payout, rate = Payout.objects.get(), ExchangeRate.objects.get(quote="USD")
    for changed, values, words in [
        (conversion, {"numerator": 1}, f"conversion {row.pk} has another rate"),
        (conversion, {"bought": "CHF"}, f"conversion {row.pk} has another rate"),
        (conversion, {"production_id": row.production_id + 1}, f"conversion {row.pk} does not take its line 1 over"),
        (
            conversion,
            {"lines": [row.lines[0] | {"converted": 1}]},
            f"conversion {row.pk} does not take its line 1 over",
        ),
        (batch, {"numerator": 1}, f"batch {batch.pk} has another rate"),
        (payout, {"bought_minor": 1}, f"payout {payout.code} of batch {batch.pk} is not converted"),
        (BankExchange.objects.get(), {"at_rate_minor": 1}, "bank exchange"),
        (rate, {"units": 12_000}, f"batch {batch.pk} has another rate"),
    ]:
        assert any(words in said for said in said_of(check, thief, changed, **values)), words


def test_what_is_withheld_follows_its_rate(thief: Any, posted: Any, alice: Any, sam: Any, dana: Any) -> None:
    ready(alice)
    day = later(posted)
    for authority, bps in ("irs", 3_000), ("state", 2_000):
        facts = {"authority": authority, "country": "", "rate_bps": bps, "note": "Section 1441."}
        actions.enter_rate(actor=dana, valid_from=day.date(), **facts, now=day)
    actions.batch_payouts(actor=sam, currency="USD", now=day)
    assert breaches() == {}
    first, rate = Withholding.objects.order_by("pk").first(), WithholdingRate.objects.order_by("pk").first()
    assert first is not None
    assert rate is not None
    for row, values in [
        (first, {"amount_minor": first.amount_minor - 1}),
        (first, {"basis_minor": first.basis_minor + 1}),
        (first, {"rate_id": rate.pk + 1}),
        (rate, {"rate_bps": 2_999}),
        (rate, {"valid_from": day.date() + dt.timedelta(days=1)}),
        (rate, {"authority": "other"}),
    ]:
        (said,) = said_of("withholdings_follow_their_rates", thief, row, **values)
        assert f"withholding {first.pk} of payout" in said
    for values in ({"rate_bps": 2_999}, {"country": "DE"}, {"valid_from": day.date() + dt.timedelta(days=1)}):
        said = said_of("rows_are_what_was_recorded", thief, rate, **values)
        assert said == [f"withholding rate {rate.pk} is not what was recorded when it came"]


def test_names_and_mappings_are_what_was_recorded(thief: Any, production: Any, dana: Any, sam: Any) -> None:
    mapping = Mapping.objects.newest().get(name="Music shop")
    mine = actions.add_mapping(actor=dana, name="Mine", kind="revenue", rules=mapping.rules)
    name = actions.name_production(actor=sam, provider="bandcamp", text="Deckel", production=production)
    assert breaches() == {}
    for row, values, called in [
        (name, {"production_id": production.pk + 1}, "provider’s name for a production"),
        (mine, {"rules": mapping.rules | {"currency": "EUR"}}, "mapping"),
    ]:
        said = said_of("rows_are_what_was_recorded", thief, row, **values)
        assert said == [f"{called} {row.pk} is not what was recorded when it came"]
    assert ProductionName.objects.count() == Intake.objects.count() + 1


def test_a_refund_gives_back_its_own_sale(thief: Any, production: Any, dana: Any) -> None:
    actions.add_mapping(actor=dana, name="Store", kind="revenue", rules=NAMES_SALES)
    rows = b"s1,2026-08-15,10.00,The Lid,sold,\ns2,2026-08-15,5.00,The Lid,sold,\nr1,2026-08-16,6.00,,back,s1\n"
    booked(dana, b"id,day,amount,film,kind,of\n" + rows, "Store")
    assert breaches() == {}
    refund, less = Income.objects.get(kind="refund"), Income.objects.get(transaction="s2")
    check = "refunds_belong_to_their_sales"
    assert said_of(check, thief, refund, sale=less) == [f"of income {less.pk}, which is of 500, 600 is given back"]
    assert f"income {refund.pk} gives back" in said_of(check, thief, refund, sale=refund)[0]
    assert f"income {less.pk} gives back" in said_of(check, thief, less, sale=refund.sale)[0]


def test_rows_of_a_report_say_what_was_told(thief: Any, posted: Any, alice: Any, sam: Any, dana: Any) -> None:
    ready(alice)
    actions.submit_batch(actor=dana, batch=actions.batch_payouts(actor=sam, currency="USD"))
    payout = Payout.objects.get()
    rows = news(payout, "Completed", "PP-1"), news(payout, "Completed", "PP-2"), "po1,PP-3,Failed,2.00,USD,,"
    taken = actions.import_report(actor=dana, form="paypal", name="may.csv", content=report(*rows))
    assert breaches() == {}
    for row in ReportRow.objects.order_by("pk"):
        for values in ({"fact": "0" * 64}, {"status": "waiting"}, {"reference": "PP-9"}, {"item": "other"}):
            said = said_of("report_rows_are_what_was_told", thief, row, **values)
            assert f"line {row.number} of report {taken.pk} does not have the hash of its words" in said
        said = said_of("report_rows_are_what_was_told", thief, row, outcome="known")
        assert said == [f"report {taken.pk} has rows of other outcomes than when it was taken"]
    assert PayoutReport.objects.count() == 1


def test_who_drafted_and_who_published_are_what_was_recorded(
    thief: Any, open_statement: Any, dana: Any, sam: Any
) -> None:
    revision, publication = Revision.objects.get(), Publication.objects.get()
    assert (revision.drafted_by, publication.published_by) == (sam, dana)
    assert breaches() == {}
    for row, values, words in [
        (revision, {"drafted_by": dana}, f"revision {revision.pk} was drafted by somebody else than it says"),
        (revision, {"result_sha256": "0" * 64}, f"revision {revision.pk} has another result than was computed"),
        (publication, {"published_by": sam}, f"publication {publication.pk} is not what was recorded"),
        (publication, {"number": 2}, f"publication {publication.pk} is not what was recorded"),
    ]:
        assert any(words in said for said in said_of("rows_are_what_was_recorded", thief, row, **values)), words

"""The provider's report: what fits moves a payout on, what does not pays nobody and waits for a verdict."""

from itertools import product
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from profiles.actions import grant_powers
from profiles.models import Notice, StaffPower
from royalties import actions, ledger
from royalties.checks import run_checks
from royalties.exceptions import ImportRefused, NotAllowed, RoyaltiesRefused, SecondPersonNeeded
from royalties.models import JournalEntry, Payout, PayoutReport, ReportRow
from royalties.standing import due_in
from tests.royalties.conftest import balances_add_up, later, payable
from tests.royalties.payees import news, ready, report


@pytest.fixture
def sent(posted: Any, alice: Any, sam: Any, dana: Any) -> Payout:
    """A payment of alice's whole share, on its way."""
    ready(alice)
    batch = actions.batch_payouts(actor=sam, currency="USD")
    actions.submit_batch(actor=dana, batch=batch)
    return batch.payouts.get()


def take(dana: Any, *rows: str, form: str = "paypal") -> list[str]:
    """Import a file; the outcomes of its rows in order."""
    row = actions.import_report(actor=dana, form=form, name="report.csv", content=report(*rows))
    return list(row.rows.order_by("number").values_list("outcome", flat=True))


def test_a_report_settles_what_it_names_and_books_the_fee(sent: Payout, alice: Any, dana: Any) -> None:
    assert take(dana, news(sent, "Completed", "PP-1", fee="0.25")) == ["settled"]
    sent.refresh_from_db()
    assert (sent.status, sent.provider_reference) == ("settled", "PP-1")
    assert ledger.balance("expense:payout_fees:USD").amount_minor == 25
    assert ledger.balance("clearing:paypal:USD").amount_minor == -sent.net_minor - 25
    assert Notice.objects.filter(recipient=alice, text__contains="arrived", url=sent.get_absolute_url()).exists()
    balances_add_up()


def test_the_same_file_and_the_same_news_count_once(sent: Payout, dana: Any) -> None:
    row = news(sent, "Completed", "PP-1", fee="0.25")
    first = actions.import_report(actor=dana, form="paypal", name="a.csv", content=report(row))
    assert actions.import_report(actor=dana, form="paypal", name="b.csv", content=report(row)) == first
    entries = JournalEntry.objects.count()
    assert take(dana, row, "pox,PP-9,Pending,1.00,USD,,") == ["known", "waiting"]
    assert JournalEntry.objects.count() == entries


def test_a_failure_makes_the_money_payable_and_it_leaves_as_a_new_payout(
    sent: Payout, alice: Any, sam: Any, dana: Any
) -> None:
    assert take(dana, news(sent, "Failed", "PP-1", reason="Account closed")) == ["failed"]
    assert payable(alice) == sent.amount_minor
    again = actions.batch_payouts(actor=sam, currency="USD").payouts.get()
    assert (again.pk != sent.pk, again.amount_minor) == (True, sent.amount_minor)


def test_what_returns_after_arrival_is_reversed_and_owed_again(sent: Payout, alice: Any, dana: Any) -> None:
    rows = (news(sent, "Completed", "PP-1"), news(sent, "Returned", "PP-2", reason="Wrong person"))
    assert take(dana, *rows) == ["settled", "returned"]
    sent.refresh_from_db()
    assert (sent.status, sent.failure) == ("returned", "Wrong person")
    assert payable(alice) == sent.amount_minor
    assert ledger.balance("clearing:paypal:USD").amount_minor == 0
    assert JournalEntry.objects.filter(reverses__isnull=False).count() == 1
    balances_add_up()


@pytest.mark.parametrize("changes", [{"item": "po-of-nobody"}, {"item": ""}, {"amount": "0.01"}, {"currency": "EUR"}])
def test_a_row_that_does_not_fit_pays_nobody_and_stands_in_the_books(
    sent: Payout, alice: Any, dana: Any, changes: dict[str, str]
) -> None:
    (outcome,) = take(dana, news(sent, "Completed", "PP-1", **changes))
    assert outcome in {"unknown", "contradicts"}
    sent.refresh_from_db()
    assert sent.status == "sent"
    row = ReportRow.objects.get()
    assert JournalEntry.objects.get(idempotency_key=row.booked).kind == "overpaid_found"
    assert ledger.balance(f"clearing:paypal:{row.currency}").amount_minor == -row.amount_minor
    balances_add_up()


@pytest.mark.parametrize(("status", "moved"), [("Completed", -1_200), ("Returned", 1_200)])
def test_the_fee_of_a_row_that_does_not_fit_is_booked_with_it_and_taken_back_with_it(
    sent: Payout, sam: Any, dana: Any, status: str, moved: int
) -> None:
    assert take(dana, f"po-of-nobody,PP-7,{status},12.00,USD,-0.25,") == ["unknown"]
    assert ledger.balance("clearing:paypal:USD").amount_minor == moved - 25
    assert ledger.balance("expense:payout_fees:USD").amount_minor == 25
    assert not [breach for _name, breaches in run_checks() for breach in breaches]
    grant_powers(actor=None, artist=sam, powers=list(StaffPower))
    sam = type(sam).objects.get(pk=sam.pk)
    actions.decide_row(actor=sam, row=ReportRow.objects.get(), outcome="wrong", reason="Of another merchant.")
    assert ledger.balance("clearing:paypal:USD").amount_minor == 0
    assert ledger.balance("expense:payout_fees:USD").amount_minor == 0
    balances_add_up()


def test_the_fee_of_a_row_that_contradicts_is_no_claim(sent: Payout, alice: Any, dana: Any) -> None:
    assert take(dana, news(sent, "Completed", "PP-1", amount="1.00", fee="0.25")) == ["contradicts"]
    assert ledger.balance(f"overpaid:{alice.payee.code}:USD").amount_minor == 100
    assert ledger.balance("expense:payout_fees:USD").amount_minor == 25
    assert ledger.balance("clearing:paypal:USD").amount_minor == -125
    # What moved nothing costs nothing.
    assert take(dana, "po-of-nobody,PP-2,Failed,2.00,USD,0.10,") == ["unknown"]
    assert ledger.balance("expense:payout_fees:USD").amount_minor == 25


def test_lines_of_a_report_may_end_as_on_an_old_macintosh(sent: Payout, dana: Any) -> None:
    content = report(news(sent, "Completed", "PP-1")).replace(b"\n", b"\r")
    taken = actions.import_report(actor=dana, form="paypal", name="a.csv", content=content)
    assert [(row.number, row.outcome) for row in taken.rows.all()] == [(2, "settled")]


def test_unknown_money_that_comes_back_lies_in_suspense_until_it_belongs_to_somebody(
    sent: Payout, alice: Any, sam: Any, dana: Any
) -> None:
    assert take(dana, "po-of-nobody,PP-7,Returned,12.00,USD,,") == ["unknown"]
    assert ledger.balance("suspense:paypal:USD").amount_minor == -1_200
    row = ReportRow.objects.get()
    with pytest.raises(SecondPersonNeeded):
        actions.decide_row(actor=dana, row=row, outcome="belongs", reason="Hers.", payee=alice.payee)
    grant_powers(actor=None, artist=sam, powers=list(StaffPower))
    sam = type(sam).objects.get(pk=sam.pk)
    with pytest.raises(RoyaltiesRefused, match="does not fit"):
        actions.decide_row(actor=sam, row=row, outcome="owed", reason="Hers.")
    actions.decide_row(actor=sam, row=row, outcome="belongs", reason="Hers, by the bank's letter.", payee=alice.payee)
    assert payable(alice) == 1_200
    assert ledger.balance("suspense:paypal:USD").amount_minor == 0
    assert Notice.objects.filter(recipient=alice, text__contains="12.00 that had come back to us").exists()


def test_paid_then_failed_then_paid_again_never_pays_a_second_time(
    sent: Payout, alice: Any, sam: Any, dana: Any
) -> None:
    assert take(dana, news(sent, "Completed", "PP-1")) == ["settled"]
    assert take(dana, news(sent, "Failed", "PP-1")) == ["contradicts"]
    assert payable(alice) == 0
    assert take(dana, news(sent, "Completed", "PP-2")) == ["contradicts"]
    assert ledger.balance(f"overpaid:{alice.payee.code}:USD").amount_minor == sent.net_minor
    sent.refresh_from_db()
    assert sent.provider_reference == "PP-1"
    assert ReportRow.objects.open().count() == 2
    assert Notice.objects.filter(recipient=sam, text__contains="do not fit").exists() is False
    balances_add_up()


def test_what_was_paid_after_it_had_failed_blocks_the_payee_until_a_verdict(
    sent: Payout, posted: Any, alice: Any, sam: Any, dana: Any
) -> None:
    take(dana, news(sent, "Failed", "PP-1", reason="Blocked"))
    prepared = actions.batch_payouts(actor=sam, currency="USD")
    assert take(dana, news(sent, "Completed", "PP-1")) == ["contradicts"]
    (due,) = due_in("USD", later(posted), payees=[alice.payee], batch=prepared.pk)
    assert [obstacle.code for obstacle in due.obstacles] == ["report"]
    with pytest.raises(RoyaltiesRefused, match="drop it"):
        actions.submit_batch(actor=dana, batch=prepared)
    actions.drop_batch(actor=sam, batch=prepared)
    grant_powers(actor=None, artist=sam, powers=list(StaffPower))
    sam = type(sam).objects.get(pk=sam.pk)
    actions.decide_row(actor=sam, row=ReportRow.objects.open().get(), outcome="owed", reason="It did arrive.")
    assert Notice.objects.filter(recipient=alice, text__contains="once too often is taken").exists()
    assert payable(alice) == 0
    assert ledger.balance(f"overpaid:{alice.payee.code}:USD").amount_minor == 0
    balances_add_up()


@pytest.mark.parametrize("is_known", [False, True])
def test_what_nobody_gives_back_is_the_company_s_loss(
    sent: Payout, alice: Any, sam: Any, dana: Any, is_known: bool
) -> None:
    take(
        dana, news(sent, "Completed", "PP-7", amount="12.00") if is_known else "po-of-nobody,PP-7,Completed,12.00,USD,,"
    )
    claim = f"overpaid:{alice.payee.code if is_known else 'unknown'}:USD"
    assert ledger.balance(claim).amount_minor == 1_200
    grant_powers(actor=None, artist=sam, powers=list(StaffPower))
    sam = type(sam).objects.get(pk=sam.pk)
    actions.decide_row(actor=sam, row=ReportRow.objects.get(), outcome="lost", reason="The account is empty.")
    assert ledger.balance(claim).amount_minor == 0
    assert ledger.balance("expense:bad_debt:USD").amount_minor == 1_200
    assert not ReportRow.objects.open().exists()
    balances_add_up()


def test_money_that_came_back_cannot_be_lost(sent: Payout, sam: Any, dana: Any) -> None:
    take(dana, "po-of-nobody,PP-7,Returned,12.00,USD,,")
    grant_powers(actor=None, artist=sam, powers=list(StaffPower))
    sam = type(sam).objects.get(pk=sam.pk)
    with pytest.raises(RoyaltiesRefused, match="does not fit"):
        actions.decide_row(actor=sam, row=ReportRow.objects.get(), outcome="lost", reason="It is not.")


def test_a_wrong_report_is_reversed(sent: Payout, alice: Any, sam: Any, dana: Any) -> None:
    take(dana, "po-of-nobody,PP-7,Completed,12.00,USD,,")
    grant_powers(actor=None, artist=sam, powers=list(StaffPower))
    sam = type(sam).objects.get(pk=sam.pk)
    row = ReportRow.objects.get()
    actions.decide_row(actor=sam, row=row, outcome="wrong", reason="Of another merchant.")
    assert ledger.balance("overpaid:unknown:USD").amount_minor == 0
    with pytest.raises(RoyaltiesRefused, match="open"):
        actions.decide_row(actor=sam, row=row, outcome="noted", reason="Again.")
    with pytest.raises(DatabaseError), transaction.atomic():
        ReportRow.objects.update(outcome="known")


def test_whatever_the_provider_says_in_whatever_order_nobody_gets_money_twice(
    sent: Payout, alice: Any, sam: Any, dana: Any
) -> None:
    """After any three pieces of news owed plus arrived is what was due, and what was paid twice blocks the payee."""
    for words in product(("Completed", "Failed", "Returned"), repeat=3):
        with transaction.atomic():
            for number, word in enumerate(words):
                take(dana, news(sent, word, f"PP-{number}"))
            sent.refresh_from_db()
            arrived = sent.amount_minor if sent.status == "settled" else 0
            assert payable(alice) + arrived == sent.amount_minor, words
            if ledger.balance(f"overpaid:{alice.payee.code}:USD").amount_minor:
                assert ReportRow.objects.open().exists(), words
                with pytest.raises(RoyaltiesRefused):
                    actions.batch_payouts(actor=sam, currency="USD")
            balances_add_up()
            transaction.set_rollback(True)
        sent.refresh_from_db()
        assert sent.status == "sent"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"\xff\xfe", 1),
        (report("a,b,Failed,1.00,USD,,") + b"\xe4", 3),
        (report("a,b,Failed,1.00,USD,,", "po1,PP\0-1,Completed,1.00,USD,,"), 3),
        (report("a,b,Failed,1.00,USD,,", f"po1,PP-1,Failed,1.00,USD,,{'x' * 140_000}"), 3),
        (report("po1,PP-1,Completed,10000000000000.01,USD,,"), 2),
        (report("po1,PP-1,Completed,99999999999999999.00,USD,,"), 2),
        (report("po1,PP-1,Completed,1.00,USD,10000000000000.01,"), 2),
        (report('po1,PP-1,Completed,1.00,USD,,"no end'), 2),
        (b"", 1),
        (b"Customer ID,Status\npo1,Completed\n", 1),
        (report(), 0),
        (report("po1,PP-1,Perhaps,1.00,USD,,"), 2),
        (report("po1,PP-1,Completed,1.234,USD,,"), 2),
        (report("po1,PP-1,Completed,0.00,USD,,"), 2),
        (report("po1,,Completed,1.00,USD,,"), 2),
        (report(",,Failed,1.00,USD,,"), 2),
        (report("po1,PP-1,Completed,1.00,XXZ,,"), 2),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(dana: Any, content: bytes, line: int) -> None:
    with pytest.raises(ImportRefused) as refusal:
        actions.import_report(actor=dana, form="paypal", name="bad.csv", content=content)
    assert refusal.value.problems[0][0] == line
    assert not PayoutReport.objects.exists()


def test_only_finance_takes_reports(sam: Any, dana: Any) -> None:
    with pytest.raises(NotAllowed):
        actions.import_report(actor=sam, form="paypal", name="a.csv", content=report("a,b,Failed,1.00,USD,,"))
    with pytest.raises(RoyaltiesRefused, match="kind"):
        actions.import_report(actor=dana, form="fax", name="a.csv", content=b"x")


PAIN_002 = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><OrgnlPmtInfAndSts>
<TxInfAndSts><OrgnlEndToEndId>po1</OrgnlEndToEndId><TxSts>RJCT</TxSts>
<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>
<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">25.00</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>
</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"""
CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
<Ntry><Amt Ccy="EUR">50.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><AcctSvcrRef>B1</AcctSvcrRef><NtryDtls>
<TxDtls><Refs><EndToEndId>po1</EndToEndId></Refs><Amt Ccy="EUR">20.00</Amt><CdtDbtInd>DBIT</CdtDbtInd></TxDtls>
<TxDtls><Refs><EndToEndId>po2</EndToEndId></Refs><Amt Ccy="EUR">30.00</Amt><CdtDbtInd>DBIT</CdtDbtInd></TxDtls>
</NtryDtls></Ntry>
<Ntry><Amt Ccy="EUR">20.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><AcctSvcrRef>B2</AcctSvcrRef><NtryDtls>
<TxDtls><Refs><EndToEndId>po1</EndToEndId></Refs><Amt Ccy="EUR">20.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="EUR">9.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><NtryDtls>
<TxDtls><Refs><EndToEndId>x</EndToEndId></Refs><Amt Ccy="EUR">9.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></TxDtls>
</NtryDtls></Ntry>
</Stmt></BkToCstmrStmt></Document>"""


def test_the_banks_messages_are_read_by_our_own_code() -> None:
    from royalties.payouts.reports import read

    rows, problems = read("pain002", PAIN_002.encode())
    assert problems == []
    assert [(row.item, row.status, str(row.amount), row.reason) for row in rows] == [
        ("po1", "failed", "25.00 EUR", "AC04")
    ]
    rows, problems = read("camt", CAMT.encode())
    assert problems == []
    assert [(row.item, row.reference, row.status, str(row.amount)) for row in rows] == [
        ("po1", "B1/po1", "completed", "20.00 EUR"),
        ("po2", "B1/po2", "completed", "30.00 EUR"),
        ("po1", "B2/po1", "returned", "20.00 EUR"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"<Document>",
        b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e "boom">]><d>&e;</d>',
        b'<?xml version="1.0"?><!DOCTYPE d SYSTEM "file:///etc/passwd"><d/>',
    ],
)
def test_hostile_xml_is_refused(content: bytes) -> None:
    from royalties.payouts.reports import read

    for form in ("pain002", "camt"):
        rows, problems = read(form, content)
        assert rows == []
        assert problems or b"<d/>" in content

"""What a bank says of our payments: pain.002 settles nothing, camt.053 and camt.054 are read by sign, place and amount."""

from __future__ import annotations

from typing import Any

import pytest

from profiles.actions import grant_powers, record_event
from profiles.models import StaffPower
from royalties import actions, ledger
from royalties.allocation import sha256_hex
from royalties.checks import run_checks
from royalties.exceptions import ImportRefused, RoyaltiesRefused
from royalties.models import JournalEntry, Payout, PayoutReport, ReportRow
from royalties.money import Money
from royalties.payouts.reports import Reported, read
from royalties.sealing import seal
from royalties.standing import due_in
from tests.royalties.conftest import balances_add_up, later
from tests.royalties.payees import SEPA_ACCOUNT, but_for_owed, owe, with_bank_account


@pytest.fixture
def sent(posted: Any, alice: Any, sam: Any, dana: Any, settings: Any) -> Payout:
    """A payment of 500.00 euros to alice's bank account, on its way."""
    settings.SEPA_ACCOUNT = SEPA_ACCOUNT
    with_bank_account(alice)
    owe(alice, 50_000, "EUR")
    batch = actions.batch_payouts(actor=sam, currency="EUR", method="sepa")
    actions.submit_batch(actor=dana, batch=batch)
    return batch.payouts.get()


def status_report(item: str, status: str, amount: str = "500.00") -> bytes:
    """pain.002 of one transfer."""
    return f"""<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><OrgnlPmtInfAndSts>
<TxInfAndSts><StsId>S1</StsId><OrgnlEndToEndId>{item}</OrgnlEndToEndId><TxSts>{status}</TxSts>
<AcctSvcrRef>ASR-77</AcctSvcrRef><OrgnlTxRef><Amt><InstdAmt Ccy="EUR">{amount}</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>
</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>""".encode()


def statement(*entries: str) -> bytes:
    return f"""<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
{"".join(entries)}</Stmt></BkToCstmrStmt></Document>""".encode()


def entry(*details: str, side: str = "DBIT", amount: str = "500.00", reference: str = "B1", more: str = "") -> str:
    return f"""<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>{more}<Sts><Cd>BOOK</Cd></Sts>
<AcctSvcrRef>{reference}</AcctSvcrRef><NtryDtls>{"".join(details)}</NtryDtls></Ntry>"""


def detail(item: str, amount: str = "500.00", *, returned: bool = False) -> str:
    own = f'<Amt Ccy="EUR">{amount}</Amt>' if amount else ""
    back = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>" if returned else ""
    return f"<TxDtls><Refs><EndToEndId>{item}</EndToEndId></Refs>{own}{back}</TxDtls>"


def take(dana: Any, form: str, content: bytes) -> list[str]:
    """Import a message; the outcomes of its rows in order."""
    row = actions.import_report(actor=dana, form=form, name="bank.xml", content=content)
    return list(row.rows.order_by("number").values_list("outcome", flat=True))


def rows(*entries: str) -> list[Reported]:
    found, problems = read("camt", statement(*entries))
    assert problems == []
    return found


def with_all_powers(artist: Any) -> Any:
    grant_powers(actor=None, artist=artist, powers=list(StaffPower))
    return type(artist).objects.get(pk=artist.pk)


def balance(code: str) -> int:
    return ledger.balance(code).amount_minor


def all_is_well() -> bool:
    balances_add_up()
    return not but_for_owed(breach for _name, breaches in run_checks() for breach in breaches)


@pytest.mark.parametrize("status", ["RCVD", "ACTC", "ACCP", "ACSP", "ACSC", "ACCC"])
def test_a_status_report_that_accepts_settles_nothing(sent: Payout, dana: Any, status: str) -> None:
    entries = JournalEntry.objects.count()
    assert take(dana, "pain002", status_report(sent.code, status)) == ["waiting"]
    sent.refresh_from_db()
    assert (sent.status, JournalEntry.objects.count()) == ("sent", entries)
    assert status in ReportRow.objects.get().reason


def test_a_status_report_that_rejects_makes_the_money_payable_again(sent: Payout, alice: Any, dana: Any) -> None:
    assert take(dana, "pain002", status_report(sent.code, "RJCT")) == ["failed"]
    assert balance(f"payable:{alice.payee.code}:EUR") == -50_000


@pytest.mark.parametrize("forms", [("pain002", "camt"), ("camt", "pain002")])
def test_both_files_of_a_bank_settle_a_payment_once_in_either_order(
    sent: Payout, posted: Any, alice: Any, dana: Any, forms: tuple[str, str]
) -> None:
    contents = {"pain002": status_report(sent.code, "ACSC"), "camt": statement(entry(detail(sent.code)))}
    outcomes = {form: take(dana, form, contents[form]) for form in forms}
    assert outcomes == {"pain002": ["waiting"], "camt": ["settled"]}
    sent.refresh_from_db()
    assert (sent.status, sent.provider_reference) == ("settled", f"B1/{sent.code}")
    assert balance("clearing:sepa:EUR") == -50_000
    assert not ReportRow.objects.open().exists()
    owe(alice, 30_000, "EUR", key="more")
    (due,) = due_in("EUR", later(posted, days=9), payees=[alice.payee])
    assert [obstacle.code for obstacle in due.obstacles] == []
    assert all_is_well()


@pytest.fixture
def settled_by_status(sent: Payout, dana: Any) -> Payout:
    """As pain.002 settled a payment when it still did."""
    actions.settle_payout(actor=dana, payout=sent, provider_reference="ASR-77")
    told = Reported(1, sent.code, "ASR-77", "completed", Money(50_000, "EUR"))
    report = PayoutReport.objects.create(
        format="pain002",
        name="old.xml",
        sha256=sha256_hex(b"x"),
        content_encrypted=seal(b"x"),
        row_count=1,
        taken_by=dana,
    )
    ReportRow.objects.create(
        report=report, number=1, item=told.item, reference=told.reference, status=told.status, amount_minor=50_000,
        currency="EUR", fact=told.fact, outcome="settled", payout=sent,
    )  # fmt: skip
    record_event(actor=dana, verb="royalties.report_taken", about=report, payload={"settled": 1})
    sent.refresh_from_db()
    return sent


def test_what_an_older_status_report_settled_is_known_when_its_statement_comes(
    settled_by_status: Payout, alice: Any, dana: Any
) -> None:
    code = settled_by_status.code
    assert take(dana, "camt", statement(entry(detail(code)))) == ["known"]
    assert take(dana, "camt", statement(entry(detail(code)), entry(detail(code), reference="B2"))) == [
        "known",
        "contradicts",
    ]
    assert balance(f"overpaid:{alice.payee.code}:EUR") == 50_000
    assert balance("clearing:sepa:EUR") == -100_000
    assert all_is_well()


def test_what_an_older_status_report_settled_and_came_back_is_not_paid_twice(
    settled_by_status: Payout, alice: Any, dana: Any
) -> None:
    code = settled_by_status.code
    back = entry(detail(code, returned=True), side="CRDT", reference="B2")
    assert take(dana, "camt", statement(back, entry(detail(code)))) == ["returned", "known"]
    assert balance(f"payable:{alice.payee.code}:EUR") == -50_000
    assert balance("clearing:sepa:EUR") == 0


def test_a_debit_that_gives_back_what_had_come_in_is_money_that_left_and_settles_nothing(
    sent: Payout, alice: Any, dana: Any
) -> None:
    outcomes = take(
        dana,
        "camt",
        statement(
            entry(detail("theirs", "12.00", returned=True), amount="12.00"),
            entry(detail(sent.code, returned=True), reference="B2"),
        ),
    )
    assert outcomes == ["unknown", "contradicts"]
    sent.refresh_from_db()
    assert sent.status == "sent"
    assert balance("overpaid:unknown:EUR") == 1_200
    assert balance(f"overpaid:{alice.payee.code}:EUR") == 50_000
    assert balance("clearing:sepa:EUR") == -51_200
    assert balance("suspense:sepa:EUR") == 0
    assert all_is_well()


def test_a_credit_that_reverses_a_debit_brings_the_payment_back(sent: Payout, alice: Any, dana: Any) -> None:
    reversal = entry(detail(sent.code), side="CRDT", reference="B2", more="<RvslInd>true</RvslInd>")
    assert take(dana, "camt", statement(entry(detail(sent.code)), reversal)) == ["settled", "returned"]
    assert balance(f"payable:{alice.payee.code}:EUR") == -50_000
    assert balance("clearing:sepa:EUR") == 0
    assert rows(entry(detail("x"), side="CRDT", more="<RvslInd>0</RvslInd>")) == []


def test_a_reversal_whose_detail_goes_the_other_way_is_refused_by_its_place() -> None:
    other_way = detail("x").replace("</Refs>", "</Refs><CdtDbtInd>DBIT</CdtDbtInd>")
    found, problems = read("camt", statement(entry(other_way, side="CRDT", more="<RvslInd>1</RvslInd>")))
    assert (found, [place for place, _why in problems]) == ([], [1])
    assert "which way" in problems[0][1]


def test_equal_returns_without_an_id_of_ours_count_each(dana: Any) -> None:
    twins = [detail("NOTPROVIDED", amount, returned=True) for amount in ("12.00", "7.00", "12.00")]
    content = statement(entry(*twins, side="CRDT", amount="31.00"))
    assert take(dana, "camt", content) == ["unknown"] * 3
    assert balance("suspense:sepa:EUR") == -3_100
    again = statement(entry(*reversed(twins), side="CRDT", amount="31.00"), "<!-- in another order -->")
    assert take(dana, "camt", again) == ["known"] * 3
    assert balance("suspense:sepa:EUR") == -3_100


def test_a_payment_that_left_twice_in_one_entry_is_paid_twice(sent: Payout, alice: Any, dana: Any) -> None:
    content = statement(entry(detail(sent.code), detail(sent.code), amount="1000.00"))
    assert take(dana, "camt", content) == ["settled", "contradicts"]
    assert balance(f"overpaid:{alice.payee.code}:EUR") == 50_000
    assert balance("clearing:sepa:EUR") == -100_000


def test_what_has_neither_our_code_nor_a_reference_is_refused() -> None:
    content = statement(entry(detail("NOTPROVIDED", "12.00", returned=True), side="CRDT", reference=""))
    found, problems = read("camt", content)
    assert (found, [place for place, _why in problems]) == ([], [1])


def test_a_detail_without_an_amount_takes_that_of_its_entry_only_where_it_is_alone(dana: Any) -> None:
    assert [str(row.amount) for row in rows(entry(detail("po1", ""), amount="30.00"))] == ["30.00 EUR"]
    content = statement(entry(detail("po1", ""), detail("po2", "10.00"), amount="30.00"))
    with pytest.raises(ImportRefused) as refusal:
        take(dana, "camt", content)
    ((place, why),) = refusal.value.problems
    assert place == 1
    assert "B1/po1" in why
    assert not PayoutReport.objects.exists()


def test_a_charge_is_not_taken_for_the_amount_of_its_detail() -> None:
    charged = detail("po1", "").replace("</TxDtls>", '<Chrgs><Rcrd><Amt Ccy="EUR">0.50</Amt></Rcrd></Chrgs></TxDtls>')
    older = detail("po2", "").replace(
        "</TxDtls>", '<AmtDtls><InstdAmt><Amt Ccy="EUR">20.00</Amt></InstdAmt></AmtDtls></TxDtls>'
    )
    found = rows(entry(charged, amount="30.00"), entry(older, amount="20.00", reference="B2"))
    assert [str(row.amount) for row in found] == ["30.00 EUR", "20.00 EUR"]


@pytest.mark.parametrize("status", ["<Sts>PDNG</Sts>", "<Sts><Cd>PDNG</Cd></Sts>", "<Sts><Cd>INFO</Cd></Sts>"])
def test_an_entry_that_may_still_change_decides_nothing(status: str) -> None:
    pending = entry(detail("po1")).replace("<Sts><Cd>BOOK</Cd></Sts>", status)
    assert [row.status for row in rows(pending)] == ["waiting"]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b'<?xml version="1.0" encoding="foo"?><a/>', 0),
        (b'<?xml version="1.0" encoding="utf-7"?><a/>', 0),
        (b"<a>\n\0</a>", 2),
        (b"<a>\n<b>\n</a>", 3),
    ],
)
@pytest.mark.parametrize("form", ["pain002", "camt"])
def test_what_is_no_xml_is_refused_in_words(dana: Any, form: str, content: bytes, line: int) -> None:
    with pytest.raises(ImportRefused, match="no XML that may be read") as refusal:
        take(dana, form, content)
    assert refusal.value.problems[0][0] == line


def back(item: str, reference: str = "B2") -> str:
    """The credit that brings a transfer back."""
    return entry(detail(item, returned=True), side="CRDT", reference=reference)


# --- settled by hand, before any report told of it ---


@pytest.mark.parametrize("by_hand", ["B1", "what the letter says"])
def test_what_finance_settled_by_hand_is_known_when_its_statement_comes(
    sent: Payout, alice: Any, dana: Any, by_hand: str
) -> None:
    actions.settle_payout(actor=dana, payout=sent, provider_reference=by_hand)
    assert take(dana, "camt", statement(entry(detail(sent.code)))) == ["known"]
    assert balance("clearing:sepa:EUR") == -50_000
    assert take(dana, "camt", statement(entry(detail(sent.code), reference="B9"))) == ["contradicts"]
    assert balance(f"overpaid:{alice.payee.code}:EUR") == 50_000
    assert all_is_well()


def test_payments_of_one_entry_are_settled_by_hand_with_its_one_reference(
    posted: Any, alice: Any, bob: Any, sam: Any, dana: Any, settings: Any
) -> None:
    settings.SEPA_ACCOUNT = SEPA_ACCOUNT
    for artist, iban in (alice, "NL91ABNA0417164300"), (bob, "DE75512108001245126199"):
        with_bank_account(artist, iban)
        owe(artist, 50_000, "EUR")
    batch = actions.batch_payouts(actor=sam, currency="EUR", method="sepa")
    actions.submit_batch(actor=dana, batch=batch)
    first, second = batch.payouts.order_by("pk")
    actions.settle_payout(actor=dana, payout=first, provider_reference="B1")
    assert actions.settle_payout(actor=dana, payout=second, provider_reference="B1").provider_reference == (
        f"B1/{second.code}"
    )
    entries = JournalEntry.objects.count()
    actions.settle_payout(actor=dana, payout=second, provider_reference="B1")
    both = entry(detail(first.code), detail(second.code), amount="1000.00")
    assert take(dana, "camt", statement(both)) == ["known", "known"]
    assert JournalEntry.objects.count() == entries
    assert balance("clearing:sepa:EUR") == -100_000
    # Another batch has another entry.
    owe(alice, 50_000, "EUR", key="more")
    other = actions.batch_payouts(actor=sam, currency="EUR", method="sepa")
    actions.submit_batch(actor=dana, batch=other)
    with pytest.raises(RoyaltiesRefused, match="another payout"):
        actions.settle_payout(actor=dana, payout=other.payouts.get(), provider_reference="B1")
    assert all_is_well()


# --- legs in any order ---


def test_statements_that_come_in_the_wrong_order_make_no_claim(sent: Payout, alice: Any, dana: Any) -> None:
    assert take(dana, "camt", statement(back(sent.code))) == ["failed"]
    assert take(dana, "camt", statement(entry(detail(sent.code)))) == ["known"]
    assert not ReportRow.objects.open().exists()
    assert balance(f"payable:{alice.payee.code}:EUR") == -50_000
    assert balance("clearing:sepa:EUR") == 0
    # A further debit is none of that payment.
    assert take(dana, "camt", statement(entry(detail(sent.code), reference="B3"))) == ["contradicts"]
    assert all_is_well()


@pytest.mark.parametrize("is_credit_first", [False, True])
def test_what_the_bank_rejected_and_yet_sent_and_took_back_leaves_nobody_owing(
    sent: Payout, alice: Any, dana: Any, is_credit_first: bool
) -> None:
    assert take(dana, "pain002", status_report(sent.code, "RJCT")) == ["failed"]
    legs = [entry(detail(sent.code)), back(sent.code)]
    if is_credit_first:
        assert take(dana, "camt", statement(*reversed(legs))) == ["known", "known"]
    else:
        assert take(dana, "camt", statement(*legs)) == ["contradicts", "returned"]
    assert balance("clearing:sepa:EUR") == 0
    assert balance(f"overpaid:{alice.payee.code}:EUR") == 0
    assert balance("suspense:sepa:EUR") == 0
    assert balance(f"payable:{alice.payee.code}:EUR") == -50_000
    assert not ReportRow.objects.open().exists()
    assert all_is_well()


def test_a_debit_that_waits_for_a_verdict_waits_no_longer_once_it_is_back(
    sent: Payout, alice: Any, sam: Any, dana: Any
) -> None:
    take(dana, "pain002", status_report(sent.code, "RJCT"))
    take(dana, "camt", statement(entry(detail(sent.code))))
    row = ReportRow.objects.open().get()
    assert balance(f"overpaid:{alice.payee.code}:EUR") == 50_000
    assert take(dana, "camt", statement(back(sent.code))) == ["returned"]
    assert (balance(f"overpaid:{alice.payee.code}:EUR"), balance("clearing:sepa:EUR")) == (0, 0)
    frank = with_all_powers(sam)
    with pytest.raises(RoyaltiesRefused, match="Nothing is open"):
        actions.decide_row(actor=frank, row=row, outcome="lost", reason="It is.")
    # What comes back once more, of a payment that is all back, is known.
    assert take(dana, "camt", statement(back(sent.code, "B5"))) == ["known"]
    assert all_is_well()


@pytest.mark.parametrize("outcome", ["lost", "owed"])
def test_what_comes_back_after_a_verdict_waits_in_suspense(
    sent: Payout, alice: Any, sam: Any, dana: Any, outcome: str
) -> None:
    take(dana, "pain002", status_report(sent.code, "RJCT"))
    take(dana, "camt", statement(entry(detail(sent.code))))
    frank = with_all_powers(sam)
    actions.decide_row(actor=frank, row=ReportRow.objects.open().get(), outcome=outcome, reason="By the letter.")
    assert take(dana, "camt", statement(back(sent.code))) == ["contradicts"]
    assert (balance("suspense:sepa:EUR"), balance("clearing:sepa:EUR")) == (-50_000, 0)
    assert all_is_well()

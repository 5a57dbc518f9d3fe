"""Files for machines: PayPal's by its column rules, the bank's by its schema, and nothing a machine could misread."""

import csv
import datetime as dt
import io
import re
from pathlib import Path
from typing import Any

import pytest
import sepaxml
import xmlschema
from defusedxml.ElementTree import fromstring

from royalties.money import Money
from royalties.payouts.account import AccountRefused, checked
from royalties.payouts.paypal import FileRefused, Payment, payment_file
from royalties.payouts.sepa import SCHEMA, Transfer, transfer_file
from tests.royalties.payees import bank_account

MADE_AT = dt.datetime(2026, 11, 25, 12, 0, tzinfo=dt.UTC)
PLAIN_AMOUNT = re.compile(r"[0-9]+(\.[0-9]{2})?")


def parse_paypal(content: bytes) -> list[dict[str, str]]:
    """A reader of the provider's file, written from its column rules and not from our writer."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))
    if not 0 < len(rows) <= 5_000:
        raise ValueError("between 1 and 5,000 rows")
    names = ("recipient", "amount", "currency", "customer_id", "note", "wallet")
    found = []
    for row in rows:
        if len(row) != len(names):
            raise ValueError("six columns")
        cells = dict(zip(names, row, strict=True))
        wrong = (
            "@" not in cells["recipient"].strip("@")
            or not PLAIN_AMOUNT.fullmatch(cells["amount"])
            or not re.fullmatch("[A-Z]{3}", cells["currency"])
            or not re.fullmatch(r"\S{1,30}", cells["customer_id"])
            or len(cells["note"]) > 400
            or cells["wallet"] not in {"PAYPAL", "VENMO"}
        )
        if wrong:
            raise ValueError(f"bad row {row}")
        found.append(cells)
    if len({cells["currency"] for cells in found}) != 1:
        raise ValueError("one currency a file")
    return found


def payment(**changes: Any) -> Payment:
    usual = {"recipient": "a@pay.example", "amount": Money(1_00, "USD"), "code": "po1", "note": "Your share"}
    return Payment(**(usual | changes))


@pytest.mark.parametrize(
    "payments",
    [
        [],
        [payment(), payment()],
        [payment(), payment(code="po2", amount=Money(1, "EUR"))],
        [payment(amount=Money(0, "USD"))],
        [payment(code="with space")],
        [payment(code="x" * 31)],
        [payment(note="x" * 401)],
        [payment(note="=HYPERLINK(1)")],
        [payment(note="two\nlines")],
        [payment(recipient="@pay.example")],
        [payment(recipient="nobody")],
        [payment(code=f"po{number}") for number in range(5_001)],
        [payment(amount=Money(1_000, "KWD"))],
        [payment(amount=Money(1_01, "HUF"))],
        [payment(amount=Money(1, "TWD"))],
    ],
)
def test_a_file_that_a_machine_could_misread_is_refused(payments: list[Payment]) -> None:
    with pytest.raises(FileRefused):
        payment_file(payments)


def test_a_file_has_six_columns_and_no_header() -> None:
    content = payment_file([payment(note='Your "share", thank you')])
    assert content == b'a@pay.example,1.00,USD,po1,"Your ""share"", thank you",PAYPAL\r\n'


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (Money(1_234_500, "HUF"), b",12345,HUF,"),
        (Money(100, "TWD"), b",1,TWD,"),
        (Money(12_345, "JPY"), b",12345,JPY,"),
        (Money(12_345, "SEK"), b",123.45,SEK,"),
    ],
)
def test_an_amount_has_the_decimals_that_paypal_knows(amount: Money, written: bytes) -> None:
    content = payment_file([payment(amount=amount)])
    assert written in content
    assert Money.parse(parse_paypal(content)[0]["amount"], amount.currency) == amount


def test_paypal_reads_what_we_write() -> None:
    amounts = {f"po{number}": number for number in range(1, 5_001)}
    content = payment_file([payment(code=code, amount=Money(minor, "USD")) for code, minor in amounts.items()])
    read = parse_paypal(content)
    assert {cells["customer_id"]: Money.parse(cells["amount"], "USD").amount_minor for cells in read} == amounts


@pytest.mark.parametrize("content", [b"a@b.example,1.00,USD,has space,note,PAYPAL\r\n", b"a,1,USD,x,n,PAYPAL\r\n", b""])
def test_the_reader_of_the_tests_refuses_bad_files(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_paypal(content)


def transfer(**changes: Any) -> Transfer:
    usual = {"account": checked(bank_account()), "amount": Money(25_00, "EUR"), "code": "po1", "note": "Your share"}
    return Transfer(**(usual | changes))


def debtor() -> Any:
    return checked(bank_account(holder="Open Production Company", iban="DE89370400440532013000", bic="COBADEFFXXX",
                                town="Köln", country="DE"))  # fmt: skip


def bank_file(*transfers: Transfer) -> bytes:
    return transfer_file(transfers, debtor=debtor(), batch="7", made_at=MADE_AT)


def test_the_bank_file_holds_our_ids_and_validates_against_the_schema_of_the_package() -> None:
    content = bank_file(transfer(), transfer(code="po2", amount=Money(1, "EUR")))
    schema = xmlschema.XMLSchema(str(Path(sepaxml.__file__).parent / "schemas" / f"{SCHEMA}.xsd"))
    schema.validate(content.decode())
    space = f"{{urn:iso:std:iso:20022:tech:xsd:{SCHEMA}}}"
    root = fromstring(content)
    texts = {tag: [node.text for node in root.iter(f"{space}{tag}")] for tag in
             ("MsgId", "PmtInfId", "EndToEndId", "InstdAmt", "CtrlSum", "TwnNm", "AdrLine", "NbOfTxs")}  # fmt: skip
    assert texts["MsgId"] == ["payouts-7"]
    assert texts["PmtInfId"] == ["payouts-7-1"]
    assert texts["EndToEndId"] == ["po1", "po2"]
    assert texts["InstdAmt"] == ["25.00", "0.01"]
    assert set(texts["CtrlSum"]) == {"25.01"}
    assert texts["TwnNm"] == ["Koln", "Utrecht", "Utrecht"]
    assert texts["AdrLine"] == []
    assert "Zoe Angstrom" in content.decode()


def test_the_same_batch_gives_the_same_bytes() -> None:
    assert bank_file(transfer()) == bank_file(transfer())


@pytest.mark.parametrize(
    "transfers",
    [
        [],
        [transfer(), transfer()],
        [transfer(amount=Money(25_00, "USD"))],
        [transfer(amount=Money(0, "EUR"))],
        [transfer(amount=Money(10**12, "EUR"))],
        [transfer(code="with space")],
        [transfer(code="x" * 36)],
    ],
)
def test_a_bank_file_that_a_machine_could_misread_is_refused(transfers: list[Transfer]) -> None:
    with pytest.raises(FileRefused):
        bank_file(*transfers)


def test_what_breaks_the_schema_is_not_handed_out() -> None:
    import dataclasses

    broken = dataclasses.replace(transfer().account, iban="not an iban")
    with pytest.raises(FileRefused, match="validate"):
        bank_file(transfer(account=broken))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("iban", "NL91 ABNA 0417 1643 01"),
        ("iban", "US00 1234"),
        ("iban", "BR1800360305000010009795493C1"),
        ("bic", "NOPE"),
        ("bic", "COBADEFFXXX"),
        ("country", "US"),
        ("holder", "=cmd()"),
        ("holder", "  "),
        ("town", "☂☂"),
    ],
)
def test_an_account_that_no_bank_takes_is_refused_with_its_field(field: str, value: str) -> None:
    with pytest.raises(AccountRefused) as refusal:
        checked(bank_account(**{field: value}))
    assert refusal.value.field == field

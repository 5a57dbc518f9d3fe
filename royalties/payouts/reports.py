"""What providers report of our payments, read into rows of one shape.

Two CSV files, whose columns are found by the names below, and the two ISO 20022 messages of
banks: pain.002 (status of each transfer) and camt.053 or camt.054 (entries on our account). An
item is found by our own code alone. XML is read by defusedxml. Pure but for the words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.utils.translation import gettext as _

from royalties.mapping import SheetRefused, records, text_of
from royalties.money import Money, MoneyError, for_one_line

COMPLETED, FAILED, RETURNED, WAITING = "completed", "failed", "returned", "waiting"
LONGEST = 80
MOST_ROWS = 20_000

COLUMNS = {
    "item": ("customer id", "sender item id", "unique id", "item id", "end to end id", "endtoendid"),
    "reference": ("transaction id", "payout item id", "bank reference", "reference"),
    "status": ("transaction status", "status"),
    "amount": ("amount", "gross", "payout amount"),
    "currency": ("currency", "payout currency"),
    "fee": ("fee", "fee amount", "payout fee"),
    "reason": ("reason", "error message", "return reason", "note"),
}
NEEDED = ("item", "reference", "status", "amount", "currency")
STATUSES = {
    **dict.fromkeys(("completed", "success", "paid", "accc", "acsc", "booked"), COMPLETED),
    **dict.fromkeys(("failed", "denied", "blocked", "canceled", "cancelled", "rejected", "rjct"), FAILED),
    **dict.fromkeys(("returned", "reversed", "refunded"), RETURNED),
    **dict.fromkeys(
        ("pending", "unclaimed", "onhold", "on hold", "processing", "new", "pdng", "acsp", "actc"), WAITING
    ),
}


@dataclass(frozen=True, slots=True)
class Reported:
    """One payment as the provider tells of it."""

    number: int
    item: str
    reference: str
    status: str
    amount: Money
    fee_minor: int = 0
    reason: str = ""

    @property
    def fact(self) -> str:
        """The same for the same news, in whatever file it stands."""
        words = (self.item, self.reference, self.status, str(self.amount))
        return hashlib.sha256("\n".join(words).encode()).hexdigest()


Problems = list[tuple[int, str]]


def read(form: str, content: bytes) -> tuple[list[Reported], Problems]:
    """The rows of a file and what is wrong with it, by line; nothing of a bad file should be used."""
    if form in {"paypal", "sepa"}:
        try:
            return _csv(text_of(content))
        except SheetRefused as refusal:
            return [], [(refusal.line, refusal.reason)]
    try:
        root = fromstring(content)
    # Of an encoding that nobody knows the parser says LookupError, of one that it cannot use ValueError.
    except (ParseError, DefusedXmlException, LookupError, ValueError) as problem:
        line = problem.position[0] if isinstance(problem, ParseError) else 0
        return [], [(line, _("The file is no XML that may be read: %(why)s") % {"why": problem})]
    return _collect(_status_report(root) if form == "pain002" else _account_report(root))


def _csv(text: str) -> tuple[list[Reported], Problems]:
    lines = records(text)
    header = [name.strip().lower() for name in next(lines, (1, []))[1]]
    places = {
        field: next((header.index(name) for name in names if name in header), None) for field, names in COLUMNS.items()
    }
    missing = [field for field in NEEDED if places[field] is None]
    if missing:
        return [], [(1, _("The file has no column for %(names)s.") % {"names": ", ".join(missing)})]

    def cells() -> Iterator[tuple[int, dict[str, str]]]:
        for number, row in lines:
            if any(cell.strip() for cell in row):
                yield (
                    number,
                    {
                        field: row[place].strip() if place is not None and place < len(row) else ""
                        for field, place in places.items()
                    },
                )

    return _collect(cells())


def _collect(cells: Iterator[tuple[int, dict[str, str]]]) -> tuple[list[Reported], Problems]:
    rows: list[Reported] = []
    problems: Problems = []
    for number, values in cells:
        if len(rows) + len(problems) >= MOST_ROWS:
            return [], [(number, _("A file holds at most %(most)d rows; split it.") % {"most": MOST_ROWS})]
        try:
            rows.append(_reported(number, values))
        except (MoneyError, ValueError) as problem:
            problems.append((number, str(problem)))
    return rows, problems


def _reported(number: int, values: dict[str, str]) -> Reported:
    status = STATUSES.get(values["status"].lower())
    if status is None:
        raise ValueError(_("“%(status)s” is no status that we know.") % {"status": values["status"]})
    if not values["item"] and not values["reference"]:
        raise ValueError(_("The row has neither our code nor the provider’s reference."))
    if status == COMPLETED and not values["reference"]:
        raise ValueError(_("A paid row needs the provider’s reference."))
    if max(len(values["item"]), len(values["reference"])) > LONGEST:
        raise ValueError(_("A code or reference is longer than %(most)d signs.") % {"most": LONGEST})
    amount = abs(for_one_line(Money.parse(values["amount"], values["currency"].upper())))
    if not amount:
        raise ValueError(_("The amount is zero."))
    fee = abs(for_one_line(Money.parse(values["fee"], amount.currency))).amount_minor if values.get("fee") else 0
    reason = values.get("reason", "")[:300]
    return Reported(number, values["item"], values["reference"], status, amount, fee, reason)


def _status_report(root: Any) -> Iterator[tuple[int, dict[str, str]]]:
    """pain.002: what the bank says of each transfer it was given."""
    for number, entry in enumerate(_all(root, "TxInfAndSts"), start=1):
        amount = next(_all(entry, "InstdAmt"), None)
        yield (
            number,
            {
                "item": _text(entry, "OrgnlEndToEndId"),
                "reference": _text(entry, "AcctSvcrRef") or _text(entry, "StsId"),
                "status": _text(entry, "TxSts"),
                "amount": amount.text or "" if amount is not None else "",
                "currency": amount.get("Ccy", "") if amount is not None else "",
                "reason": _text(entry, "AddtlInf") or _text(entry, "Cd"),
            },
        )


def _account_report(root: Any) -> Iterator[tuple[int, dict[str, str]]]:
    """camt.053 and camt.054: debits that were booked, and credits that bring a transfer back."""
    number = 0
    for entry in _all(root, "Ntry"):
        for detail in _all(entry, "TxDtls"):
            number += 1
            side = _text(detail, "CdtDbtInd") or _text(entry, "CdtDbtInd")
            back = next(_all(detail, "RtrInf"), None)
            if side == "CRDT" and back is None:
                continue  # money that comes in by itself is no news of a payout
            amount = next(_all(detail, "Amt"), None)
            if amount is None:
                amount = next(_all(entry, "Amt"), None)
            item = _text(detail, "EndToEndId")
            # Banks book many transfers as one entry, whose reference alone would not tell them apart.
            whole = f"{_text(entry, 'AcctSvcrRef')}/{item}" if _text(entry, "AcctSvcrRef") else ""
            pending = _text(entry, "Sts") in {"PDNG", "INFO"}
            yield (
                number,
                {
                    "item": item,
                    "reference": _text(detail, "AcctSvcrRef") or whole,
                    "status": "pending" if pending else "returned" if back is not None else "booked",
                    "amount": (amount.text or "") if amount is not None else "",
                    "currency": amount.get("Ccy", "") if amount is not None else "",
                    "reason": (_text(back, "AddtlInf") or _text(back, "Cd")) if back is not None else "",
                },
            )


def _all(node: Any, name: str) -> Iterator[Any]:
    """Every element of this local name below a node, whatever version of the message it is."""
    return (found for found in node.iter() if str(found.tag).rpartition("}")[2] == name)


def _text(node: Any, name: str) -> str:
    found = next(_all(node, name), None)
    return (found.text or "").strip() if found is not None else ""

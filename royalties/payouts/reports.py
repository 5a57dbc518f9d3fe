"""What providers report of our payments, read into rows of one shape.

Two CSV files, whose columns are found by the names below, and the two ISO 20022 messages of
banks: pain.002 (status of each transfer) and camt.053 or camt.054 (entries on our account). An
item is found by our own code alone. XML is read by defusedxml. Pure but for the words.
"""

from __future__ import annotations

import hashlib
from collections import Counter
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

# What pain.002 calls a transfer that the bank took. Even "settled" (ACSC) is told of the order, not of our account: only
# a statement says that money moved. Were both believed, whoever takes both files would pay everybody twice in the books.
ACCEPTED = {"RCVD", "ACTC", "ACCP", "ACSP", "ACSC", "ACCC", "ACWC", "ACWP", "ACFC", "PATC", "PDNG"}
# Entries of camt that may still change.
UNBOOKED = {"PDNG", "INFO", "FUTR"}
NO_ITEM = {"", "NOTPROVIDED"}


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
    # Not so for money that goes out because it had come in: it left, but it settles no payment of ours.
    is_payment: bool = True

    @property
    def fact(self) -> str:
        """The same for the same news, in whatever file it stands."""
        words = [self.item, self.reference, self.status, str(self.amount)]
        if not self.is_payment:
            words.append("sent back")
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
    if values.get("problem"):
        raise ValueError(values["problem"])
    status = STATUSES.get(values["status"].lower())
    if status is None:
        raise ValueError(_("“%(status)s” is no status that we know.") % {"status": values["status"]})
    if values["item"].upper() in NO_ITEM and not values["reference"]:
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
    is_payment = not values.get("sent_back")
    return Reported(number, values["item"], values["reference"], status, amount, fee, reason, is_payment)


def _status_report(root: Any) -> Iterator[tuple[int, dict[str, str]]]:
    """pain.002: what the bank says of each transfer it was given. Only a refusal is news of money; see ACCEPTED."""
    for number, entry in enumerate(_all(root, "TxInfAndSts"), start=1):
        amount = next(_all(entry, "InstdAmt"), None)
        status = _text(entry, "TxSts")
        accepted = _("The bank says %(code)s: accepted. Its statement settles.") % {"code": status}
        is_accepted = status in ACCEPTED
        yield (
            number,
            {
                "item": _text(entry, "OrgnlEndToEndId"),
                "reference": _text(entry, "AcctSvcrRef") or _text(entry, "StsId"),
                "status": "pending" if is_accepted else status,
                "amount": amount.text or "" if amount is not None else "",
                "currency": amount.get("Ccy", "") if amount is not None else "",
                "reason": _text(entry, "AddtlInf") or _text(entry, "Cd") or (accepted if is_accepted else ""),
            },
        )


def _account_report(root: Any) -> Iterator[tuple[int, dict[str, str]]]:
    """camt.053 and camt.054: debits that were booked, and credits that bring a transfer back.

    A credit brings one back where it has return information or is the reversal of a debit. A debit with either
    is money that had come in and goes out again: no payment of ours.
    """
    number = 0
    for entry in _all(root, "Ntry"):
        details = list(_all(entry, "TxDtls"))
        for detail, reference in zip(details, _references(entry, details), strict=True):
            number += 1
            amount = _child(entry, "Amt") if len(details) == 1 else None
            values = _detail(entry, detail, reference, amount)
            if values is not None:
                yield number, values


def _detail(entry: Any, detail: Any, reference: str, of_entry: Any) -> dict[str, str] | None:
    """One detail of an entry, whose amount is its own unless it is the only one; None where it is no news of a payout."""
    side = _value(detail, "CdtDbtInd") or _value(entry, "CdtDbtInd")
    returned = next(_all(detail, "RtrInf"), None)
    reversal = "true" in {_flag(detail, "RvslInd"), _flag(entry, "RvslInd")}
    is_back = returned is not None or reversal
    if side == "CRDT" and not is_back:
        return None  # money that comes in by itself
    amount = _amount_of(detail)
    amount = of_entry if amount is None else amount
    item = _text(detail, "EndToEndId")
    problem = ""
    if side not in {"CRDT", "DBIT"} or (reversal and side != _value(entry, "CdtDbtInd")):
        problem = _("The bank does not say clearly which way the money of “%(name)s” went.")
    elif amount is None:
        problem = _("“%(name)s” has no amount of its own, and its entry is of several.")
    reason = (_text(returned, "AddtlInf") or _text(returned, "Cd")) if returned is not None else ""
    return {
        "item": item,
        "reference": reference,
        "status": "pending" if _is_unbooked(entry) else "returned" if side == "CRDT" else "booked",
        "amount": (amount.text or "") if amount is not None else "",
        "currency": amount.get("Ccy", "") if amount is not None else "",
        "reason": reason or (_("The bank took the entry back.") if is_back else ""),
        "sent_back": "yes" if side == "DBIT" and is_back else "",
        "problem": problem and problem % {"name": reference or item},
    }


def _is_unbooked(entry: Any) -> bool:
    """Whether an entry may still change; newer versions have its status in a code."""
    status = _child(entry, "Sts")
    return status is not None and ((status.text or "").strip() or _text(status, "Cd")) in UNBOOKED


def _references(entry: Any, details: list[Any]) -> list[str]:
    """What the bank calls each detail of an entry; no two are called the same.

    Banks book many transfers as one entry, whose reference alone would not tell them apart, and an end-to-end id may
    be NOTPROVIDED for many. Then they are counted, the smallest first, so that their order in the file does not matter.
    """
    whole = _text(entry, "AcctSvcrRef")
    items = [_text(detail, "EndToEndId") for detail in details]
    names = [
        _text(detail, "AcctSvcrRef") or (f"{whole}/{item}" if whole else "")
        for detail, item in zip(details, items, strict=True)
    ]
    amounts = [_amount_of(detail) for detail in details]
    order = sorted(
        range(len(details)), key=lambda place: "" if amounts[place] is None else (amounts[place].text or "").strip()
    )
    seen: Counter[tuple[str, str]] = Counter()
    result = [""] * len(details)
    for place in order:
        key = items[place], names[place]
        seen[key] += 1
        result[place] = names[place] if seen[key] == 1 or not names[place] else f"{names[place]}/{seen[key]}"
    return result


def _amount_of(detail: Any) -> Any:
    """A detail's own amount, which newer versions of the message have at once and older ones among others."""
    among = _child(detail, "AmtDtls")
    inner = [_child(among, name) for name in ("InstdAmt", "TxAmt")] if among is not None else []
    found = [_child(detail, "Amt"), *(_child(one, "Amt") for one in inner if one is not None)]
    return next((amount for amount in found if amount is not None), None)


def _child(node: Any, name: str) -> Any:
    """The element of this local name at once below a node; None where there is none."""
    return next((found for found in node if str(found.tag).rpartition("}")[2] == name), None)


def _value(node: Any, name: str) -> str:
    found = _child(node, name)
    return (found.text or "").strip() if found is not None else ""


def _flag(node: Any, name: str) -> str:
    """A yes or no in the one spelling; XML has two of each."""
    return {"1": "true", "0": "false"}.get(_value(node, name), _value(node, name))


def _all(node: Any, name: str) -> Iterator[Any]:
    """Every element of this local name below a node, whatever version of the message it is."""
    return (found for found in node.iter() if str(found.tag).rpartition("}")[2] == name)


def _text(node: Any, name: str) -> str:
    found = next(_all(node, name), None)
    return (found.text or "").strip() if found is not None else ""

"""Reports as shops and distributors send them, and the way of one from the file to the books."""

from __future__ import annotations

from typing import Any

from royalties import actions
from royalties.models import Intake, Mapping

SHOP = "date,item type,item name,currency,item total,transaction fee,bandcamp transaction id\n"
#: How a store's report is read that says which sale a refund gives back.
NAMES_SALES = {
    "provider": "store", "id_columns": ["id"], "day_column": "day", "amount_column": "amount", "currency": "USD",
    "production_columns": ["film"], "channel": "store", "kind_column": "kind", "sale_column": "of",
    "kinds": {"sold": "sale", "back": "refund"},
}  # fmt: skip
BILLS = "invoice,supplier,category,amount,currency,paid on,production\n"


def mapping(name: str = "Music shop") -> Mapping:
    found: Mapping = Mapping.objects.newest().get(name=name)
    return found


def shop_rows(*rows: str, title: str = "The Lid", day: str = "8/15/26 1:45am") -> bytes:
    """Rows such as "1,10.00,0.50" (id, total, fee), or "refund,1,-4.00," with their type in front."""
    lines = []
    for row in rows:
        kind, number, total, fee = row.split(";") if row.count(";") == 3 else ("album", *row.split(";"))
        lines.append(f'{day},{kind},{title},USD,"{total}",{fee},{number}\n')
    return (SHOP + "".join(lines)).encode()


def taken(actor: Any, content: bytes, name: str = "Music shop") -> Intake:
    intake = actions.take_report(actor=actor, mapping=mapping(name), name="report.csv", content=content)
    intake.refresh_from_db()
    return intake


def booked(actor: Any, content: bytes, name: str = "Music shop") -> Intake:
    """Taken, and booked as a worker does it."""
    intake = taken(actor, content, name)
    assert intake.problems == []
    actions.book_report(actor=actor, intake=intake)
    actions.run_report(intake_id=intake.pk)
    intake.refresh_from_db()
    return intake

"""Chapter: a shop's report is booked by its mapping; one row waits in suspense, and another file has a problem."""

from __future__ import annotations

from datetime import date, timedelta

from hitrecord.demo.story.stage import Stage
from hitrecord.demo.world import periods
from royalties import actions
from royalties.models import Mapping

HEADER = "date,item type,item name,currency,item total,transaction fee,bandcamp transaction id\n"
# What the shop calls it, which nobody has told the site yet.
THEIRS = "Nachtfähre (Lieder)"


def shop(stage: Stage) -> None:
    """What came in since the last statement was drafted."""
    dana = stage.artist(periods.DRAFT.approver)
    mapping = Mapping.objects.newest().get(name="Music shop")
    title = str(stage.production(periods.DRAFT.project).title)
    days = [stage.today - timedelta(days=back) for back in (6, 5, 4, 3)]
    with stage.on(-2):
        first = actions.take_report(
            actor=dana,
            mapping=mapping,
            name="shop-sales.csv",
            content=_report(
                [
                    (days[0], "album", title, "12.00", "1.20", "4411907"),
                    (days[1], "album", title, "15.00", "1.50", "4411954"),
                    (days[2], "refund", title, "-12.00", "", "4412003"),
                    (days[3], "album", THEIRS, "20.00", "2.00", "4412077"),
                ]
            ),
        )
        actions.book_report(actor=dana, intake=first)
        actions.run_report(intake_id=first.pk)
    with stage.on(-1):
        actions.take_report(
            actor=dana,
            mapping=mapping,
            name="shop-sales-corrected.csv",
            content=_report(
                [
                    (days[0], "album", title, "13.00", "1.20", "4411907"),
                    (days[3], "download", title, "5.00", "0.50", "4412101"),
                ]
            ),
        )


def _report(rows: list[tuple[date, str, str, str, str, str]]) -> bytes:
    lines = [
        f"{day:%m/%d/%y} 10:15am,{kind},{title},USD,{total},{fee},{number}\n"
        for day, kind, title, total, fee, number in rows
    ]
    return (HEADER + "".join(lines)).encode()

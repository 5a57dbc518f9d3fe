"""What providers have told of payments before a report is read; only for taking it in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Q

from royalties.models import ReportRow, RowVerdict
from royalties.payouts.reports import Reported


@dataclass(slots=True)
class Told:
    """The news of one provider that counts, of earlier reports and of the rows of this one that are read."""

    facts: set[str] = field(default_factory=set)

    def knows(self, news: Reported) -> bool:
        """Whether this very thing was told before."""
        return news.fact in self.facts


def told_by(provider: str, rows: Collection[Reported]) -> Told:
    """What this provider told of these payments so far.

    A report that a verdict found to be wrong told nothing, nor did whatever repeated it before that verdict.
    """
    facts, items = {row.fact for row in rows}, {row.item for row in rows}
    before = ReportRow.objects.told_by(provider).filter(Q(fact__in=facts) | Q(payout__code__in=items))
    before = before.select_related("report", "payout", "verdict").order_by("pk")
    verdicts = [row.verdict for row in before if hasattr(row, "verdict")]
    is_wrong = RowVerdict.Outcome.REPORT_WRONG
    wrong = {verdict.row.fact: verdict.decided_at for verdict in verdicts if verdict.outcome == is_wrong}
    told = Told()
    for row in before:
        decided_at = wrong.get(row.fact)
        if decided_at is not None and row.report.taken_at <= decided_at:
            continue
        told.facts.add(row.fact)
    return told

"""Rows held against the events that were recorded when they came: nothing else says what stood in them.

An event is append only like its row, and beside the ledger. What an event does not tell, since it is older than its telling,
is compared with nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.db.models import Model

from profiles.models import Event
from profiles.models.event import topic_of
from royalties.models import (
    Mapping,
    PayoutReport,
    ProductionName,
    Publication,
    ReportRow,
    Revision,
    TaxForm,
    WithholdingRate,
)
from royalties.money import Money
from royalties.payouts.reports import Reported

AT_ONCE = 1000
ASKED = (
    "royalties.statement_drafted",
    "royalties.correction_drafted",
    "royalties.statement_recomputed",
    "royalties.revision_begun",
)
COMPUTED = "royalties.statement_computed"


class Told(NamedTuple):
    """Rows of a kind: the verb of their event, and what it tells of one."""

    model: type[Model]
    verb: str
    facts: Callable[[Any], dict[str, Any]]


TOLD = (
    Told(
        WithholdingRate,
        "royalties.rate_entered",
        lambda row: {
            "authority": row.authority,
            "country": row.country,
            "rate_bps": row.rate_bps,
            "from": row.valid_from.isoformat(),
        },
    ),
    Told(ProductionName, "royalties.production_named", lambda row: {"production": row.production_id}),
    # Those that came with the site were added by nobody.
    Told(
        Mapping, "royalties.mapping_added", lambda row: {"rules_sha256": row.rules_sha256} if row.created_by_id else {}
    ),
)


def validate_rows_are_what_was_recorded() -> Iterator[str]:
    """A rate of tax, a provider's name and a mapping say what their events do; so do who drafted and who published."""
    for told in TOLD:
        events: dict[str, dict[str, Any]] = {}
        for topic, payload in Event.objects.filter(verb=told.verb).order_by("pk").values_list("topic", "payload"):
            events.setdefault(topic, payload)
        for row in told.model._base_manager.order_by("pk").iterator(AT_ONCE):
            facts, event = told.facts(row), events.pop(topic_of(row), None)
            if event is None and facts:
                yield f"{told.model._meta.verbose_name} {row.pk} came without an event"
            elif event is not None and any(event.get(name, fact) != fact for name, fact in facts.items()):
                yield f"{told.model._meta.verbose_name} {row.pk} is not what was recorded when it came"
        yield from (f"{told.model._meta.verbose_name} {gone.split(':')[1]} is gone" for gone in events)
    signed = Event.objects.filter(verb="royalties.tax_form_signed").values_list("payload__form", flat=True)
    for gone in sorted(set(signed) - set(TaxForm.objects.values_list("pk", flat=True)) - {None}):
        yield f"tax form {gone} is gone"
    yield from _revisions()
    yield from _publications()


def _revisions() -> Iterator[str]:
    """Who asked last for what was computed is its drafter; four eyes rest on that."""
    asked: dict[str, Event] = {}
    computed: dict[int, tuple[Event, Event | None]] = {}
    for event in Event.objects.filter(verb__in=[*ASKED, COMPUTED]).order_by("pk").iterator(AT_ONCE):
        if event.verb != COMPUTED:
            asked[event.topic] = event
        elif isinstance(number := event.payload.get("revision"), int):
            computed.setdefault(number, (event, asked.get(event.topic)))
    rows = Revision.objects.defer("input_bytes", "result_bytes").order_by("pk")
    for revision in rows.iterator(AT_ONCE):
        known = computed.get(revision.pk)
        if known is None or known[1] is None or known[0].topic != f"statement:{revision.statement_id}":
            yield f"revision {revision.pk} was computed by no event of its statement"
            continue
        event, begun = known[0], known[1]
        if begun.actor_id != revision.drafted_by_id:
            yield f"revision {revision.pk} was drafted by somebody else than it says"
        if event.payload.get("result_sha256") != revision.result_sha256:
            yield f"revision {revision.pk} has another result than was computed"
        if begun.payload.get("reason", revision.reason).strip() != revision.reason:
            yield f"revision {revision.pk} has another reason than was given"


def _publications() -> Iterator[str]:
    told: dict[tuple[str, object], Event] = {}
    for event in Event.objects.filter(verb="royalties.statement_published").order_by("pk").iterator(AT_ONCE):
        told.setdefault((event.topic, event.payload.get("revision")), event)
    for row in Publication.objects.order_by("pk").values_list(
        "pk", "statement", "number", "published_by", "revision__input_sha256", "revision__statement", "revision__number"
    ):
        number, statement, place, by, sha256, own_statement, own_place = row
        found = told.pop((f"statement:{statement}", place), None)
        is_own = (statement, place) == (own_statement, own_place)
        if found is None or not is_own or (found.actor_id, found.payload.get("input_sha256")) != (by, sha256):
            yield f"publication {number} is not what was recorded when statement {statement} was published"
    for topic, gone in told:
        yield f"publication {gone} of {topic.replace(':', ' ')} is gone"


def validate_report_rows_are_what_was_told() -> Iterator[str]:
    """A row of a report has the hash of its own words, and a report as many rows of each outcome as when it was taken."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    names = "number", "item", "reference", "status", "fact", "outcome", "payout__code"
    rows = ReportRow.objects.order_by("pk").values_list("report", "amount_minor", "currency", *names)
    for report, minor, currency, number, item, reference, status, fact, outcome, payout in rows.iterator(AT_ONCE):
        found[report][outcome] += 1
        words = (number, item, reference, status, Money(minor, currency))
        if fact not in {Reported(*words, is_payment=is_payment).fact for is_payment in (True, False)}:
            yield f"line {number} of report {report} does not have the hash of its words"
        if payout is not None and payout != item:
            yield f"line {number} of report {report} names {item}, and stands for payout {payout}"
    taken = Event.objects.filter(verb="royalties.report_taken", topic__startswith="payoutreport:").order_by("pk")
    told: dict[str, dict[str, int]] = {}
    for topic, payload in taken.values_list("topic", "payload"):
        told.setdefault(topic, payload)
    for report in PayoutReport.objects.defer("content_encrypted").order_by("pk").iterator(AT_ONCE):
        counts = found.get(report.pk, Counter())
        if told.get(topic_of(report)) != dict(counts) or report.row_count != counts.total():
            yield f"report {report.pk} has rows of other outcomes than when it was taken"

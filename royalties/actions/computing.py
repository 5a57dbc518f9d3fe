"""The computation of a statement, as a worker runs it.

It may be killed, repeated or overtaken at any point: a run writes only while it is the run
that is wanted, and only once. Progress stands on the statement's row.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from profiles.actions import record_event
from profiles.models import Event
from profiles.models.event import topic_of
from projects.cuesheet import proportional
from projects.models import Cue, Kind
from royalties import tasks
from royalties.actions.guards import clock
from royalties.actions.payees import payees_for
from royalties.allocation import AllocationRefused, allocate, canonical_bytes, sha256_hex
from royalties.document import build_input
from royalties.exceptions import CannotCompute
from royalties.models import AllocationLine, Payee, Revision, Statement, StatementLine, WhatIf
from royalties.revision_rows import items_of, lines_of

Stage = Statement.Stage
OVER = (Stage.DONE, Stage.FAILED)
BATCH = 5000
SECTION = "departments of "
SENT_AGAIN = "royalties.computation_sent_again"
SILENT_FOR = dt.timedelta(minutes=5)
MOST_DOUBLED = 6
TRIED_FOR = dt.timedelta(days=1)


def compute_statement(*, statement_id: int, run: int) -> Revision | None:
    """Read, divide and store one run; None where it was overtaken or is already done.

    What cannot be computed is said on the statement, in the words of the refusal.
    """
    statement = Statement.objects.select_related("production__project", "cut").get(pk=statement_id)
    if statement.run != run or statement.stage in OVER:
        return None
    try:
        _progress(statement, Stage.GATHERING, 10)
        document = build_input(statement, payees_for)
        _require_same_tables(statement, document)
        _progress(statement, Stage.ALLOCATING, 40)
        result = allocate(document)
        _progress(statement, Stage.WRITING, 70)
        return _store(statement, document, result)
    except (CannotCompute, AllocationRefused) as problem:
        _fail(statement, str(problem))
        return None


@transaction.atomic
def resume_computations(*, now: dt.datetime | None = None) -> int:
    """Send again what has waited for minutes, its message lost or its worker gone; how many.

    Nothing is harmed where it is under way after all: a run writes once, whoever ends it first. A message that no worker
    has begun by the next time is thrown away, so that a long queue does not grow.
    """
    moment = clock(now)
    options = {"expires": SILENT_FOR.total_seconds()}
    # What was withdrawn meanwhile is wanted by nobody. A row that is locked is just being written, or another sweep has it.
    wanted = Statement.objects.exclude(stage__in=OVER).exclude(status=Statement.Status.WITHDRAWN)
    under_way = wanted.select_for_update(skip_locked=True)
    silent = [statement for statement in under_way.order_by("pk") if _is_silent(statement, moment)]
    for statement in silent:
        record_event(actor=None, verb=SENT_AGAIN, about=statement, payload={"run": statement.run})
        tasks.compute_statement.apply_async_on_commit((statement.pk, statement.run), **options)
    tried = WhatIf.objects.exclude(stage__in=[WhatIf.Stage.DONE, WhatIf.Stage.FAILED])
    lost = tried.filter(created_at__range=(moment - TRIED_FOR, moment - SILENT_FOR))
    for pk in (what_ifs := list(lost.values_list("pk", flat=True))):
        tasks.compute_what_if.apply_async_on_commit((pk,), **options)
    return len(silent) + len(what_ifs)


def _is_silent(statement: Statement, moment: dt.datetime) -> bool:
    """Whether nothing was heard of it for long enough: who asks for a run leaves an event, and so does sending it again.

    Each time it is given twice as long, lest one that cannot end is tried for ever.
    """
    heard = Event.objects.filter(topic=topic_of(statement))
    times = heard.filter(verb=SENT_AGAIN, payload__run=statement.run).count()
    last = heard.order_by("-pk").first()
    return last is None or last.at < moment - SILENT_FOR * 2 ** min(times, MOST_DOUBLED)


def _progress(statement: Statement, stage: str, percent: int) -> None:
    """Say how far this run is, unless it is over or overtaken."""
    going = Statement.objects.filter(pk=statement.pk, run=statement.run).exclude(stage__in=OVER)
    going.update(stage=stage, percent=percent)


def _require_same_tables(statement: Statement, document: dict[str, Any]) -> None:
    """While a statement is open its rate tables are those of its first publication, whatever was edited since.

    A correction keeps those of what it corrects.
    """
    kept = statement.corrects or statement
    first = kept.publications.order_by("number").select_related("revision").first()
    if first is None:
        return
    each = statement.production.project.kind == Kind.DVD
    changed = changed_tables(tables_of(first.revision.input), tables_of(document))
    changed += changed_parts(parts_of(first.revision.input, each=each), parts_of(document, each=each))
    if changed:
        raise CannotCompute(
            _("A rate table was changed while the statement is open (%(tables)s). It counts for later statements only.")
            % {"tables": ", ".join(changed)}
        )


def tables_of(document: dict[str, Any]) -> dict[str, Any]:
    """The rates of policy in a document by name: the artists' half, the parameters, each department table."""
    tables = {"pool_bps": document["money"]["pool_bps"], **document["params"]}
    if "sections" not in document:
        return tables | {"departments": document["departments"]}
    return tables | {f"{SECTION}{section}": table for section, table in document["departments"].items()}


def changed_tables(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """The tables that are not what they were, by name: changed, new or gone.

    A section may go, with its works, or come, such as a track that was missing; but it comes with a table that is
    published already.
    """
    changed = {name for name in before.keys() & now.keys() if before[name] != now[name]}
    changed |= {name for name in before.keys() ^ now.keys() if not name.startswith(SECTION)}
    published = [table for name, table in before.items() if name.startswith(SECTION)]
    come = now.keys() - before.keys()
    return sorted(changed | {name for name in come if name.startswith(SECTION) and now[name] not in published})


def parts_of(document: dict[str, Any], *, each: bool) -> dict[frozenset[str], int]:
    """What sections get of the whole in basis points, by their departments: those that share one are taken together.

    So an album's tracks are one part, whose lengths decide between them, and its sleeve another, which policy decides.
    With `each`, as the three of a DVD, every section is a part by itself, by its id.
    """
    parts: dict[frozenset[str], int] = {}
    for section in document.get("sections", []):
        table = document["departments"][section["id"]]
        names = frozenset([section["id"]] if each else (code for code, bps in table.items() if bps))
        weight = section["bps"]
        for other in [part for part in parts if part & names]:
            names, weight = names | other, weight + parts.pop(other)
        parts[names] = weight
    return parts


def changed_parts(before: dict[frozenset[str], int], now: dict[frozenset[str], int]) -> list[str]:
    """The parts that do not weigh what they did, by name; of one that has gone the others get its weight in proportion."""
    still = {part: [bps for other, bps in now.items() if part & other] for part in before}
    names = {"/".join(sorted(part)): part for part, weights in still.items() if weights}
    known = {name: before[part] for name, part in names.items()}
    expected = proportional(known) if sum(known.values()) else {}
    changed = [name for name, bps in sorted(expected.items()) if bps != sum(still[names[name]])]
    return [_("the part of %(section)s") % {"section": name} for name in changed]


@transaction.atomic
def _fail(statement: Statement, reason: str) -> None:
    touched = Statement.objects.filter(pk=statement.pk, run=statement.run).exclude(stage__in=OVER)
    if touched.update(stage=Stage.FAILED, failure=reason):
        record_event(actor=None, verb="royalties.computation_failed", about=statement)


@transaction.atomic
def _store(statement: Statement, document: dict[str, Any], result: dict[str, Any]) -> Revision | None:
    row = Statement.objects.select_for_update().get(pk=statement.pk)
    if row.run != statement.run or row.stage in OVER:
        return None
    number = row.current.number + 1 if row.current else 1
    attempt = row.revisions.filter(number=number).aggregate(last=Max("attempt"))["last"] or 0
    input_bytes, result_bytes = canonical_bytes(document), canonical_bytes(result)
    revision = Revision.objects.create(
        statement=row,
        number=number,
        attempt=attempt + 1,
        run=row.run,
        input_bytes=input_bytes,
        input_sha256=sha256_hex(input_bytes),
        result_bytes=result_bytes,
        result_sha256=sha256_hex(result_bytes),
        pool_minor=result["waterfall"]["pool"],
        payee_count=len(result["amounts"]),
        reason=row.run_reason,
        drafted_by_id=row.drafter_id,
    )
    _write_lines(revision, document, result)
    row.pending, row.stage, row.percent, row.failure = revision, Stage.DONE, 100, ""
    row.save(update_fields=["pending", "stage", "percent", "failure"])
    record_event(
        actor=None,
        verb="royalties.statement_computed",
        about=row,
        payload={"revision": revision.pk, "result_sha256": revision.result_sha256},
    )
    return revision


def _write_lines(revision: Revision, document: dict[str, Any], result: dict[str, Any]) -> None:
    """A row per payee by amount, and the items that explain it."""
    wanted = lines_of(document, result)
    payees = {payee.code: payee for payee in Payee.objects.filter(code__in=wanted)}
    lines = StatementLine.objects.bulk_create(
        [StatementLine(revision=revision, payee=payees[code], **row._asdict()) for code, row in wanted.items()],
        batch_size=BATCH,
    )
    line_of = dict(zip(wanted, lines, strict=True))
    cues = dict(Cue.objects.filter(cut=revision.statement.cut_id).values_list("position", "pk"))
    items = [
        AllocationLine(
            revision=revision,
            line=line_of[code],
            payee=payees[code],
            cue_id=cues[place],
            contribution_id=contribution,
            depth=depth,
            amount_minor=amount,
        )
        for (code, place, contribution, depth), amount in items_of(result).items()
    ]
    AllocationLine.objects.bulk_create(items, batch_size=BATCH)

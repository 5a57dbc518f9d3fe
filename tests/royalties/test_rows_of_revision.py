"""What is paid is what was computed: a line or an item that says something else is named, and never posted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, models, transaction
from django.db.models import F

from royalties import actions, checks
from royalties.actions.payees import payees_for
from royalties.exceptions import FiguresDiffer
from royalties.models import AllocationLine, StatementLine
from tests.royalties.conftest import closed, later
from tests.royalties.corrections import REASON, split_found_wrong
from tests.support.databases import Databases


@pytest.fixture
def superuser(committed_db: str, open_statement: Any, databases: Databases) -> Iterator[None]:
    """Somebody whom no trigger holds up; a statement is open for comment."""
    with databases.used(databases.url(committed_db).replace("//app@", "//postgres@")):
        yield


@contextmanager
def changed(row: models.Model, **values: Any) -> Iterator[None]:
    """This row with other values, behind the triggers; then it is as before."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"ALTER TABLE {row._meta.db_table} DISABLE TRIGGER USER")
        type(row)._base_manager.filter(pk=row.pk).update(**values)
        yield
        transaction.set_rollback(True)


def said() -> str:
    (outcome,) = checks.outcomes(["revisions_are_what_was_computed"])
    return " / ".join(outcome.breaches)


def line_changes(line: StatementLine, stranger: Any) -> list[dict[str, Any]]:
    return [
        {"payee": stranger},
        {"amount_minor": F("amount_minor") + 1},
        {"award_minor": 1},
        {"rank": 77},
        {"revision_id": line.revision_id + 1000},
    ]


def item_changes(item: AllocationLine, stranger: Any) -> list[dict[str, Any]]:
    other = AllocationLine.objects.exclude(line=item.line).earliest("pk")
    return [
        {"payee": stranger},
        {"line": other.line},
        {"amount_minor": F("amount_minor") - 1},
        {"cue": AllocationLine.objects.exclude(cue=item.cue).earliest("pk").cue},
        {"contribution_id": item.contribution_id + 1000},
        {"depth": 9},
        {"revision_id": item.revision_id + 1000},
    ]


def test_a_row_that_says_something_else_is_named_whatever_its_state(
    superuser: None, open_statement: Any, charlie: Any
) -> None:
    stranger = payees_for([charlie])[charlie.pk]
    line, item = StatementLine.objects.earliest("pk"), AllocationLine.objects.earliest("pk")
    assert said() == ""
    for values in line_changes(line, stranger):
        with changed(line, **values):
            assert (f"statement line {line.pk} " in said()) is ("revision_id" not in values), values
            assert f"revision {line.revision_id}: " in said()
            assert line.payee.code in said()
    for values in item_changes(item, stranger):
        with changed(item, **values):
            words = f"revision {item.revision_id}: allocation line {item.pk} of payee"
            gone = f"payee {item.payee.code} has no allocation line for L"
            assert (words in said()) is ("revision_id" not in values), values
            assert (gone in said()) or "line" in values or "amount_minor" in values


def test_what_was_changed_behind_our_back_is_not_posted(
    superuser: None, open_statement: Any, charlie: Any, sam: Any, dana: Any
) -> None:
    stranger = payees_for([charlie])[charlie.pk]
    final = closed(open_statement, sam)
    line, item = StatementLine.objects.earliest("pk"), AllocationLine.objects.earliest("pk")
    for row, values in (
        *((line, values) for values in line_changes(line, stranger)),
        *((item, values) for values in item_changes(item, stranger)),
    ):
        with changed(row, **values), pytest.raises(FiguresDiffer):
            actions.post_statement(actor=dana, statement=final, now=later(final))
    actions.post_statement(actor=dana, statement=final, now=later(final))
    final.refresh_from_db()
    assert (final.status, said()) == ("posted", "")


def test_a_correction_is_not_reckoned_from_rows_that_were_changed(
    superuser: None, open_statement: Any, bob: Any, charlie: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    original = closed(open_statement, sam)
    actions.post_statement(actor=dana, statement=original, now=later(original))
    with transaction.atomic():
        split_found_wrong(original, bob, charlie)
    with finish_jobs():
        correction = actions.draft_correction(actor=sam, statement=original, funding="house", reason=REASON)
    correction.refresh_from_db()
    actions.submit_for_review(actor=sam, statement=correction)
    actions.publish(actor=dana, statement=correction)
    correction.refresh_from_db()
    closed(correction, sam)
    line = original.current.lines.earliest("pk")
    with changed(line, payee=payees_for([charlie])[charlie.pk]), pytest.raises(FiguresDiffer, match="statement line"):
        actions.post_statement(actor=dana, statement=correction, now=later(correction))
    actions.post_statement(actor=dana, statement=correction, now=later(correction))
    assert said() == ""
